// One operation from its begin to its end: a Call is made, the backend lets the plugin work with it, and what the
// plugin reported is judged.
#include <algorithm>
#include <array>

#include "msp/host/host.hpp"
#include "work/connection_state.hpp"
#include "work/trace.hpp"

namespace msp::host {
namespace {

using Clock = Call::Clock;
using namespace std::chrono_literals;

constexpr std::size_t kKeptCalls = 8;

std::string in_words(std::chrono::milliseconds time) {
   return time % 1s == 0ms ? std::to_string(time / 1s) + " s" : std::to_string(time.count()) + " ms";
}

std::optional<Interruption> interruption(const std::stop_token& cancel, Clock::time_point deadline,
                                         Clock::time_point at, std::chrono::milliseconds timeout) {
   if (cancel.stop_requested())
      return Interruption{Outcome::cancelled,
                          Finding{"host.cancelled", "The check was cancelled.", "Start it again when you are ready."}};
   if (at >= deadline)
      return Interruption{Outcome::timed_out,
                          Finding{"host.deadline", "There was no complete answer within " + in_words(timeout) + ".",
                                  "Try again later, or allow more time."}};
   return std::nullopt;
}

// "POST https://api.example.com/token?grant=... (93 bytes)", without any value of a header, a body or the query.
std::string line_of(const HttpRequest& request) {
   std::string line = request.method + ' ';
   bool in_value = false;
   bool in_query = false;
   for (const char c : request.url) {
      in_query |= c == '?';
      if (in_value && c != '&') continue;
      in_value = in_query && c == '=';
      line += c;
      if (in_value) line += "...";
   }
   if (request.body.size() > 0) line += " (" + std::to_string(request.body.size()) + " bytes)";
   return line;
}

// "401, 63 bytes, 57 ms", or "net.connect after 12 ms".
std::string line_of(const HttpResponse& answer) {
   const std::string time = std::to_string(answer.elapsed.count()) + " ms";
   if (answer.outcome != Outcome::accepted) return answer.problem.code + " after " + time;
   return std::to_string(answer.status) + (answer.cut ? ", cut" : "") + ", " + std::to_string(answer.body.size()) +
          " bytes, " + time;
}

std::uint32_t flags_of(const OperationOptions& options) {
   return (options.session_rejected ? MSP_CALL_REJECTED : 0U) | (options.attended ? MSP_CALL_ATTENDED : 0U);
}

std::int64_t now_of(const OperationOptions& options) {
   if (options.now != 0) return options.now;
   return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

OperationReport unusable(const LoadedPlugin& plugin) {
   OperationReport report;
   report.findings.push_back(Finding{
       "plugin.defect",
       "The plugin " + plugin.manifest.name + " failed in an earlier operation and is not trusted with another.",
       plugin.left_behind ? "Restart the console, then try again." : "Start a new check."});
   return report;
}

}  // namespace

std::string_view name(Operation operation) noexcept {
   static constexpr std::array<std::string_view, 5> kNames{"validate_credentials", "check_permissions", "authenticate",
                                                           "sign", "sign_out"};
   return kNames[static_cast<std::size_t>(operation)];
}

ConnectionState::ConnectionState(std::shared_ptr<LoadedPlugin> plugin_state, CheckedSettings checked)
    : plugin(std::move(plugin_state)),
      settings(std::move(checked)),
      hosts(plugin->manifest, settings.values()),
      secrets(plugin->runtime->redactor) {
   for (const auto& [id, secret] : settings.secrets()) secrets.add(secret.view());
   for (const auto& [id, value] : settings.values()) secrets.make_public(value);
}

ConnectionState::~ConnectionState() = default;

const std::shared_ptr<Call>& ConnectionState::keep(std::shared_ptr<Call> call) {
   if (calls.size() == kKeptCalls) calls.pop_front();
   return calls.emplace_back(std::move(call));
}

Connection::Connection(std::shared_ptr<ConnectionState> state) noexcept : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

void Connection::rest() {
   const std::lock_guard serial(state_->serial);
   state_->backend->rest();
}

OperationReport Connection::run(Operation operation, const OperationOptions& options) {
   const std::lock_guard serial(state_->serial);
   LoadedPlugin& plugin = *state_->plugin;
   if (!state_->usable || plugin.left_behind) return unusable(plugin);

   const LogScope scope(options.correlation_id);
   const auto start = Clock::now();
   const auto deadline = start + options.timeout;
   const auto trace = options.trace ? std::make_shared<Trace>() : nullptr;
   const auto send = [&plugin, trace, runtime = plugin.runtime](auto requests, auto until, const auto& cancel) {
      std::vector<std::string> lines;
      if (runtime->logs(MSP_LOG_DEBUG)) {
         for (const HttpRequest& request : requests) lines.push_back(line_of(request));
      }
      auto answers = trace ? trace->perform(runtime->http, requests, until, cancel)
                           : runtime->http.perform(requests, until, cancel);
      for (std::size_t i = 0; i < lines.size(); ++i)
         runtime->log(
             MSP_LOG_DEBUG, plugin.manifest.id,
             runtime->redactor.redact_foreign(lines[i], Redactor::End::is_whole) + " -> " + line_of(answers[i]));
      return answers;
   };
   // Later operations on this connection find the value, too.
   const auto keep = [settings = &state_->settings, durably = options.keep](const std::string& field,
                                                                            SecretBytes value) -> Result<void> {
      if (durably) {
         if (auto kept = durably(field, value); !kept) return kept;
      }
      settings->keep(field, std::move(value));
      return {};
   };
   const auto call = state_->keep(std::make_shared<Call>(
       plugin, state_->settings, state_->hosts, state_->secrets, send,
       Call::Terms{operation, deadline, options.cancel, options.on_progress, flags_of(options), now_of(options),
                   options.browser, options.person_timeout, keep, options.to_sign,
                   options.language.empty() ? plugin.manifest.language : options.language}));

   plugin.runtime->operations.enter();
   struct Leave {
      Gauge& gauge;
      ~Leave() { gauge.leave(); }
   } const leave{plugin.runtime->operations};
   OperationEnd end = state_->backend->run(operation, call, {options.cancel, options.correlation_id, state_});
   if (end.fault) state_->usable = false;
   OperationReport report;
   if (end.returned_at && end.fault) {
      call->note(std::move(*end.fault));
      report = call->close(MSP_FAILED);
   } else {
      const auto at = end.returned_at.value_or(Clock::now());
      report = call->close(end.outcome, interruption(options.cancel, call->deadline(), at, options.timeout));
      if (end.fault) report.findings.push_back(std::move(*end.fault));
   }
   if (trace) report.requests = trace->take();
   for (SentRequest& request : report.requests) take_secrets_out(request, plugin.runtime->redactor);
   report.elapsed = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - start);
   report.waited_for_person =
       std::min(report.elapsed, std::chrono::ceil<std::chrono::milliseconds>(call->deadline() - deadline));
   plugin.runtime->log(MSP_LOG_INFO, plugin.manifest.id,
                       std::string(name(operation)) + ": " + std::string(name(report.outcome)) + " after " +
                           std::to_string(report.elapsed.count()) + " ms");
   return report;
}

}  // namespace msp::host
