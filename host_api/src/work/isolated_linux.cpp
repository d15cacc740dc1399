#include <algorithm>
#include <mutex>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "contract/defect.hpp"
#include "contract/digest_table.hpp"
#include "contract/host_table.hpp"
#include "isolation/needed_libraries.hpp"
#include "isolation/operation_messages.hpp"
#include "isolation/runner_keeper.hpp"
#include "library/loader_system.hpp"
#include "work/isolated.hpp"

namespace msp::host {
namespace {

using namespace isolation;
using Clock = Call::Clock;
using std::chrono::milliseconds;

// How soon a cancel is noticed while the plugin is silent.
constexpr milliseconds kGlance{20};
constexpr int kMaxMessages = 10'000;  // of one operation
constexpr std::size_t kMaxReported = std::size_t{64} << 20;
constexpr std::size_t kMaxPending = std::size_t{96} << 20;  // of requests that are not sent yet

std::string_view work_in_words(std::string_view work) {
   if (work == "load") return "while it was loaded";
   if (work == name(Operation::validate_credentials)) return "while it validated the credentials";
   if (work == name(Operation::check_permissions)) return "while it checked the permissions";
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
         return explain_load_error(file, std::system_error(std::error_code(), detail));
      case Refused::incompatible:
         return {"plugin.incompatible", detail, "Update the plugin, or the console, whichever is older."};
      case Refused::no_symbol:
         return {"plugin.defect", "The library does not export " + detail + ", so it cannot be used as a plugin.",
                 "Ask the plugin's author for a corrected version."};
      case Refused::defect:
         return {"plugin.defect", detail, "Ask the plugin's author for a corrected version."};
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
   Runners(RunnerProgram program, const HostOptions& options, PluginQuarantine& of_host, RunnerOptions of_runners)
       : load_timeout(options.load_timeout), quarantine(of_host), keeper(std::move(program), std::move(of_runners)) {}

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
         quarantine.made_forbidden_call(sha256);
      else
         quarantine.ended_badly(sha256);
   }

   const milliseconds load_timeout;
   PluginQuarantine& quarantine;
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

   // A process whose plugin is loaded.
   Result<std::unique_ptr<Runner>> take(Clock::time_point deadline) {
      if (auto why = runners_->quarantine.finding(sha256_, manifest_)) return std::move(*why);
      auto taken = runners_->keeper.take(bytes_, std::min(deadline, Clock::now() + runners_->load_timeout));
      if (const auto* why = std::get_if<NotStarted>(&taken)) {
         if (why->cause == NotStarted::ended) runners_->ended(sha256_, why->end.how);
         return not_startable(*why, bytes_.path, manifest_);
      }
      auto runner = std::get<std::unique_ptr<Runner>>(std::move(taken));
      runners_->took(*runner);
      // Whoever asks a second time will ask again: the next process is ready then.
      if (taken_.fetch_add(1) > 0 && runners_->keeper.ahead(bytes_.bytes->sha256()) == 0)
         runners_->keeper.start_ahead(bytes_);
      return runner;
   }
   void give_back(std::unique_ptr<Runner> runner) { runners_->keeper.give_back(bytes_, std::move(runner)); }
   void forget_first_use() { taken_ = 0; }

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
   std::atomic<int> taken_{0};
};

const char* or_null(const OptionalText& text) { return text ? text->data() : nullptr; }

// Headers or parameters as the contract's functions want them. They point into the message.
std::vector<msp_pair> pairs_of(const Pairs& pairs) {
   std::vector<msp_pair> result;
   for (const Pair& pair : pairs.carried)
      result.push_back({or_null(pair.name), or_null(pair.value), pair.flags, pair.reserved});
   return result;
}

FindingReport report_of(const msp_finding& finding) {
   const auto text = [](const char* of) { return of == nullptr ? OptionalText() : OptionalText(of); };
   return {
       finding.struct_size,
       finding.severity,
       {text(finding.code), text(finding.field), text(finding.summary), text(finding.remedy), text(finding.doc_url)},
       finding.http_status,
       finding.retry_after_s};
}

Answer answer_of(const msp_http_response& response) {
   const HttpResponse& content = CallHttp::content_of(response);
   Answer answer;
   answer.flags = response.flags;
   answer.status = response.status;
   answer.outcome = response.outcome;
   for (const auto& [name, value] : content.headers) answer.headers.push_back({name, value});
   answer.body = content.body.view();
   answer.has_problem = response.problem != nullptr;
   if (response.problem != nullptr) answer.problem = report_of(*response.problem);
   return answer;
}

// One operation: hands what the plugin says to the call's own functions, as if it were here.
class Conversation {
 public:
   Conversation(IsolatedCode& code, Runner& runner, Operation operation, const std::shared_ptr<Call>& call,
                const PluginBackend::Terms& terms)
       : code_(code), runner_(runner), operation_(operation), call_(call), table_(*call->table()), terms_(terms) {}

   OperationEnd run() {
      Transfer last = begin();
      if (unspeakable_) return {MSP_FAILED, Clock::now(), too_much()};
      Frame frame;
      while (last == Transfer::done) {
         last = receive(frame);
         if (last != Transfer::done) break;
         if (auto returned = decode<Returned>(frame)) return end(*returned);
         if (!take(frame)) last = Transfer::invalid;
         if (exhausted()) {
            static_cast<void>(runner_.end(Transfer::late));
            RunnerEnd end;
            end.how = RunnerEnd::exhausted;
            return {MSP_FAILED, Clock::now(), code_.ended(end, operation_, sent_)};
         }
      }
      const RunnerEnd end = runner_.end(last);
      Finding fault = code_.ended(end, operation_, sent_);
      if (end.how == RunnerEnd::hung) return {MSP_FAILED, {}, std::move(fault)};
      return {MSP_FAILED, Clock::now(), std::move(fault)};
   }

 private:
   // The values go out once; what the plugin asks for it finds on its side.
   Transfer begin() {
      Begin begin;
      begin.operation = static_cast<std::uint8_t>(operation_);
      begin.flags = table_.flags;
      begin.remaining_ms = table_.remaining_ms(&table_);
      for (const Field& field : code_.manifest().fields) {
         const bool secret = field.kind == FieldKind::secret;
         const char* value = (secret ? table_.secret : table_.setting)(&table_, field.id.c_str());
         begin.form.push_back({field.id, secret, value == nullptr ? OptionalText() : OptionalText(value)});
      }
      return say(begin);
   }

   template <class Message>
   Transfer say(const Message& message) {
      const auto frame = encode(message);
      if (!frame) {
         unspeakable_ = true;
         return Transfer::done;
      }
      return runner_.send(*frame, terms_.deadline + kGrace);
   }

   Finding too_much() const {
      return {"host.internal",
              "The form's values are too large to be handed to the plugin " + code_.manifest().name + '.',
              "Enter shorter values."};
   }

   // Until the deadline, or a cancel, and the grace after it.
   Transfer receive(Frame& frame) {
      for (;;) {
         if (!cancelled_at_ && terms_.cancel.stop_requested()) {
            cancelled_at_ = Clock::now();
            if (const Transfer told = say(Cancel{}); told != Transfer::done) return told;
         }
         const auto limit = std::min(terms_.deadline, cancelled_at_.value_or(terms_.deadline)) + kGrace;
         const Transfer received = runner_.receive(frame, std::min(limit, Clock::now() + kGlance));
         if (received != Transfer::late || Clock::now() >= limit) return received;
      }
   }

   OperationEnd end(const Returned& returned) {
      const auto at = Clock::now();
      if (returned.lines_left_out > 0) code_.runtime().log_lines_left_out(code_.manifest().id, returned.lines_left_out);
      if (returned.how == Returned::threw)
         return {MSP_FAILED, at, defect(code_.manifest(), "P4", "threw an exception")};
      if (returned.how != Returned::returned)
         return {MSP_FAILED, at, defect(code_.manifest(), "P3", "made no connection")};
      return {returned.outcome, at, {}};
   }

   [[nodiscard]] bool exhausted() const {
      return messages_ > kMaxMessages || reported_ > kMaxReported || pending_size_ > kMaxPending;
   }

   // False when it is no message of an operation.
   bool take(Frame& frame) {
      if (frame.type() == Request::kType) {
         pending_size_ += frame.bytes().size();
         if (pending_.size() == MSP_HTTP_BATCH_MAX) return false;
         auto request = decode<Request>(frame);
         if (!request || !request->sound()) return false;
         pending_.push_back({std::move(frame), std::move(*request)});
         return true;
      }
      ++messages_;
      reported_ += frame.bytes().size();
      switch (frame.type()) {
         case Progress::kType:
            return with<Progress>(frame, [&](auto& said) { table_.progress(&table_, or_null(said.sentence)); });
         case LogLine::kType:
            return with<LogLine>(frame,
                                 [&](auto& line) { code_.host().log(&code_.host(), line.level, or_null(line.text)); });
         case FindingReport::kType:
            return with<FindingReport>(frame, [&](auto& report) { hand_over(report); });
         case GrantReport::kType:
            return with<GrantReport>(frame, [&](auto& report) { hand_over(report); });
         case IdentityReport::kType:
            return with<IdentityReport>(frame, [&](auto& report) { hand_over(report); });
         case SessionReport::kType: {
            bool sound = true;
            return with<SessionReport>(frame,
                                       [&](auto& report) {
                                          sound = report.sound();
                                          if (sound) hand_over(report);
                                       }) &&
                   sound;
         }
         case WrongQuestion::kType:
            return with<WrongQuestion>(frame, [&](auto& asked) {
               static_cast<void>((asked.secret ? table_.secret : table_.setting)(&table_, or_null(asked.id)));
            });
         case LateUse::kType:
            code_.runtime().log(MSP_LOG_WARNING, code_.manifest().id, kLateUse);
            return true;
         case SendRequests::kType: {
            const auto order = decode<SendRequests>(frame);
            return order && send(*order);
         }
         case DigestRequest::kType: {
            const auto order = decode<DigestRequest>(frame);
            return order && compute(*order);
         }
         default:
            return false;
      }
   }

   template <class Message, class Work>
   static bool with(const Frame& frame, Work work) {
      auto message = decode<Message>(frame);
      if (!message) return false;
      work(*message);
      return true;
   }

   void hand_over(const FindingReport& report) {
      const msp_finding finding = {.struct_size = report.struct_size,
                                   .severity = report.severity,
                                   .code = or_null(report.texts[0]),
                                   .field = or_null(report.texts[1]),
                                   .summary = or_null(report.texts[2]),
                                   .remedy = or_null(report.texts[3]),
                                   .doc_url = or_null(report.texts[4]),
                                   .http_status = report.http_status,
                                   .retry_after_s = report.retry_after_s};
      table_.report_finding(&table_, &finding);
   }
   void hand_over(const GrantReport& report) {
      const msp_grant grant = {.struct_size = report.struct_size,
                               .granted = report.granted,
                               .how = report.how,
                               .reserved = report.reserved,
                               .permission_id = or_null(report.permission_id),
                               .evidence = or_null(report.evidence)};
      table_.report_permission(&table_, &grant);
   }
   void hand_over(const IdentityReport& report) {
      const msp_identity identity = {.struct_size = report.struct_size,
                                     .reserved = report.reserved,
                                     .account = or_null(report.texts[0]),
                                     .label = or_null(report.texts[1]),
                                     .principal = or_null(report.texts[2]),
                                     .endpoint = or_null(report.texts[3])};
      table_.report_identity(&table_, &identity);
   }
   void hand_over(const SessionReport& report) {
      const auto headers = pairs_of(report.headers);
      const auto query = pairs_of(report.query);
      const msp_session session = {.struct_size = report.struct_size,
                                   .flags = report.flags,
                                   .name = or_null(report.name),
                                   .base_url = or_null(report.base_url),
                                   .headers = report.headers.missing ? nullptr : headers.data(),
                                   .query = report.query.missing ? nullptr : query.data(),
                                   .header_count = report.headers.count,
                                   .query_count = report.query.count,
                                   .rejected_statuses = report.statuses_missing ? nullptr : report.statuses.data(),
                                   .rejected_status_count = report.status_count,
                                   .reserved = report.reserved,
                                   .expires_at = report.expires_at};
      table_.report_session(&table_, &session);
   }

   // The batch that was carried before. One that the runner did not carry is refused by the same function.
   bool send(const SendRequests& order) {
      if (order.count == 0 || (order.sendable && order.count != pending_.size())) return false;
      std::vector<msp_http_request> requests;
      std::vector<std::vector<msp_pair>> headers;
      for (const Carried& carried : pending_) {
         const Request& request = carried.request;
         headers.push_back(pairs_of(request.headers));
         requests.push_back({.struct_size = request.struct_size,
                             .header_count = request.headers.count,
                             .method = or_null(request.method),
                             .url = or_null(request.url),
                             .headers = request.headers.missing ? nullptr : headers.back().data(),
                             .body = request.body_missing ? nullptr : request.body.data(),
                             .body_size = request.body_size});
      }
      const auto count = order.sendable ? order.count : 1;
      std::vector<const msp_http_response*> responses(count);
      call_->send(order.sendable ? requests.data() : nullptr, count, responses.data());
      pending_.clear();
      pending_size_ = 0;
      for (const msp_http_response* response : responses) {
         if (response == nullptr) return false;  // no memory was left to say why
         if ((response->flags & MSP_HTTP_NOT_SENT) == 0) ++sent_;
         if (say(answer_of(*response)) != Transfer::done || unspeakable_) return false;
      }
      return true;
   }

   bool compute(const DigestRequest& order) {
      const msp_digest& digest = digest_table();
      std::array<std::uint8_t, kLongestDigest> out{};
      const auto* data = order.data.data();
      const msp_result result =
          order.keyed ? digest.hmac(&code_.host(), order.algorithm, order.key.data(), order.key.size(), data,
                                    order.data.size(), out.data(), out.size())
                      : digest.hash(&code_.host(), order.algorithm, data, order.data.size(), out.data(), out.size());
      std::size_t size = 0;
      if (result == MSP_DONE) size = digest_size(static_cast<DigestAlgorithm>(order.algorithm));
      const bool said = say(DigestAnswer{result, {reinterpret_cast<const char*>(out.data()), size}}) == Transfer::done;
      wipe(out.data(), out.size());
      return said;
   }

   static constexpr std::string_view kLateUse =
       "used a call whose operation had ended (rule P16 of the plugin contract); it was ignored";

   struct Carried {
      Frame frame;
      Request request;  // its texts lie in the frame
   };

   IsolatedCode& code_;
   Runner& runner_;
   const Operation operation_;
   const std::shared_ptr<Call> call_;
   const msp_call& table_;
   const PluginBackend::Terms& terms_;
   std::vector<Carried> pending_;
   std::size_t pending_size_ = 0;
   int messages_ = 0;
   std::size_t reported_ = 0;
   int sent_ = 0;
   bool unspeakable_ = false;
   std::optional<Clock::time_point> cancelled_at_;
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
         auto taken = code_->take(terms.deadline);
         if (!taken) return {MSP_FAILED, Clock::now(), taken.finding()};
         runner_ = std::move(taken).value();
      }
      OperationEnd ended = Conversation(*code_, *runner_, operation, call, terms).run();
      if (ended.fault) runner_.reset();
      return ended;
   }

   void rest() override { runner_.reset(); }

 private:
   const std::shared_ptr<IsolatedCode> code_;
   std::unique_ptr<Runner> runner_;
};

Result<std::unique_ptr<PluginBackend>> IsolatedCode::connect() {
   if (auto why = runners_->quarantine.finding(sha256_, manifest_)) return std::move(*why);
   return std::unique_ptr<PluginBackend>(std::make_unique<IsolatedBackend>(shared_from_this()));
}

Result<std::shared_ptr<PluginCode>> Runners::load(const std::shared_ptr<const LoadedPlugin>& plugin,
                                                  const std::filesystem::path& file, std::string_view bytes) {
   auto libraries = needed_libraries(bytes);
   if (!libraries) return libraries.finding();
   auto sealed = SealedPlugin::make(bytes);
   if (!sealed) return sealed.finding();
   auto code =
       std::make_shared<IsolatedCode>(shared_from_this(), plugin,
                                      RunnerPlugin{std::make_shared<const SealedPlugin>(std::move(sealed).value()),
                                                   file.string(), std::move(libraries).value()});
   auto runner = code->take(Clock::now() + load_timeout);
   if (!runner) return runner.finding();
   code->give_back(std::move(runner).value());
   code->forget_first_use();
   return std::shared_ptr<PluginCode>(std::move(code));
}

}  // namespace

Result<std::shared_ptr<Isolated>> Isolated::open(const HostOptions& options, PluginQuarantine& quarantine) {
   auto program = RunnerProgram::open(options.runner);
   if (!program) return program.finding();
   RunnerOptions of_runners;
   of_runners.host_name = options.name;
   of_runners.host_version = options.version;
   return std::shared_ptr<Isolated>(
       std::make_shared<Runners>(std::move(program).value(), options, quarantine, std::move(of_runners)));
}

bool can_isolate() noexcept { return true; }

}  // namespace msp::host
