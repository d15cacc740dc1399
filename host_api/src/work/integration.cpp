#include "msp/host/integration.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "base/text.hpp"
#include "contract/defect.hpp"
#include "msp/host.h"
#include "msp/host/correlation_id.hpp"
#include "net/request_path.hpp"
#include "net/request_rules.hpp"
#include "work/session_keeper.hpp"
#include "work/session_request.hpp"

namespace msp::host {
namespace {

using Clock = SessionKeeper::Clock;

// Counted, so that a Host that is destroyed waits for it.
class Counted {
 public:
   explicit Counted(Gauge& gauge) : gauge_(gauge) { gauge_.enter(); }
   ~Counted() { gauge_.leave(); }
   Counted(const Counted&) = delete;
   Counted& operator=(const Counted&) = delete;

 private:
   Gauge& gauge_;
};

SessionKeeper::Limits limits_of(const RequestOptions& options) {
   return {Clock::now() + options.timeout, options.cancel, new_correlation_id(), options.attended};
}

HttpRequest message_of(const Request& request, const RequestOptions& options) {
   HttpRequest message;
   message.method = request.method;
   for (const auto& [name, value] : request.headers) message.headers.emplace_back(name, SecretBytes(value));
   message.body = SecretBytes(request.body);
   message.body_max = options.body_max;
   return message;
}

Response without_answer(Outcome outcome, std::vector<Finding> findings) {
   Response response;
   response.outcome = outcome;
   response.findings = std::move(findings);
   return response;
}

Response not_allowed(const std::string& why) {
   return without_answer(Outcome::invalid_settings,
                         {Finding{"host.request_invalid", "The request is not allowed: " + why + ". Nothing was sent.",
                                  "Correct the request."}});
}

Response only_in_body(const Manifest& manifest) {
   Finding finding{"host.request_invalid",
                   manifest.name + " takes the session in the body of each request, where only a console that knows " +
                       manifest.name + " can write it. Nothing was sent.",
                   "Use what the console offers for this platform."};
   finding.field = "session";
   return without_answer(Outcome::invalid_settings, {std::move(finding)});
}

Response failed(const std::exception& error) {
   return without_answer(Outcome::failed,
                         {own_failure("The console could not go on with the request", error,
                                      "Try again; if it happens again, report it to the console's vendor.")});
}

Response answered(HttpResponse answer) {
   if (answer.outcome != Outcome::accepted) return without_answer(answer.outcome, {std::move(answer.problem)});
   Response response{Outcome::accepted, answer.status, {}, std::string(answer.body.view()), {}};
   for (const auto& [name, value] : answer.headers) response.headers.emplace_back(name, value.view());
   return response;
}

// What can be told before there is a session.
Result<void> judge(const Request& request, const RequestOptions& options) {
   const auto refused = [](std::string why) { return Finding{"input.invalid", std::move(why), {}}; };
   if (const auto path = judge_path(request.path); !path) return refused("its path " + path.finding().summary);
   for (const auto& [name, value] : request.headers)
      if (authenticates(name)) return refused("the header " + name + " comes with the session");
   return judge_message(message_of(request, options));
}

template <class Headers>
bool has_header(const Headers& headers, const std::string& name) {
   return std::ranges::any_of(headers, [&](const auto& header) { return equal_ignoring_case(header.first, name); });
}

}  // namespace

struct Integration::State {
   State(std::shared_ptr<Plugin> owner, Settings settings, IntegrationOptions options)
       : plugin(std::move(owner)),
         runtime(plugin->state()->runtime),
         keeper(plugin, runtime->redactor, std::move(settings), std::move(options)) {}

   Response send(const Request& request, const RequestOptions& options);
   Response attempt(const Request& request, const RequestOptions& options, const SessionKeeper::Limits& limits,
                    const Session& session);

   const std::shared_ptr<Plugin> plugin;
   const std::shared_ptr<Runtime> runtime;
   SessionKeeper keeper;
};

Response Integration::State::attempt(const Request& request, const RequestOptions& options,
                                     const SessionKeeper::Limits& limits, const Session& session) {
   if (session.in_body && !request.carries_session) return only_in_body(plugin->manifest());
   static const Session kNothing;
   const Session& sent = session.in_body ? kNothing : session;
   for (const auto& [name, value] : request.headers)
      if (has_header(sent.headers, name) && !describes_content(name))
         return not_allowed("the header " + name + " comes with the session");
   std::array<HttpRequest, 1> message{message_of(request, options)};
   message[0].url = with_query(address_below(session.base_url, request.path), sent.query);
   if (message[0].url.empty()) return not_allowed("its path leads outside of the platform's base address");
   for (const auto& [name, value] : sent.headers)
      if (!has_header(request.headers, name)) message[0].headers.emplace_back(name, value.copy());
   if (session.is_signed) {
      OperationReport report = keeper.sign(to_sign(message[0], session), limits);
      if (report.outcome != Outcome::accepted) return without_answer(report.outcome, std::move(report.findings));
      add_signature(message[0], std::move(report.signature));
   }

   const auto start = Clock::now();
   Response response = answered(std::move(runtime->http.perform(message, limits.deadline, limits.cancel).front()));
   const auto elapsed = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - start);
   const LogScope scope(limits.correlation_id);
   if (!runtime->logs(MSP_LOG_INFO)) return response;
   runtime->log(
       MSP_LOG_INFO, plugin->manifest().id,
       request.method + " " +
           runtime->redactor.redact_foreign(request.path.substr(0, request.path.find('?')), Redactor::End::is_whole) +
           ": " +
           (response.status != 0 ? "HTTP " + std::to_string(response.status) : std::string(name(response.outcome))) +
           " after " + std::to_string(elapsed.count()) + " ms");
   return response;
}

Response Integration::State::send(const Request& request, const RequestOptions& options) {
   const SessionKeeper::Limits limits = limits_of(options);
   if (const auto allowed = judge(request, options); !allowed) return not_allowed(allowed.finding().summary);
   auto held = keeper.hold(request.session, limits);
   if (!held.session) return without_answer(held.outcome, std::move(held.findings));
   Response response = attempt(request, options, limits, held.session->session);
   if (request.carries_session) return response;
   if (response.status != 0 && held.session->session.ends_with(response.status)) {
      auto other = keeper.replace(held.session, response.status, limits);
      if (other.outcome == Outcome::refused) {
         response.outcome = Outcome::refused;
         response.findings = std::move(other.findings);
         return response;
      }
      if (other.outcome != Outcome::accepted) return without_answer(other.outcome, std::move(other.findings));
      if (!other.session) return response;
      held = std::move(other);
      response = attempt(request, options, limits, held.session->session);
   }
   if (response.status != 0 && !held.session->session.ends_with(response.status)) keeper.worked(*held.session);
   return response;
}

Integration::Integration(std::shared_ptr<Plugin> plugin, Settings settings, IntegrationOptions options)
    : state_(std::make_unique<State>(std::move(plugin), std::move(settings), std::move(options))) {}
Integration::~Integration() = default;

const Manifest& Integration::manifest() const noexcept { return state_->plugin->manifest(); }

CheckReport Integration::check(const CheckOptions& options) {
   const Counted counted(state_->runtime->operations);
   return state_->keeper.check(options);
}

Response Integration::request(const Request& request, const RequestOptions& options) {
   const Counted counted(state_->runtime->operations);
   try {
      return state_->send(request, options);
   } catch (const std::exception& error) {
      return failed(error);
   }
}

SessionReport Integration::session(const RequestOptions& options, const std::string& name) {
   const Counted counted(state_->runtime->operations);
   try {
      return state_->keeper.session(name, limits_of(options));
   } catch (const std::exception& error) {
      Response problem = failed(error);
      return {problem.outcome, std::move(problem.findings), {}};
   }
}

void Integration::drop_session() { state_->keeper.drop(); }
std::vector<Finding> Integration::refusal() const { return state_->keeper.refusal(); }
void Integration::forget_refusal() { state_->keeper.forget_refusal(); }

}  // namespace msp::host
