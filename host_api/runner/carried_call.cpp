#include "carried_call.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "contract/batch.hpp"
#include "isolation/struct_messages.hpp"

namespace msp::runner {

using namespace isolation;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct CarriedCall::Table {
   static CarriedCall& of(const msp_call* call) noexcept { return *static_cast<CarriedCall*>(call->host_data); }

   static const char* MSP_CDECL setting(const msp_call* call, const char* id) noexcept {
      return of(call).value(id, false);
   }
   static const char* MSP_CDECL secret(const msp_call* call, const char* id) noexcept {
      return of(call).value(id, true);
   }
   static std::uint32_t MSP_CDECL remaining_ms(const msp_call* call) noexcept { return of(call).remaining_ms(); }
   static std::uint32_t MSP_CDECL wait(const msp_call* call, std::uint32_t ms) noexcept { return of(call).wait(ms); }
   static void MSP_CDECL progress(const msp_call* call, const char* sentence) noexcept {
      of(call).say(Progress{text_of(sentence)});
   }
   template <class Report>
   static void MSP_CDECL report(const msp_call* call, const Report* report) noexcept {
      of(call).say(carry(report));
   }
   static void MSP_CDECL send(const msp_host*, const msp_call* call, const msp_http_request* requests,
                              std::uint32_t count, const msp_http_response** responses) noexcept {
      if (responses == nullptr) return;
      std::fill_n(responses, count, &host::late_response());
      if (call != nullptr && count > 0) of(call).send(requests, count, responses);
   }
   template <bool in_query>
   static void MSP_CDECL add_signature(const msp_call* call, const msp_pair* pair) noexcept {
      if (call != nullptr) of(call).say(carry(pair, in_query));
   }
   static const char* MSP_CDECL redirect_uri(const msp_host*, const msp_call* call) noexcept {
      return call == nullptr ? nullptr : of(call).redirect_uri();
   }
   static const msp_visited* MSP_CDECL visit(const msp_host*, const msp_call* call, const msp_visit* visit) noexcept {
      return call == nullptr ? &host::late_visited() : of(call).visit(visit);
   }
   static msp_result MSP_CDECL keep_secret(const msp_host*, const msp_call* call, const char* field,
                                           const char* value) noexcept {
      return call == nullptr ? MSP_OUT_OF_BOUNDS : of(call).keep_secret(field, value);
   }
   static msp_result MSP_CDECL sign(const msp_host*, const msp_call* call, const char* field, std::int32_t algorithm,
                                    const void* data, std::uint64_t size, std::uint8_t* out, std::uint64_t out_size,
                                    std::uint64_t* signature_size) noexcept {
      if (call == nullptr || out == nullptr || signature_size == nullptr || (data == nullptr && size > 0) ||
          size > MSP_SIGN_DATA_MAX)
         return MSP_OUT_OF_BOUNDS;
      const std::string_view bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
      return of(call).sign({false, algorithm, text_of(field, kMaxName), bytes}, out, out_size, *signature_size);
   }
   static msp_result MSP_CDECL thumbprint(const msp_host*, const msp_call* call, const char* field, std::uint8_t* out,
                                          std::uint64_t out_size) noexcept {
      if (call == nullptr || out == nullptr || out_size < MSP_THUMBPRINT_SIZE) return MSP_OUT_OF_BOUNDS;
      std::uint64_t size = 0;
      return of(call).sign({true, 0, text_of(field, kMaxName), {}}, out, out_size, size);
   }
};

CarriedCall::CarriedCall(Console& console, Frame frame)
    : console_(console),
      frame_(std::move(frame)),
      begin_(Console::understand<Begin>(frame_)),
      deadline_(Clock::now() + milliseconds(begin_.remaining_ms)) {
   table_ = {.struct_size = sizeof(msp_call),
             .flags = begin_.flags,
             .host_data = this,
             .setting = Table::setting,
             .secret = Table::secret,
             .remaining_ms = Table::remaining_ms,
             .wait = Table::wait,
             .progress = Table::progress,
             .report_finding = Table::report<msp_finding>,
             .report_permission = Table::report<msp_grant>,
             .report_identity = Table::report<msp_identity>,
             .report_session = Table::report<msp_session>,
             .language = begin_.language.data()};
}

void CarriedCall::end() noexcept {
   ended_ = true;
   frame_.wipe();
   if (signing_) signing_->frame.wipe();
   for (const auto& answer : answers_) answer->clear();
   for (const auto& visited : visited_) visited->clear();
   for (auto& [field, value] : kept_) host::wipe(const_cast<char*>(value.view().data()), value.size());
}

const msp_signing* CarriedCall::hear_what_to_sign() {
   Signing& signing = signing_.emplace(Signing{console_.hear()});
   const auto heard = Console::understand<WhatToSign>(signing.frame);
   signing.headers = pairs_of(heard.request.headers);
   signing.request = {.struct_size = sizeof(msp_http_request),
                      .header_count = static_cast<std::uint32_t>(signing.headers.size()),
                      .method = or_null(heard.request.method),
                      .url = or_null(heard.request.url),
                      .headers = signing.headers.data(),
                      .body = heard.request.body_missing ? nullptr : heard.request.body.data(),
                      .body_size = heard.request.body.size()};
   signing.table = {.struct_size = sizeof(msp_signing),
                    .reserved = 0,
                    .session = or_null(heard.session),
                    .request = &signing.request,
                    .add_header = Table::add_signature<false>,
                    .add_parameter = Table::add_signature<true>};
   return &signing.table;
}

const char* CarriedCall::value(const char* id, bool secret) {
   if (ended_) return tell_late_use(), nullptr;
   const OptionalText asked = text_of(id, kMaxName);
   if (asked) {
      const auto kept = std::ranges::find(kept_.rbegin(), kept_.rend(), *asked, &decltype(kept_)::value_type::first);
      if (secret && kept != kept_.rend()) return kept->second.empty() ? nullptr : kept->second.view().data();
      const auto found = std::ranges::find(begin_.form, *asked, &FieldValue::id);
      if (found != begin_.form.end() && found->secret == secret) return or_null(found->value);
   }
   console_.say(WrongQuestion{secret, asked});
   return nullptr;
}

std::uint32_t CarriedCall::remaining_ms() {
   if (ended_ || console_.hear_cancel()) return 0;
   const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now()).count();
   return static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<std::uint32_t>::max()));
}

std::uint32_t CarriedCall::wait(std::uint32_t ms) {
   const Clock::time_point until = std::min(deadline_, Clock::now() + milliseconds(ms));
   while (remaining_ms() > 0 && console_.await(until)) {
      if (Clock::now() >= until) break;
   }
   return remaining_ms();
}

template <class Message>
void CarriedCall::say(const Message& message) {
   if (ended_) return tell_late_use();
   console_.say(message);
}

void CarriedCall::tell_late_use() {
   if (!std::exchange(late_use_told_, true)) console_.say(LateUse{});
}

// A batch that cannot be carried is refused by the console, in its own words.
void CarriedCall::send(const msp_http_request* requests, std::uint32_t count, const msp_http_response** responses) {
   if (ended_) return tell_late_use();
   const bool sendable = host::is_sendable(requests, count);
   for (std::uint32_t i = 0; sendable && i < count; ++i) console_.say(carry(requests[i]));
   console_.say(SendRequests{count, sendable});
   if (!sendable) {
      std::fill_n(responses, count, hear_answer());
      return;
   }
   for (std::uint32_t i = 0; i < count; ++i) responses[i] = hear_answer();
}

const msp_http_response* CarriedCall::hear_answer() {
   return answers_.emplace_back(std::make_unique<CarriedAnswer>(console_.hear()))->table();
}

const char* CarriedCall::redirect_uri() {
   if (ended_) return tell_late_use(), nullptr;
   if (redirect_uri_.empty()) {
      console_.say(RedirectQuestion{});
      const Frame frame = console_.hear();
      redirect_uri_ = Console::understand<RedirectAnswer>(frame).address.value_or("");
   }
   return redirect_uri_.empty() ? nullptr : redirect_uri_.c_str();
}

const msp_visited* CarriedCall::visit(const msp_visit* visit) {
   if (ended_) return tell_late_use(), &host::late_visited();
   console_.say(carry(visit));
   Frame frame = console_.hear();
   const auto answer = Console::understand<VisitAnswer>(frame);
   deadline_ = Clock::now() + milliseconds(answer.remaining_ms);
   return visited_.emplace_back(std::make_unique<CarriedVisited>(std::move(frame), answer))->table();
}

msp_result CarriedCall::keep_secret(const char* field, const char* value) {
   if (ended_) return tell_late_use(), MSP_UNABLE;
   const KeepRequest request{text_of(field, kMaxName), text_of(value, kMaxValue)};
   console_.say(request);
   const Frame frame = console_.hear();
   const msp_result result = Console::understand<KeepAnswer>(frame).result;
   if (result == MSP_DONE) kept_.emplace_back(*request.field, host::SecretBytes(request.value.value_or("")));
   return result;
}

msp_result CarriedCall::sign(const SignRequest& request, std::uint8_t* out, std::uint64_t out_size,
                             std::uint64_t& size) {
   if (ended_) return tell_late_use(), MSP_UNABLE;
   console_.say(request);
   const Frame frame = console_.hear();
   const auto answer = Console::understand<SignAnswer>(frame);
   if (answer.result != MSP_DONE) return answer.result;
   if (answer.bytes.size() > out_size) return MSP_OUT_OF_BOUNDS;
   std::ranges::copy(answer.bytes, out);
   size = answer.bytes.size();
   return MSP_DONE;
}

const msp_browser& browser_service() noexcept {
   using Table = CarriedCall::Table;
   static constexpr msp_browser table = {
       .struct_size = sizeof(msp_browser), .reserved = 0, .redirect_uri = Table::redirect_uri, .visit = Table::visit};
   return table;
}

const msp_keep& keep_service() noexcept {
   static constexpr msp_keep table = {
       .struct_size = sizeof(msp_keep), .reserved = 0, .keep_secret = CarriedCall::Table::keep_secret};
   return table;
}

const msp_sign& sign_service() noexcept {
   using Table = CarriedCall::Table;
   static constexpr msp_sign table = {
       .struct_size = sizeof(msp_sign), .reserved = 0, .sign = Table::sign, .thumbprint = Table::thumbprint};
   return table;
}

const msp_http& http_service() noexcept {
   static constexpr msp_http table = {.struct_size = sizeof(msp_http), .reserved = 0, .send = CarriedCall::Table::send};
   return table;
}

}  // namespace msp::runner
