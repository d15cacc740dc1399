#include <array>
#include <condition_variable>
#include <thread>

#include "base/cancellable_wait.hpp"
#include "contract/defect.hpp"
#include "contract/plugin_work.hpp"
#include "msp/host/host.hpp"
#include "work/connection_state.hpp"

namespace msp::host {
namespace {

using Clock = Call::Clock;
using namespace std::chrono_literals;

// What a plugin is given to return by itself after a cancel or the deadline; the rest of the 200 ms is ours.
constexpr auto kGrace = 150ms;
constexpr std::size_t kKeptCalls = 8;

// The same function without its promise not to throw: code from elsewhere may break it, and must not end the process.
using MayThrow = msp_outcome(MSP_CDECL*)(msp_connection*, const msp_call*);

MayThrow function(const msp_plugin& table, Operation operation) {
   switch (operation) {
      case Operation::validate_credentials:
         return table.validate_credentials;
      case Operation::check_permissions:
         return table.check_permissions;
      case Operation::authenticate:
         break;
   }
   return table.authenticate;
}

// Where the thread of an operation and the one that waits for it meet.
struct Meeting {
   std::mutex mutex;
   std::condition_variable_any ended;
   bool done = false;
   bool threw = false;
   msp_outcome outcome = MSP_FAILED;
   Clock::time_point at;
};

void work(const ConnectionState& state, Call& call, Operation operation, std::string correlation_id, Meeting& meeting) {
   const LogScope scope(std::move(correlation_id));
   msp_outcome outcome = MSP_FAILED;
   bool threw = false;
   try {
      outcome = function(*state.plugin->table, operation)(state.handle, call.table());
   } catch (...) {
      threw = true;
   }
   call.end();
   if (const std::uint32_t more = lines_left_out(); more > 0)
      state.plugin->runtime->log(MSP_LOG_WARNING, state.plugin->manifest.id,
                                 std::to_string(more) + " more log lines of this operation were left out");
   const std::lock_guard lock(meeting.mutex);
   meeting.done = true;
   meeting.threw = threw;
   meeting.outcome = outcome;
   meeting.at = Clock::now();
   meeting.ended.notify_all();
}

// Whether the plugin returned: waits until then, until the deadline or a cancel and the grace that follows it.
bool wait(Meeting& meeting, Clock::time_point deadline, const std::stop_token& cancel) {
   std::unique_lock lock(meeting.mutex);
   const auto returned = [&] { return meeting.done; };
   if (wait_until(meeting.ended, lock, cancel, deadline, returned)) return true;
   return meeting.ended.wait_until(lock, Clock::now() + kGrace, returned);
}

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
   static constexpr std::array<std::string_view, 3> kNames{"validate_credentials", "check_permissions", "authenticate"};
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

ConnectionState::~ConnectionState() {
   if (handle == nullptr) return;
   void(MSP_CDECL * destroy)(msp_connection*) = plugin->table->destroy;
   const PluginWork work(plugin->runtime->options.watch, plugin->manifest.id, plugin->sha256, "destroy");
   try {
      destroy(handle);
   } catch (...) {
      plugin->runtime->log(MSP_LOG_ERROR, plugin->manifest.id, "threw an exception from destroy (rule P4)");
   }
}

const std::shared_ptr<Call>& ConnectionState::keep(std::shared_ptr<Call> call) {
   if (calls.size() == kKeptCalls) calls.pop_front();
   return calls.emplace_back(std::move(call));
}

Connection::Connection(std::shared_ptr<ConnectionState> state) noexcept : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

OperationReport Connection::run(Operation operation, const OperationOptions& options) {
   const std::lock_guard serial(state_->serial);
   LoadedPlugin& plugin = *state_->plugin;
   if (!state_->usable || plugin.left_behind) return unusable(plugin);

   const LogScope scope(options.correlation_id);
   const auto start = Clock::now();
   const auto deadline = start + options.timeout;
   const auto send = [&plugin, runtime = plugin.runtime](auto requests, auto until, const auto& cancel) {
      std::vector<std::string> lines;
      for (const HttpRequest& request : requests) lines.push_back(line_of(request));
      auto answers = runtime->http.perform(requests, until, cancel);
      for (std::size_t i = 0; i < answers.size(); ++i)
         runtime->log(MSP_LOG_DEBUG, plugin.manifest.id, lines[i] + " -> " + line_of(answers[i]));
      return answers;
   };
   const auto call = state_->keep(std::make_shared<Call>(
       plugin, state_->settings, state_->hosts, state_->secrets, send,
       Call::Terms{operation, deadline, options.cancel, options.on_progress, flags_of(options), now_of(options)}));
   const auto meeting = std::make_shared<Meeting>();

   plugin.runtime->operations.enter();
   struct Leave {
      Gauge& gauge;
      ~Leave() { gauge.leave(); }
   } const leave{plugin.runtime->operations};
   auto at_work =
       std::make_shared<PluginWork>(plugin.runtime->options.watch, plugin.manifest.id, plugin.sha256, name(operation));
   std::thread worker([state = state_, call, meeting, operation, id = options.correlation_id, at_work] {
      work(*state, *call, operation, id, *meeting);
   });

   OperationReport report;
   if (wait(*meeting, deadline, options.cancel)) {
      worker.join();
      if (meeting->threw) {
         state_->usable = false;
         call->note(defect(plugin.manifest, "P4", "threw an exception"));
         report = call->close(MSP_FAILED);
      } else {
         report = call->close(meeting->outcome, interruption(options.cancel, deadline, meeting->at, options.timeout));
      }
   } else {
      state_->usable = false;
      plugin.left_behind = true;
      at_work->overdue();
      worker.detach();
      report = call->close(MSP_FAILED, interruption(options.cancel, deadline, Clock::now(), options.timeout));
      auto finding = defect(plugin.manifest, "P5", "did not return when it was told to");
      finding.remedy = "Restart the console before using this platform again. " + finding.remedy;
      report.findings.push_back(std::move(finding));
   }
   report.elapsed = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - start);
   plugin.runtime->log(MSP_LOG_INFO, plugin.manifest.id,
                       std::string(name(operation)) + ": " + std::string(name(report.outcome)) + " after " +
                           std::to_string(report.elapsed.count()) + " ms");
   return report;
}

}  // namespace msp::host
