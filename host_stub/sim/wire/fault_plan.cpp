#include "sim/wire/fault_plan.hpp"

#include "sim/scenario_reader.hpp"

namespace msp::sim {
namespace {

constexpr const char* kPage =
    "<!DOCTYPE html><html><head><title>Please wait</title></head>"
    "<body><h1>We will be right back</h1></body></html>";

bool matches(const FaultRule& rule, const Request& request) {
   if (!rule.method.empty() && rule.method != request.method) return false;
   if (!rule.host.empty() && to_lower(rule.host) != request.host()) return false;
   if (request.body.find(rule.body_part) == std::string::npos) return false;
   return to_lower(request.path).starts_with(to_lower(rule.path_prefix));
}

}  // namespace

FaultRule read_fault(ScenarioReader& reader) {
   FaultRule rule;
   reader.object("match", [&](ScenarioReader& match) {
      match.text("method", rule.method);
      match.text("host", rule.host);
      match.text("path", rule.path_prefix);
      match.text("body", rule.body_part);
   });
   reader.count("after", rule.after);
   reader.count("times", rule.times);
   reader.count("at_once", rule.at_once);
   using Kind = FaultRule::Kind;
   if (!reader.has("fault")) reader.fail("fault", "is missing.");
   reader.choice("fault", rule.kind,
                 {{"reset", Kind::reset},
                  {"silent", Kind::silent},
                  {"lost", Kind::lost},
                  {"slow", Kind::slow},
                  {"truncated", Kind::truncated},
                  {"html", Kind::html},
                  {"status", Kind::status}});
   unsigned milliseconds = 1000;
   reader.count("ms", milliseconds);
   rule.slow_by = std::chrono::milliseconds(milliseconds);

   const bool is_page = rule.kind == Kind::html;
   rule.instead = is_page ? Reply::html(kPage) : Reply::json("", 503);
   reader.count("status", rule.instead.status);
   if (rule.instead.status < 200 || rule.instead.status > 599) reader.fail("status", "must be from 200 to 599.");
   reader.text("body", rule.instead.body);
   Headers headers;
   reader.pairs("headers", headers);
   for (const auto& [name, value] : headers) rule.instead.set_header(name, value);
   return rule;
}

FaultPlan::FaultPlan(std::vector<FaultRule> rules, std::chrono::milliseconds latency)
    : rules_(std::move(rules)), latency_(latency), seen_(rules_.size()), taken_(rules_.size()) {}

FaultPlan::Met FaultPlan::meet(const Request& request) {
   Met met;
   const std::scoped_lock lock(mutex_);
   for (std::size_t i = 0; i < rules_.size(); ++i) {
      const FaultRule& rule = rules_[i];
      if (!matches(rule, request)) continue;
      const std::size_t turn = seen_[i]++;
      if (turn < rule.after || (rule.times != 0 && turn >= rule.after + rule.times)) continue;
      if (auto place = take_place(i)) {
         met.places.push_back(std::move(place));
         continue;
      }
      met.rule = &rule;
      break;
   }
   return met;
}

// Empty if there is none. REQUIRES: mutex_ is held.
std::shared_ptr<const void> FaultPlan::take_place(std::size_t rule) {
   if (taken_[rule] >= rules_[rule].at_once) return nullptr;
   ++taken_[rule];
   return {this, [this, rule](FaultPlan*) {
              const std::scoped_lock lock(mutex_);
              --taken_[rule];
           }};
}

Reply FaultPlan::answer(const Request& request, const std::function<Reply(const Request&)>& platform) {
   using Kind = FaultRule::Kind;
   Met met = meet(request);
   const FaultRule* rule = met.rule;
   const bool reaches_platform =
       rule == nullptr || rule->kind == Kind::lost || rule->kind == Kind::slow || rule->kind == Kind::truncated;
   Reply reply = reaches_platform ? platform(request) : rule->instead;
   reply.delay += latency_;
   if (!met.places.empty()) {
      met.places.push_back(std::move(reply.under_way));
      reply.under_way = std::make_shared<std::vector<std::shared_ptr<const void>>>(std::move(met.places));
   }
   if (rule == nullptr) return reply;
   if (rule->kind == Kind::reset || rule->kind == Kind::lost) reply.fault = Fault::reset;
   if (rule->kind == Kind::silent) reply.fault = Fault::silent;
   if (rule->kind == Kind::truncated) reply.fault = Fault::truncated;
   if (rule->kind == Kind::slow) reply.delay += rule->slow_by;
   return reply;
}

}  // namespace msp::sim
