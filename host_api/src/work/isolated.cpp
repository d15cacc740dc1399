#include <algorithm>
#include <charconv>
#include <mutex>

#include "base/plugin_defect.hpp"
#include "base/text.hpp"
#include "contract/defect.hpp"
#include "contract/host_table.hpp"
#include "isolation/debugger.hpp"
#include "isolation/needed_libraries.hpp"
#include "isolation/runner_keeper.hpp"
#include "library/loader_system.hpp"
#include "work/conversation.hpp"
#include "work/isolated.hpp"

namespace msp::host {
namespace {

using namespace isolation;
using Clock = Call::Clock;
using std::chrono::milliseconds;

std::string_view work_in_words(std::string_view work) {
   if (work == "load") return "while it was loaded";
   if (work == name(Operation::validate_credentials)) return "while it validated the credentials";
   if (work == name(Operation::check_permissions)) return "while it checked the permissions";
   if (work == name(Operation::sign)) return "while it signed a request";
   if (work == name(Operation::sign_out)) return "while it signed out";
   return "while it signed in";
}

std::string sent_in_words(int sent) {
   if (sent == 0) return " It had sent nothing to the platform.";
   return " Before that it had sent " + (sent == 1 ? std::string("a request") : std::to_string(sent) + " requests") +
          " to the platform.";
}

// How a plugin's process ended, for the administrator.
Finding explain(const RunnerEnd& end, const Manifest& manifest, std::string_view work, const std::string& sent) {
   if (end.how == RunnerEnd::forbidden) return defect(manifest, "P21", end.in_words());
   if (end.how == RunnerEnd::misspoke) return defect(manifest, "P21", "sent what no plugin sends");
   Finding finding{
       "plugin.crashed",
       "The plugin " + manifest.name + ' ' + end.in_words() + ' ' + std::string(work_in_words(work)) + '.' + sent,
       "Start a new check. If it happens again, report it to the plugin's vendor, " + manifest.vendor + '.'};
   if (end.how == RunnerEnd::hung) finding.code = "plugin.hung";
   if (end.how == RunnerEnd::exhausted) finding.code = "plugin.exhausted";
   return finding;
}

Finding form_too_large(const Manifest& manifest) {
   return {"host.internal", "The form's values are too large to be handed to the plugin " + manifest.name + '.',
           "Enter shorter values."};
}

// Windows' loader gives a number, that of other systems a sentence.
std::system_error load_error(const std::string& detail) {
   int number = 0;
   std::from_chars(detail.data(), detail.data() + detail.size(), number);
   return std::system_error(std::error_code(number, std::system_category()), detail);
}

// As runners read it, whatever the system's own code page is.
std::string utf8(const std::filesystem::path& path) {
   const std::u8string text = path.u8string();
   return {text.begin(), text.end()};
}

Finding not_startable(const NotStarted& why, const std::filesystem::path& file, const Manifest& manifest) {
   std::string detail = clean_text(why.detail, 512);
   // In the runner nothing can be opened any more: what was found before is there, everything else is not.
   constexpr std::string_view kDenied = "Permission denied";
   if (const auto at = detail.find(kDenied); why.refusal == Refused::not_loaded && at != std::string::npos)
      detail.replace(at, kDenied.size(), "No such file or directory");
   if (why.cause == NotStarted::ended) return explain(why.end, manifest, "load", {});
   if (why.cause == NotStarted::no_process) {
      return {"host.internal", "No process could be started for the plugin " + manifest.name + ": " + detail,
              "Check that this machine has memory and processes left for this user, then try again."};
   }
   switch (why.refusal) {
      case Refused::not_loaded:
         return explain_load_error(file, load_error(detail));
      case Refused::incompatible:
         return {"plugin.incompatible", detail, "Update the plugin, or the console, whichever is older."};
      case Refused::no_symbol:
         return plugin_defect("The library does not export " + detail + ", so it cannot be used as a plugin.");
      case Refused::defect:
         return plugin_defect(detail);
      case Refused::other_build:
         return {"host.internal", "The program that runs plugins was not built together with this console.",
                 "Install the console again."};
      default:
         return {"host.internal", "This computer cannot confine a plugin: " + detail,
                 "Use a system that can, or let the plugin run in the console's own process if you trust it."};
   }
}

class Runners : public Isolated, public std::enable_shared_from_this<Runners> {
 public:
   Runners(RunnerProgram program, const HostOptions& options, std::shared_ptr<PluginQuarantine> of_host,
           RunnerOptions of_runners)
       : load_timeout(options.load_timeout),
         quarantine(std::move(of_host)),
         keeper(std::move(program), std::move(of_runners)) {}

   Result<std::shared_ptr<PluginCode>> load(const std::shared_ptr<const LoadedPlugin>& plugin,
                                            const std::filesystem::path& file, std::string_view bytes) override;
   [[nodiscard]] std::vector<IsolationLayer> layers() const override {
      const std::lock_guard lock(mutex_);
      return layers_;
   }

   void took(const Runner& runner) {
      const std::lock_guard lock(mutex_);
      layers_.clear();
      for (const Layer& layer : runner.layers()) layers_.push_back({layer.name, layer.active, layer.detail});
   }
   void ended(const std::string& sha256, RunnerEnd::How how) {
      if (how == RunnerEnd::forbidden)
         quarantine->made_forbidden_call(sha256);
      else
         quarantine->ended_badly(sha256);
   }

   const milliseconds load_timeout;
   const std::shared_ptr<PluginQuarantine> quarantine;
   RunnerKeeper keeper;

 private:
   mutable std::mutex mutex_;
   std::vector<IsolationLayer> layers_;
};

class IsolatedCode : public PluginCode, public std::enable_shared_from_this<IsolatedCode> {
 public:
   IsolatedCode(std::shared_ptr<Runners> runners, const std::shared_ptr<const LoadedPlugin>& plugin, RunnerPlugin bytes)
       : runners_(std::move(runners)),
         runtime_(plugin->runtime),
         manifest_(plugin->manifest),
         sha256_(plugin->sha256),
         host_(make_host_table(plugin->runtime, plugin->manifest.id)),
         bytes_(std::move(bytes)) {}

   Result<std::unique_ptr<PluginBackend>> connect() override;

   // A process whose plugin is loaded; none after a cancel.
   Result<std::unique_ptr<Runner>> start(Clock::time_point deadline, const std::stop_token& cancel) {
      if (auto why = runners_->quarantine->finding(sha256_, manifest_)) return std::move(*why);
      const auto limit = bytes_.before_start ? Deadline::max() : Clock::now() + runners_->load_timeout;
      auto taken = runners_->keeper.take(bytes_, std::min(deadline, limit), cancel);
      if (const auto* why = std::get_if<NotStarted>(&taken)) {
         if (why->cause == NotStarted::cancelled) return std::unique_ptr<Runner>();
         if (why->cause == NotStarted::ended) runners_->ended(sha256_, why->end.how);
         return not_startable(*why, bytes_.path, manifest_);
      }
      auto runner = std::get<std::unique_ptr<Runner>>(std::move(taken));
      runners_->took(*runner);
      return runner;
   }
   // The same for a connection. A plugin that serves its second connection will serve a third: the next process is
   // made ready now.
   Result<std::unique_ptr<Runner>> take(Clock::time_point deadline, const std::stop_token& cancel) {
      auto runner = start(deadline, cancel);
      if (runner && runner.value() && connections_.fetch_add(1) > 0 &&
          runners_->keeper.ahead(bytes_.bytes->sha256()) == 0)
         runners_->keeper.start_ahead(bytes_);
      return runner;
   }
   void give_back(std::unique_ptr<Runner> runner) { runners_->keeper.give_back(bytes_, std::move(runner)); }

   Finding ended(const RunnerEnd& end, Operation operation, int sent) {
      runners_->ended(sha256_, end.how);
      return explain(end, manifest_, name(operation), sent_in_words(sent));
   }

   [[nodiscard]] const Manifest& manifest() const noexcept { return manifest_; }
   [[nodiscard]] const Runtime& runtime() const noexcept { return *runtime_; }
   [[nodiscard]] const msp_host& host() const noexcept { return host_; }

 private:
   const std::shared_ptr<Runners> runners_;
   const std::shared_ptr<Runtime> runtime_;
   const Manifest manifest_;
   const std::string sha256_;
   const msp_host& host_;
   const RunnerPlugin bytes_;
   std::atomic<int> connections_{0};  // that were served
};

class IsolatedBackend : public PluginBackend {
 public:
   explicit IsolatedBackend(std::shared_ptr<IsolatedCode> code) : code_(std::move(code)) {}

   OperationEnd run(Operation operation, const std::shared_ptr<Call>& call, const Terms& terms) override {
      struct End {
         Call& call;
         ~End() { call.end(); }
      } const end{*call};
      if (!runner_) {
         auto taken = code_->take(call->deadline(), terms.cancel);
         if (!taken) return {MSP_FAILED, Clock::now(), taken.finding()};
         runner_ = std::move(taken).value();
         if (!runner_) return {MSP_FAILED, Clock::now(), {}};
      }
      Conversation conversation(*runner_, code_->manifest(), code_->runtime(), code_->host(), operation, *call, terms);
      OperationEnd ended = judge(conversation.run(), operation);
      if (ended.fault) runner_.reset();
      return ended;
   }

   void rest() override { runner_.reset(); }

 private:
   OperationEnd judge(const Conversation::End& end, Operation operation) {
      const auto at = Clock::now();
      const Manifest& manifest = code_->manifest();
      switch (end.how) {
         case Conversation::returned:
            code_->runtime().log_lines_left_out(manifest.id, end.lines_left_out);
            return {end.outcome, at, {}};
         case Conversation::threw:
            return {MSP_FAILED, at, defect(manifest, "P4", "threw an exception")};
         case Conversation::made_no_connection:
            return {MSP_FAILED, at, defect(manifest, "P3", "made no connection")};
         case Conversation::form_too_large:
            return {MSP_FAILED, at, form_too_large(manifest)};
         case Conversation::exhausted: {
            static_cast<void>(runner_->end(Transfer::late));
            RunnerEnd ended;
            ended.how = RunnerEnd::exhausted;
            return {MSP_FAILED, at, code_->ended(ended, operation, end.sent)};
         }
         case Conversation::ended:
            break;
      }
      const RunnerEnd ended = runner_->end(end.last);
      Finding fault = code_->ended(ended, operation, end.sent);
      if (ended.how == RunnerEnd::hung) return {MSP_FAILED, {}, std::move(fault)};
      return {MSP_FAILED, Clock::now(), std::move(fault)};
   }

   const std::shared_ptr<IsolatedCode> code_;
   std::unique_ptr<Runner> runner_;
};

Result<std::unique_ptr<PluginBackend>> IsolatedCode::connect() {
   if (auto why = runners_->quarantine->finding(sha256_, manifest_)) return std::move(*why);
   return std::unique_ptr<PluginBackend>(std::make_unique<IsolatedBackend>(shared_from_this()));
}

Result<std::shared_ptr<PluginCode>> Runners::load(const std::shared_ptr<const LoadedPlugin>& plugin,
                                                  const std::filesystem::path& file, std::string_view bytes) {
   auto libraries = needed_libraries(bytes);
   if (!libraries) return libraries.finding();
   auto sealed = SealedPlugin::make(bytes, file);
   if (!sealed) return sealed.finding();
   RunnerPlugin to_run{std::make_shared<const SealedPlugin>(std::move(sealed).value()), utf8(file),
                       std::move(libraries).value()};
   const HostOptions& options = plugin->runtime->options;
   if (plugin->manifest.id == options.debug_plugin) {
      to_run.before_start = [tell = options.on_debug](pid_t process, const std::stop_token& unwanted) {
         if (tell) tell(static_cast<int>(process));
         wait_for_debugger(process, unwanted);
      };
   }
   auto code = std::make_shared<IsolatedCode>(shared_from_this(), plugin, std::move(to_run));
   auto runner = code->start(Deadline::max(), {});
   if (!runner) return runner.finding();
   code->give_back(std::move(runner).value());
   return std::shared_ptr<PluginCode>(std::move(code));
}

}  // namespace

Result<std::shared_ptr<Isolated>> Isolated::open(const HostOptions& options,
                                                 std::shared_ptr<PluginQuarantine> quarantine) {
   auto program = RunnerProgram::open(options.runner);
   if (!program) return program.finding();
   RunnerOptions of_runners;
   of_runners.host_name = options.name;
   of_runners.host_version = options.version;
   return std::shared_ptr<Isolated>(
       std::make_shared<Runners>(std::move(program).value(), options, std::move(quarantine), std::move(of_runners)));
}

bool can_isolate() noexcept { return true; }

}  // namespace msp::host
