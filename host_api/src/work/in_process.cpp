#include "work/in_process.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/cancellable_wait.hpp"
#include "contract/defect.hpp"
#include "contract/plugin_call.hpp"
#include "contract/plugin_work.hpp"

namespace msp::host {
namespace {

using Clock = Call::Clock;

// Where the thread of an operation and the one that waits for it meet.
struct Meeting {
   std::mutex mutex;
   std::condition_variable_any ended;
   bool done = false;
   bool threw = false;
   msp_outcome outcome = MSP_FAILED;
   Clock::time_point at;
};

void work(const LoadedPlugin& plugin, msp_connection* connection, Call& call, Operation operation,
          std::string correlation_id, Meeting& meeting) {
   const LogScope scope(std::move(correlation_id));
   msp_outcome outcome = MSP_FAILED;
   bool threw = false;
   try {
      outcome = call_plugin(*plugin.table, operation, connection, call.table(), call.signing());
   } catch (...) {
      threw = true;
   }
   call.end();
   plugin.runtime->log_lines_left_out(plugin.manifest.id);
   const std::lock_guard lock(meeting.mutex);
   meeting.done = true;
   meeting.threw = threw;
   meeting.outcome = outcome;
   meeting.at = Clock::now();
   meeting.ended.notify_all();
}

// Whether the plugin returned: waits until then, until the deadline or a cancel and the grace that follows it.
bool wait(Meeting& meeting, const Call& call, const std::stop_token& cancel) {
   std::unique_lock lock(meeting.mutex);
   const auto returned = [&] { return meeting.done; };
   while (!cancel.stop_requested() && Clock::now() < call.deadline())
      if (wait_until(meeting.ended, lock, cancel, call.deadline(), returned)) return true;
   return meeting.ended.wait_until(lock, Clock::now() + kGrace, returned);
}

// The thread of a plugin that was left behind may end while the process does, when others take down what they share
// (OpenSSL's locks, for one): what it works with stays, so that the thread is never the last to hold it.
void keep_for_ever(std::shared_ptr<LoadedPlugin> plugin) {
   static std::mutex mutex;
   static auto& kept = *new std::vector<std::shared_ptr<LoadedPlugin>>;
   const std::lock_guard lock(mutex);
   kept.push_back(std::move(plugin));
}

class InProcess : public PluginBackend {
 public:
   InProcess(std::shared_ptr<LoadedPlugin> plugin, msp_connection* connection)
       : plugin_(std::move(plugin)), connection_(connection) {}
   ~InProcess() override;

   OperationEnd run(Operation operation, const std::shared_ptr<Call>& call, const Terms& terms) override;
   void rest() override {}

 private:
   const std::shared_ptr<LoadedPlugin> plugin_;
   msp_connection* const connection_;
};

InProcess::~InProcess() {
   void(MSP_CDECL * destroy)(msp_connection*) = plugin_->table->destroy;
   const PluginWork work(plugin_->runtime->options.watch, plugin_->manifest.id, plugin_->sha256, "destroy");
   try {
      destroy(connection_);
   } catch (...) {
      plugin_->runtime->log(MSP_LOG_ERROR, plugin_->manifest.id, "threw an exception from destroy (rule P4)");
   }
}

OperationEnd InProcess::run(Operation operation, const std::shared_ptr<Call>& call, const Terms& terms) {
   const auto meeting = std::make_shared<Meeting>();
   auto at_work = std::make_shared<PluginWork>(plugin_->runtime->options.watch, plugin_->manifest.id, plugin_->sha256,
                                               name(operation));
   // Through `alive` the thread has its share in this backend, too.
   std::thread worker([plugin = plugin_, connection = connection_, call, meeting, operation, at_work, terms] {
      work(*plugin, connection, *call, operation, terms.correlation_id, *meeting);
   });
   if (wait(*meeting, *call, terms.cancel)) {
      worker.join();
      if (meeting->threw) return {MSP_FAILED, meeting->at, defect(plugin_->manifest, "P4", "threw an exception")};
      return {meeting->outcome, meeting->at, {}};
   }
   if (!plugin_->left_behind.exchange(true)) keep_for_ever(plugin_);
   at_work->overdue();
   worker.detach();
   Finding finding = defect(plugin_->manifest, "P5", "did not return when it was told to");
   finding.remedy = "Restart the console before using this platform again. " + finding.remedy;
   return {MSP_FAILED, {}, std::move(finding)};
}

}  // namespace

Result<std::unique_ptr<PluginBackend>> connect_in_process(std::shared_ptr<LoadedPlugin> plugin) {
   const Manifest& manifest = plugin->manifest;
   if (plugin->left_behind)
      return Finding{
          "plugin.defect",
          "The plugin " + manifest.name + " did not return from an earlier operation and is not used again.",
          "Restart the console; if it happens again, report it to the plugin's vendor, " + manifest.vendor + '.'};
   // The same function without its promise not to throw: code from elsewhere may break it.
   msp_connection*(MSP_CDECL * create)(const msp_host*) = plugin->table->create;
   msp_connection* connection = nullptr;
   const PluginWork work(plugin->runtime->options.watch, manifest.id, plugin->sha256, "create");
   try {
      connection = create(plugin->host);
   } catch (...) {
      return defect(manifest, "P4", "threw an exception");
   }
   if (connection == nullptr) return defect(manifest, "P3", "made no connection");
   return std::unique_ptr<PluginBackend>(std::make_unique<InProcess>(std::move(plugin), connection));
}

}  // namespace msp::host
