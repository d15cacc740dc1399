#include "work/conversation.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "base/digest.hpp"
#include "contract/digest_table.hpp"
#include "isolation/struct_messages.hpp"

namespace msp::host {
namespace {

using namespace isolation;
using Clock = Call::Clock;

constexpr int kMaxMessages = 10'000;  // of one operation
constexpr std::size_t kMaxReported = std::size_t{64} << 20;
constexpr std::size_t kMaxPending = std::size_t{96} << 20;  // of requests that are not sent yet

Answer answer_of(const msp_http_response& response) {
   const HttpResponse& content = CallHttp::content_of(response);
   Answer answer;
   answer.flags = response.flags;
   answer.status = response.status;
   answer.outcome = response.outcome;
   for (const auto& [name, value] : content.headers) answer.headers.push_back({name, value.view()});
   answer.body = content.body.view();
   answer.has_problem = response.problem != nullptr;
   answer.problem = carry(response.problem);
   return answer;
}

template <class Message, class Work>
bool with(const Frame& frame, Work work) {
   auto message = decode<Message>(frame);
   if (!message) return false;
   return work(*message);
}

}  // namespace

template <class Message>
Transfer Conversation::say(const Message& message) {
   const auto frame = encode(message);
   if (!frame)
      unspeakable_ = true;
   else
      last_said_ = patiently([&](Deadline until) { return link_.send(*frame, until); });
   return last_said_;
}

Conversation::End Conversation::run() {
   End end;
   end.last = begin();
   if (unspeakable_) end.how = form_too_large;
   Frame frame;
   while (end.how == ended && end.last == Transfer::done) {
      end.last = receive(frame);
      if (end.last != Transfer::done) break;
      if (const auto returned_now = decode<Returned>(frame)) {
         end.how = returned_now->how == Returned::returned ? returned
                   : returned_now->how == Returned::threw  ? threw
                                                           : made_no_connection;
         end.outcome = returned_now->outcome;
         end.lines_left_out = returned_now->lines_left_out;
      } else if (!take(frame)) {
         end.last = last_said_ == Transfer::done ? Transfer::invalid : last_said_;
      } else if (has_said_too_much()) {
         end.how = exhausted;
      }
   }
   end.sent = sent_;
   return end;
}

// The values go out once; what the plugin asks for it finds on its side.
Transfer Conversation::begin() {
   Begin begin;
   begin.operation = static_cast<std::uint8_t>(operation_);
   begin.flags = table_.flags;
   begin.remaining_ms = table_.remaining_ms(&table_);
   begin.language = table_.language;
   for (const Field& field : manifest_.fields) {
      if (field.signs) continue;  // the key stays here
      const bool secret = field.kind == FieldKind::secret;
      const char* value = (secret ? table_.secret : table_.setting)(&table_, field.id.c_str());
      begin.form.push_back({field.id, secret, value == nullptr ? OptionalText() : OptionalText(value)});
   }
   if (const Transfer said = say(begin); said != Transfer::done || operation_ != Operation::sign) return said;
   return say_what_to_sign();
}

Transfer Conversation::say_what_to_sign() {
   const msp_signing& signing = *call_.signing();
   return say(WhatToSign{signing.session == nullptr ? OptionalText() : OptionalText(signing.session),
                         carry(*signing.request)});
}

// Until the deadline, or a cancel, and the grace after it. A step that was `late` is taken again.
template <class Step>
Transfer Conversation::patiently(Step step) {
   for (;;) {
      if (!cancelled_at_ && terms_.cancel.stop_requested()) cancelled_at_ = Clock::now();
      const auto limit = std::min(call_.deadline(), cancelled_at_.value_or(call_.deadline())) + kGrace;
      const Transfer taken = step(std::min(limit, Clock::now() + kGlance));
      if (taken != Transfer::late || Clock::now() >= limit) return taken;
   }
}

Transfer Conversation::receive(Frame& frame) {
   return patiently([&](Deadline until) {
      if (cancelled_at_ && !std::exchange(told_to_cancel_, true)) {
         if (const Transfer told = say(Cancel{}); told != Transfer::done) return told;
      }
      return link_.receive(frame, until);
   });
}

bool Conversation::has_said_too_much() const {
   return messages_ > kMaxMessages || reported_ > kMaxReported || pending_size_ > kMaxPending;
}

bool Conversation::take(Frame& frame) {
   if (frame.type() == Request::kType) return take_request(frame);
   ++messages_;
   reported_ += frame.bytes().size();
   switch (frame.type()) {
      case Progress::kType:
         return with<Progress>(frame, [&](const auto& said) {
            table_.progress(&table_, or_null(said.sentence));
            return true;
         });
      case LogLine::kType:
         return with<LogLine>(frame, [&](const auto& line) {
            host_.log(&host_, line.level, or_null(line.text));
            return true;
         });
      case WrongQuestion::kType:
         // The call knows the manifest, and says what is wrong with the question.
         return with<WrongQuestion>(frame, [&](const auto& asked) {
            static_cast<void>((asked.secret ? table_.secret : table_.setting)(&table_, or_null(asked.id)));
            return true;
         });
      case LateUse::kType:
         runtime_.log_late_use(manifest_.id);
         return true;
      case SendRequests::kType:
         return with<SendRequests>(frame, [&](const auto& order) { return send(order); });
      case DigestRequest::kType:
         return with<DigestRequest>(frame, [&](const auto& order) { return compute(order); });
      case RedirectQuestion::kType:
         return with<RedirectQuestion>(frame, [&](const auto&) { return tell_redirect(); });
      case VisitRequest::kType:
         return with<VisitRequest>(frame, [&](const auto& order) { return visit(order); });
      case KeepRequest::kType:
         return with<KeepRequest>(frame, [&](const auto& order) { return keep(order); });
      case SignRequest::kType:
         return with<SignRequest>(frame, [&](const auto& order) { return sign(order); });
      case SignaturePair::kType:
         return with<SignaturePair>(frame, [&](const auto& added) {
            const msp_signing* signing = call_.signing();
            if (signing == nullptr) return false;
            const msp_pair pair = {or_null(added.pair.name), or_null(added.pair.value), added.pair.flags,
                                   added.pair.reserved};
            (added.in_query ? signing->add_parameter : signing->add_header)(&table_, added.missing ? nullptr : &pair);
            return true;
         });
      default:
         return take_report(frame);
   }
}

bool Conversation::take_report(const Frame& frame) {
   const auto hand = [this](const auto& report) {
      hand_over(report);
      return true;
   };
   switch (frame.type()) {
      case FindingReport::kType:
         return with<FindingReport>(frame, hand);
      case GrantReport::kType:
         return with<GrantReport>(frame, hand);
      case IdentityReport::kType:
         return with<IdentityReport>(frame, hand);
      case SessionReport::kType:
         return with<SessionReport>(frame, [this](const auto& report) { return hand_over(report); });
      default:
         return false;
   }
}

bool Conversation::take_request(Frame& frame) {
   pending_size_ += frame.bytes().size();
   if (pending_.size() == MSP_HTTP_BATCH_MAX) return false;
   auto request = decode<Request>(frame);
   if (!request || !request->sound()) return false;
   pending_.push_back({std::move(frame), std::move(*request)});
   return true;
}

void Conversation::hand_over(const FindingReport& report) {
   const msp_finding finding = finding_of(report);
   table_.report_finding(&table_, &finding);
}

void Conversation::hand_over(const GrantReport& report) {
   const msp_grant grant = {.struct_size = report.struct_size,
                            .granted = report.granted,
                            .how = report.how,
                            .reserved = report.reserved,
                            .permission_id = or_null(report.permission_id),
                            .evidence = or_null(report.evidence)};
   table_.report_permission(&table_, &grant);
}

void Conversation::hand_over(const IdentityReport& report) {
   const msp_identity identity = {.struct_size = report.struct_size,
                                  .reserved = report.reserved,
                                  .account = or_null(report.texts[0]),
                                  .label = or_null(report.texts[1]),
                                  .principal = or_null(report.texts[2]),
                                  .endpoint = or_null(report.texts[3])};
   table_.report_identity(&table_, &identity);
}

bool Conversation::hand_over(const SessionReport& report) {
   if (!report.sound()) return false;
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
   return true;
}

// The batch that was carried before. One that the runner did not carry is refused by the same function.
bool Conversation::send(const SendRequests& order) {
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
   call_.send(order.sendable ? requests.data() : nullptr, count, responses.data());
   pending_.clear();
   pending_size_ = 0;
   for (const msp_http_response* response : responses) {
      if (response == nullptr) return false;  // no memory was left to say why
      if ((response->flags & MSP_HTTP_NOT_SENT) == 0) ++sent_;
      if (say(answer_of(*response)) != Transfer::done || unspeakable_) return false;
   }
   return true;
}

bool Conversation::compute(const DigestRequest& order) {
   const msp_digest& digest = digest_table();
   std::array<std::uint8_t, kLongestDigest> out{};
   const auto* data = order.data.data();
   const msp_result result =
       order.keyed ? digest.hmac(&host_, order.algorithm, order.key.data(), order.key.size(), data, order.data.size(),
                                 out.data(), out.size())
                   : digest.hash(&host_, order.algorithm, data, order.data.size(), out.data(), out.size());
   std::size_t size = 0;
   if (result == MSP_DONE) size = digest_size(static_cast<DigestAlgorithm>(order.algorithm));
   const bool said = say(DigestAnswer{result, {reinterpret_cast<const char*>(out.data()), size}}) == Transfer::done;
   wipe(out.data(), out.size());
   return said;
}

bool Conversation::tell_redirect() {
   const char* address = call_.redirect_uri();
   return say(RedirectAnswer{address == nullptr ? OptionalText() : OptionalText(address)}) == Transfer::done;
}

bool Conversation::visit(const VisitRequest& order) {
   const msp_visit visit = {.struct_size = order.struct_size,
                            .expires_in_s = order.expires_in_s,
                            .url = or_null(order.url),
                            .user_code = or_null(order.user_code)};
   const msp_visited& visited = *call_.visit(&visit);
   VisitAnswer answer;
   answer.outcome = visited.outcome;
   answer.remaining_ms = table_.remaining_ms(&table_);
   answer.query = visited.query;
   answer.has_problem = visited.problem != nullptr;
   if (visited.problem != nullptr) answer.problem = carry(visited.problem);
   return say(answer) == Transfer::done && !unspeakable_;
}

bool Conversation::keep(const KeepRequest& order) {
   return say(KeepAnswer{call_.keep_secret(or_null(order.field), or_null(order.value))}) == Transfer::done;
}

bool Conversation::sign(const SignRequest& order) {
   std::vector<std::uint8_t> out;
   const char* field = or_null(order.field);
   const msp_result result = order.thumbprint
                                 ? call_.thumbprint(field, out)
                                 : call_.sign(field, order.algorithm, std::as_bytes(std::span(order.data)), out);
   const std::string_view bytes(reinterpret_cast<const char*>(out.data()), out.size());
   return say(SignAnswer{result, result == MSP_DONE ? bytes : std::string_view()}) == Transfer::done;
}

}  // namespace msp::host
