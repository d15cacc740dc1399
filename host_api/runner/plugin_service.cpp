#include "plugin_service.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "library/negotiation.hpp"
#include "own_process.hpp"

namespace msp::runner {
namespace {

using namespace isolation;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kKeptCalls = 8;

OptionalText text_of(const char* text, std::size_t longest = kMaxWord) {
   if (text == nullptr) return std::nullopt;
   return std::string_view(text, ::strnlen(text, longest));
}

const char* or_null(const OptionalText& text) { return text ? text->data() : nullptr; }

// Beyond `most` bytes the console refuses the whole, so what comes after them is carried without its texts.
Pairs pairs_of(const msp_pair* pairs, std::uint32_t count, std::size_t most = std::numeric_limits<std::size_t>::max()) {
   Pairs result{count, pairs == nullptr, {}};
   if (pairs == nullptr) return result;
   const std::size_t carried = std::min<std::size_t>(count, kMaxPairs);
   std::size_t size = 0;
   for (std::size_t i = 0; i < carried; ++i) {
      const msp_pair& pair = pairs[i];
      Pair& carrying = result.carried.emplace_back();
      if (size > most) continue;
      carrying = {text_of(pair.name, kMaxHeader), text_of(pair.value, kMaxHeader), pair.flags, pair.reserved};
      size += carrying.name.value_or("").size() + carrying.value.value_or("").size();
   }
   return result;
}

// A report that is too short to be looked into is carried by its size alone.
template <class Report, class Struct, class Fill>
Report report_of(const Struct* given, Fill fill) {
   Report report;
   if (given == nullptr) return report;
   report.struct_size = given->struct_size;
   if (given->struct_size >= sizeof(Struct)) fill(report);
   return report;
}

FindingReport carry(const msp_finding* given) {
   return report_of<FindingReport>(given, [given](FindingReport& report) {
      report.severity = given->severity;
      report.texts = {text_of(given->code), text_of(given->field), text_of(given->summary), text_of(given->remedy),
                      text_of(given->doc_url)};
      report.http_status = given->http_status;
      report.retry_after_s = given->retry_after_s;
   });
}

GrantReport carry(const msp_grant* given) {
   return report_of<GrantReport>(given, [given](GrantReport& report) {
      report.granted = given->granted;
      report.how = given->how;
      report.reserved = given->reserved;
      report.permission_id = text_of(given->permission_id);
      report.evidence = text_of(given->evidence);
   });
}

IdentityReport carry(const msp_identity* given) {
   return report_of<IdentityReport>(given, [given](IdentityReport& report) {
      report.reserved = given->reserved;
      report.texts = {text_of(given->account), text_of(given->label), text_of(given->principal),
                      text_of(given->endpoint)};
   });
}

SessionReport carry(const msp_session* given) {
   return report_of<SessionReport>(given, [given](SessionReport& report) {
      report.flags = given->flags;
      report.name = text_of(given->name);
      report.base_url = text_of(given->base_url);
      report.headers = pairs_of(given->headers, given->header_count);
      report.query = pairs_of(given->query, given->query_count);
      report.status_count = given->rejected_status_count;
      report.statuses_missing = given->rejected_statuses == nullptr;
      if (given->rejected_statuses != nullptr) {
         const std::size_t carried = std::min<std::size_t>(given->rejected_status_count, kMaxStatuses);
         report.statuses.assign(given->rejected_statuses, given->rejected_statuses + carried);
      }
      report.reserved = given->reserved;
      report.expires_at = given->expires_at;
   });
}

Request carry(const msp_http_request& given) {
   Request request;
   request.struct_size = given.struct_size;
   if (given.struct_size < sizeof(msp_http_request)) return request;
   request.method = text_of(given.method);
   request.url = text_of(given.url, kMaxUrl);
   request.headers = pairs_of(given.headers, given.header_count, MSP_HTTP_HEADERS_SIZE_MAX);
   request.body_size = given.body_size;
   request.body_missing = given.body == nullptr;
   if (given.body != nullptr && given.body_size <= MSP_HTTP_REQUEST_BODY_MAX)
      request.body = {static_cast<const char*>(given.body), static_cast<std::size_t>(given.body_size)};
   return request;
}

// Whether the requests can be carried; what cannot is refused by the console, in its own words.
bool is_sendable(const msp_http_request* requests, std::uint32_t count) {
   if (requests == nullptr || count > MSP_HTTP_BATCH_MAX) return false;
   std::uint64_t bodies = 0;
   for (std::uint32_t i = 0; i < count; ++i) {
      const msp_http_request& request = requests[i];
      if (request.struct_size >= sizeof(msp_http_request) && request.body_size <= MSP_HTTP_REQUEST_BODY_MAX)
         bodies += request.body_size;
   }
   return bodies <= MSP_HTTP_BATCH_BODIES_MAX;
}

msp_finding finding_of(const FindingReport& report) {
   return {.struct_size = sizeof(msp_finding),
           .severity = report.severity,
           .code = or_null(report.texts[0]),
           .field = or_null(report.texts[1]),
           .summary = or_null(report.texts[2]),
           .remedy = or_null(report.texts[3]),
           .doc_url = or_null(report.texts[4]),
           .http_status = report.http_status,
           .retry_after_s = report.retry_after_s};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

const char* MSP_CDECL no_header(const msp_http_response*, const char*, std::uint32_t) noexcept { return nullptr; }
const char* MSP_CDECL no_body(const msp_http_response*, std::uint64_t* size) noexcept {
   if (size != nullptr) *size = 0;
   return "";
}

// One answer as the plugin sees it. Its texts lie in its frame.
class CarriedAnswer {
 public:
   // REQUIRES: the frame is an Answer.
   CarriedAnswer(Frame frame, Answer answer) : frame_(std::move(frame)), answer_(std::move(answer)) {
      problem_ = finding_of(answer_.problem);
      table_ = {.struct_size = sizeof(msp_http_response),
                .flags = answer_.flags,
                .status = answer_.status,
                .outcome = answer_.outcome,
                .host_data = this,
                .problem = answer_.has_problem ? &problem_ : nullptr,
                .header = header,
                .body = body};
   }
   CarriedAnswer(const CarriedAnswer&) = delete;
   CarriedAnswer& operator=(const CarriedAnswer&) = delete;

   [[nodiscard]] const msp_http_response* table() const noexcept { return &table_; }

   // For a plugin that kept a pointer.
   void clear() noexcept {
      table_.problem = nullptr;
      table_.header = no_header;
      table_.body = no_body;
      frame_ = Frame();
   }

 private:
   static const CarriedAnswer& of(const msp_http_response* response) noexcept {
      return *static_cast<const CarriedAnswer*>(response->host_data);
   }
   static const char* MSP_CDECL header(const msp_http_response* response, const char* name,
                                       std::uint32_t index) noexcept {
      if (response == nullptr || name == nullptr) return nullptr;
      const std::string_view wanted(name);
      for (const AnswerHeader& header : of(response).answer_.headers) {
         if (std::ranges::equal(header.name, wanted, {}, lower, lower) && index-- == 0) return header.value.data();
      }
      return nullptr;
   }
   static const char* MSP_CDECL body(const msp_http_response* response, std::uint64_t* size) noexcept {
      if (response == nullptr) return no_body(nullptr, size);
      const std::string_view text = of(response).answer_.body;
      if (size != nullptr) *size = text.size();
      return text.data();  // followed by a NUL: see Answer
   }

   Frame frame_;
   Answer answer_;
   msp_finding problem_{};
   msp_http_response table_{};
};

const msp_http_response& late_response() noexcept {
   static const msp_finding problem = {
       .struct_size = sizeof(msp_finding),
       .severity = MSP_ERROR,
       .code = "plugin.defect",
       .field = nullptr,
       .summary = "The plugin sent a request after its operation had ended, against rule P16 of the plugin contract.",
       .remedy = "Report this to the plugin's vendor and ask for a corrected version.",
       .doc_url = nullptr,
       .http_status = 0,
       .retry_after_s = 0};
   static const msp_http_response response = {.struct_size = sizeof(msp_http_response),
                                              .flags = MSP_HTTP_NOT_SENT,
                                              .status = 0,
                                              .outcome = MSP_FAILED,
                                              .host_data = nullptr,
                                              .problem = &problem,
                                              .header = no_header,
                                              .body = no_body};
   return response;
}

}  // namespace

struct PluginService::Tables {
   static PluginService& of(const msp_host* host) noexcept { return *static_cast<PluginService*>(host->host_data); }
   static CarriedCall& of(const msp_call* call) noexcept { return *static_cast<CarriedCall*>(call->host_data); }

   static const void* MSP_CDECL get_service(const msp_host*, const char* id) noexcept;
   static void MSP_CDECL log(const msp_host* host, std::int32_t level, const char* text) noexcept;

   static const char* MSP_CDECL setting(const msp_call* call, const char* id) noexcept;
   static const char* MSP_CDECL secret(const msp_call* call, const char* id) noexcept;
   static std::uint32_t MSP_CDECL remaining_ms(const msp_call* call) noexcept;
   static std::uint32_t MSP_CDECL wait(const msp_call* call, std::uint32_t ms) noexcept;
   static void MSP_CDECL progress(const msp_call* call, const char* sentence) noexcept;
   template <class Report>
   static void MSP_CDECL report(const msp_call* call, const Report* report) noexcept;

   static void MSP_CDECL send(const msp_host*, const msp_call* call, const msp_http_request* requests,
                              std::uint32_t count, const msp_http_response** responses) noexcept;

   static msp_result MSP_CDECL hash(const msp_host* host, std::int32_t algorithm, const void* data, std::uint64_t size,
                                    std::uint8_t* out, std::uint64_t out_size) noexcept;
   static msp_result MSP_CDECL hmac(const msp_host* host, std::int32_t algorithm, const void* key,
                                    std::uint64_t key_size, const void* data, std::uint64_t size, std::uint8_t* out,
                                    std::uint64_t out_size) noexcept;
   static msp_result MSP_CDECL random(const msp_host*, void* out, std::uint64_t size) noexcept;
   static msp_result digest(PluginService& service, const DigestRequest& request, std::uint8_t* out,
                            std::uint64_t out_size);

   static const msp_http kHttp;
   static const msp_digest kDigest;
};

const msp_http PluginService::Tables::kHttp = {.struct_size = sizeof(msp_http), .reserved = 0, .send = send};
const msp_digest PluginService::Tables::kDigest = {sizeof(msp_digest), 0, hash, hmac, random};

// One operation as the plugin sees it. Values lie in the frame that they came in.
class CarriedCall {
 public:
   CarriedCall(PluginService& service, Frame frame, Begin begin)
       : service_(service),
         frame_(std::move(frame)),
         begin_(std::move(begin)),
         deadline_(Clock::now() + milliseconds(begin_.remaining_ms)) {
      using Tables = PluginService::Tables;
      table_ = {.struct_size = sizeof(msp_call),
                .flags = begin_.flags,
                .host_data = this,
                .setting = Tables::setting,
                .secret = Tables::secret,
                .remaining_ms = Tables::remaining_ms,
                .wait = Tables::wait,
                .progress = Tables::progress,
                .report_finding = Tables::report<msp_finding>,
                .report_permission = Tables::report<msp_grant>,
                .report_identity = Tables::report<msp_identity>,
                .report_session = Tables::report<msp_session>};
   }
   CarriedCall(const CarriedCall&) = delete;
   CarriedCall& operator=(const CarriedCall&) = delete;

   [[nodiscard]] const msp_call* table() const noexcept { return &table_; }
   [[nodiscard]] std::uint8_t operation() const noexcept { return begin_.operation; }
   void cancel() noexcept { cancelled_ = true; }

   // The operation has returned: values and answers are wiped, the memory stays.
   void end() noexcept {
      ended_ = true;
      frame_.wipe();
      for (const auto& answer : answers_) answer->clear();
   }

   const char* value(const char* id, bool secret) {
      if (ended_) return tell_late_use(), nullptr;
      const OptionalText asked = text_of(id, kMaxName);
      if (asked) {
         const auto found = std::ranges::find(begin_.form, *asked, &FieldValue::id);
         if (found != begin_.form.end() && found->secret == secret) return or_null(found->value);
      }
      service_.say(WrongQuestion{secret, asked});
      return nullptr;
   }

   std::uint32_t remaining_ms() {
      if (ended_) return 0;
      service_.hear_cancel();
      if (cancelled_) return 0;
      const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now()).count();
      return static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<std::uint32_t>::max()));
   }

   std::uint32_t wait(std::uint32_t ms) {
      const Clock::time_point until = std::min(deadline_, Clock::now() + milliseconds(ms));
      while (remaining_ms() > 0 && service_.channel_->await(until)) {
         if (Clock::now() >= until) break;
      }
      return remaining_ms();
   }

   template <class Message>
   void say(const Message& message) {
      if (ended_) return tell_late_use();
      service_.say(message);
   }

   void send(const msp_http_request* requests, std::uint32_t count, const msp_http_response** responses) {
      if (ended_) return tell_late_use();
      const bool sendable = is_sendable(requests, count);
      for (std::uint32_t i = 0; sendable && i < count; ++i) service_.say(carry(requests[i]));
      service_.say(SendRequests{count, sendable});
      if (!sendable) {
         std::fill_n(responses, count, hear_answer());
         return;
      }
      for (std::uint32_t i = 0; i < count; ++i) responses[i] = hear_answer();
   }

 private:
   const msp_http_response* hear_answer() {
      Frame frame = service_.hear();
      auto answer = decode<Answer>(frame);
      if (!answer) end_process(1);  // no console says this
      return answers_.emplace_back(std::make_unique<CarriedAnswer>(std::move(frame), std::move(*answer)))->table();
   }

   void tell_late_use() {
      if (!std::exchange(late_use_told_, true)) service_.say(LateUse{});
   }

   PluginService& service_;
   Frame frame_;
   Begin begin_;
   Clock::time_point deadline_;
   msp_call table_{};
   std::vector<std::unique_ptr<CarriedAnswer>> answers_;
   bool cancelled_ = false;
   bool ended_ = false;
   bool late_use_told_ = false;
};

const void* MSP_CDECL PluginService::Tables::get_service(const msp_host*, const char* id) noexcept {
   if (id == nullptr) return nullptr;
   if (std::strcmp(id, MSP_HTTP_SERVICE) == 0) return &kHttp;
   if (std::strcmp(id, MSP_DIGEST_SERVICE) == 0) return &kDigest;
   return nullptr;
}

void MSP_CDECL PluginService::Tables::log(const msp_host* host, std::int32_t level, const char* text) noexcept {
   // Before the first operation there is no channel to speak through.
   if (host == nullptr || text == nullptr || of(host).channel_ == nullptr) return;
   PluginService& service = of(host);
   if (++service.log_lines_ <= MSP_LOG_LINES_MAX) service.say(LogLine{level, text_of(text)});
}

const char* MSP_CDECL PluginService::Tables::setting(const msp_call* call, const char* id) noexcept {
   return of(call).value(id, false);
}
const char* MSP_CDECL PluginService::Tables::secret(const msp_call* call, const char* id) noexcept {
   return of(call).value(id, true);
}
std::uint32_t MSP_CDECL PluginService::Tables::remaining_ms(const msp_call* call) noexcept {
   return of(call).remaining_ms();
}
std::uint32_t MSP_CDECL PluginService::Tables::wait(const msp_call* call, std::uint32_t ms) noexcept {
   return of(call).wait(ms);
}
void MSP_CDECL PluginService::Tables::progress(const msp_call* call, const char* sentence) noexcept {
   of(call).say(Progress{text_of(sentence)});
}
template <class Report>
void MSP_CDECL PluginService::Tables::report(const msp_call* call, const Report* report) noexcept {
   of(call).say(carry(report));
}

void MSP_CDECL PluginService::Tables::send(const msp_host*, const msp_call* call, const msp_http_request* requests,
                                           std::uint32_t count, const msp_http_response** responses) noexcept {
   if (responses == nullptr) return;
   std::fill_n(responses, count, &late_response());
   if (call != nullptr && count > 0) of(call).send(requests, count, responses);
}

msp_result PluginService::Tables::digest(PluginService& service, const DigestRequest& request, std::uint8_t* out,
                                         std::uint64_t out_size) {
   service.say(request);
   const Frame frame = service.hear();
   const auto answer = decode<DigestAnswer>(frame);
   if (!answer) end_process(1);  // no console says this
   if (answer->result != MSP_DONE) return answer->result;
   if (out == nullptr || out_size < answer->digest.size()) return MSP_OUT_OF_BOUNDS;
   std::ranges::copy(answer->digest, out);
   return MSP_DONE;
}

msp_result MSP_CDECL PluginService::Tables::hash(const msp_host* host, std::int32_t algorithm, const void* data,
                                                 std::uint64_t size, std::uint8_t* out,
                                                 std::uint64_t out_size) noexcept {
   if ((data == nullptr && size > 0) || size > MSP_DIGEST_DATA_MAX || of(host).channel_ == nullptr)
      return MSP_OUT_OF_BOUNDS;
   return digest(of(host), {algorithm, false, {}, {static_cast<const char*>(data), static_cast<std::size_t>(size)}},
                 out, out_size);
}

msp_result MSP_CDECL PluginService::Tables::hmac(const msp_host* host, std::int32_t algorithm, const void* key,
                                                 std::uint64_t key_size, const void* data, std::uint64_t size,
                                                 std::uint8_t* out, std::uint64_t out_size) noexcept {
   if ((data == nullptr && size > 0) || (key == nullptr && key_size > 0) || size > MSP_DIGEST_DATA_MAX ||
       key_size > MSP_DIGEST_KEY_MAX || of(host).channel_ == nullptr)
      return MSP_OUT_OF_BOUNDS;
   return digest(of(host),
                 {algorithm,
                  true,
                  {static_cast<const char*>(key), static_cast<std::size_t>(key_size)},
                  {static_cast<const char*>(data), static_cast<std::size_t>(size)}},
                 out, out_size);
}

msp_result MSP_CDECL PluginService::Tables::random(const msp_host*, void* out, std::uint64_t size) noexcept {
   if ((out == nullptr && size > 0) || size > MSP_RANDOM_MAX) return MSP_OUT_OF_BOUNDS;
   return fill_random(out, static_cast<std::size_t>(size)) ? MSP_DONE : MSP_UNABLE;
}

PluginService::PluginService() = default;
PluginService::~PluginService() = default;

void PluginService::meet(const Plugin& plugin, const Start& start) {
   name_ = start.host_name;
   version_ = start.host_version;
   host_ = {.struct_size = sizeof(msp_host),
            .abi_major = MSP_ABI_MAJOR,
            .abi_minor = MSP_ABI_MINOR,
            .reserved = 0,
            .host_data = this,
            .name = name_.c_str(),
            .version = version_.c_str(),
            .get_service = Tables::get_service,
            .log = Tables::log};
   using Entry = const msp_plugin*(MSP_CDECL*)(const msp_host*) noexcept;
   const auto table = host::negotiate(reinterpret_cast<Entry>(plugin.entry), host_);
   if (!table) {
      throw NotUsable(table.finding().code == "plugin.incompatible" ? Refused::incompatible : Refused::defect,
                      table.finding().summary);
   }
   plugin_ = table.value();
}

template <class Message>
void PluginService::say(const Message& message) {
   before_message();
   const auto frame = encode(message);
   if (!frame || channel_->send(*frame, Deadline::max()) != Transfer::done) end_process(1);
}

Frame PluginService::hear() {
   Frame frame;
   do {
      if (channel_->receive(frame, Deadline::max()) != Transfer::done) end_process(0);
      if (frame.type() == Cancel::kType && current_ != nullptr) current_->cancel();
   } while (frame.type() == Cancel::kType);
   return frame;
}

void PluginService::hear_cancel() {
   Frame frame;
   while (channel_->await(Clock::now())) {
      if (channel_->receive(frame, Deadline::max()) != Transfer::done) end_process(0);
      if (frame.type() != Cancel::kType) end_process(1);  // no console says this
      if (current_ != nullptr) current_->cancel();
   }
}

Returned PluginService::operate(Frame frame) {
   auto begin = decode<Begin>(frame);
   log_lines_ = 0;
   if (!begin) end_process(1);  // no console says this
   // The same functions without their promise not to throw: a plugin may break it.
   if (connection_ == nullptr) {
      msp_connection*(MSP_CDECL * create)(const msp_host*) = plugin_->create;
      try {
         connection_ = create(&host_);
      } catch (...) {
         return {Returned::threw, MSP_FAILED, 0};
      }
      if (connection_ == nullptr) return {Returned::made_no_connection, MSP_FAILED, 0};
   }
   if (calls_.size() == kKeptCalls) calls_.pop_front();
   CarriedCall& call = *calls_.emplace_back(std::make_unique<CarriedCall>(*this, std::move(frame), std::move(*begin)));
   current_ = &call;
   using MayThrow = msp_outcome(MSP_CDECL*)(msp_connection*, const msp_call*);
   MayThrow work = plugin_->authenticate;
   if (call.operation() == Begin::validate_credentials) work = plugin_->validate_credentials;
   if (call.operation() == Begin::check_permissions) work = plugin_->check_permissions;
   Returned returned;
   try {
      returned.outcome = work(connection_, call.table());
   } catch (...) {
      returned.how = Returned::threw;
   }
   current_ = nullptr;
   call.end();
   if (log_lines_ > MSP_LOG_LINES_MAX) returned.lines_left_out = log_lines_ - MSP_LOG_LINES_MAX;
   return returned;
}

void PluginService::serve(Channel& channel) {
   channel_ = &channel;
   for (;;) say(operate(hear()));
}

}  // namespace msp::runner
