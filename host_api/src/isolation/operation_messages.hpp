// operation_messages.hpp - what the console and a runner say to each other while the plugin works.
//
//    console -> runner   Begin, one for each operation (that of `sign` is followed by WhatToSign); Cancel at any time;
//                        an answer when asked
//    runner -> console   what the plugin says, in its order; Returned when the operation has come to its end
//
// SendRequests, DigestRequest, RedirectQuestion, VisitRequest, KeepRequest and SignRequest wait for an answer. The
// members mean what they mean in the contract's headers; a text that is not there is a null pointer there. The console
// judges them, the runner only carries them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "isolation/messages.hpp"
#include "msp/browser.h"
#include "msp/digest.h"
#include "msp/http.h"
#include "msp/sign.h"

namespace msp::isolation {

using OptionalText = std::optional<std::string_view>;

// What is longer was cut by the runner, to one byte more than the contract allows, so that the console can tell.
inline constexpr std::size_t kMaxWord = 65536;
inline constexpr std::size_t kMaxUrl = MSP_HTTP_URL_MAX + 1;
inline constexpr std::size_t kMaxHeader = MSP_HTTP_HEADERS_SIZE_MAX + 1;
inline constexpr std::size_t kMaxPairs = MSP_HTTP_HEADERS_MAX + 1;
inline constexpr std::size_t kMaxAnswered = kMaxHeader / 3;  // headers: a platform may send as many as fit
inline constexpr std::size_t kMaxStatuses = 64;
inline constexpr std::size_t kMaxFields = 4096;
inline constexpr std::size_t kMaxValue = std::size_t{1} << 20;

// A field of the form, and what the administrator entered.
struct FieldValue {
   std::string_view id;
   bool secret = false;
   OptionalText value;

   static void fields(auto& self, auto& wire) {
      wire.text(self.id, kMaxName);
      wire.flag(self.secret);
      wire.optional_text(self.value, kMaxValue);
   }
};

struct Begin {
   static constexpr std::uint8_t kType = kFirstOfOperations;
   enum Operation : std::uint8_t { validate_credentials, check_permissions, authenticate, sign, sign_out };
   std::uint8_t operation = 0;
   std::uint32_t flags = 0;         // MSP_CALL_...
   std::uint32_t remaining_ms = 0;  // until the deadline
   std::string_view language;       // of the plugin's sentences
   std::vector<FieldValue> form;

   static void fields(auto& self, auto& wire) {
      wire.number(self.operation);
      wire.number(self.flags);
      wire.number(self.remaining_ms);
      wire.text(self.language, kMaxName);
      wire.list(self.form, kMaxFields, [&wire](auto& field) { FieldValue::fields(field, wire); });
   }
};

// Nobody waits for the operation any more: remaining_ms is 0 from now on.
struct Cancel {
   static constexpr std::uint8_t kType = kFirstOfOperations + 1;
   static void fields(auto& /*self*/, auto& /*wire*/) {}
};

struct Progress {
   static constexpr std::uint8_t kType = kFirstOfOperations + 2;
   OptionalText sentence;
   static void fields(auto& self, auto& wire) { wire.optional_text(self.sentence, kMaxWord); }
};

struct LogLine {
   static constexpr std::uint8_t kType = kFirstOfOperations + 3;
   std::int32_t level = 0;
   OptionalText text;
   static void fields(auto& self, auto& wire) {
      wire.number(self.level);
      wire.optional_text(self.text, kMaxWord);
   }
};

struct FindingReport {
   static constexpr std::uint8_t kType = kFirstOfOperations + 4;
   std::uint32_t struct_size = 0;
   std::int32_t severity = 0;
   std::array<OptionalText, 5> texts{};  // code, field, summary, remedy, doc_url
   std::int32_t http_status = 0;
   std::int32_t retry_after_s = 0;

   static void fields(auto& self, auto& wire) {
      wire.number(self.struct_size);
      wire.number(self.severity);
      for (auto& text : self.texts) wire.optional_text(text, kMaxWord);
      wire.number(self.http_status);
      wire.number(self.retry_after_s);
   }
};

struct GrantReport {
   static constexpr std::uint8_t kType = kFirstOfOperations + 5;
   std::uint32_t struct_size = 0;
   std::int32_t granted = 0;
   std::int32_t how = 0;
   std::uint32_t reserved = 0;
   OptionalText permission_id;
   OptionalText evidence;

   static void fields(auto& self, auto& wire) {
      wire.number(self.struct_size);
      wire.number(self.granted);
      wire.number(self.how);
      wire.number(self.reserved);
      wire.optional_text(self.permission_id, kMaxWord);
      wire.optional_text(self.evidence, kMaxWord);
   }
};

struct IdentityReport {
   static constexpr std::uint8_t kType = kFirstOfOperations + 6;
   std::uint32_t struct_size = 0;
   std::uint32_t reserved = 0;
   std::array<OptionalText, 4> texts{};  // account, label, principal, endpoint

   static void fields(auto& self, auto& wire) {
      wire.number(self.struct_size);
      wire.number(self.reserved);
      for (auto& text : self.texts) wire.optional_text(text, kMaxWord);
   }
};

struct Pair {
   OptionalText name;
   OptionalText value;
   std::uint32_t flags = 0;
   std::uint32_t reserved = 0;

   static void fields(auto& self, auto& wire) {
      wire.optional_text(self.name, kMaxHeader);
      wire.optional_text(self.value, kMaxHeader);
      wire.number(self.flags);
      wire.number(self.reserved);
   }
};

// Headers or parameters: how many the plugin named, and those of them that were carried. `missing` is a null pointer.
struct Pairs {
   std::uint32_t count = 0;
   bool missing = false;
   std::vector<Pair> carried;

   static void fields(auto& self, auto& wire) {
      wire.number(self.count);
      wire.flag(self.missing);
      wire.list(self.carried, kMaxPairs, [&wire](auto& pair) { Pair::fields(pair, wire); });
   }
   // What a count promises is there, or the count is one that nobody reads beyond.
   [[nodiscard]] bool sound() const noexcept { return missing || carried.size() == count || count >= kMaxPairs; }
};

struct SessionReport {
   static constexpr std::uint8_t kType = kFirstOfOperations + 7;
   std::uint32_t struct_size = 0;
   std::uint32_t flags = 0;
   OptionalText name;
   OptionalText base_url;
   Pairs headers;
   Pairs query;
   std::uint32_t status_count = 0;
   bool statuses_missing = false;
   std::vector<std::int32_t> statuses;
   std::uint32_t reserved = 0;
   std::int64_t expires_at = 0;

   static void fields(auto& self, auto& wire) {
      wire.number(self.struct_size);
      wire.number(self.flags);
      wire.optional_text(self.name, kMaxWord);
      wire.optional_text(self.base_url, kMaxWord);
      Pairs::fields(self.headers, wire);
      Pairs::fields(self.query, wire);
      wire.number(self.status_count);
      wire.flag(self.statuses_missing);
      wire.list(self.statuses, kMaxStatuses, [&wire](auto& status) { wire.number(status); });
      wire.number(self.reserved);
      wire.number(self.expires_at);
   }
   [[nodiscard]] bool sound() const noexcept {
      return headers.sound() && query.sound() &&
             (statuses_missing || statuses.size() == status_count || status_count >= kMaxStatuses);
   }
};

// The plugin asked for a field that its manifest does not name, or by the wrong kind.
struct WrongQuestion {
   static constexpr std::uint8_t kType = kFirstOfOperations + 8;
   bool secret = false;
   OptionalText id;
   static void fields(auto& self, auto& wire) {
      wire.flag(self.secret);
      wire.optional_text(self.id, kMaxName);
   }
};

// The plugin used a call whose operation had ended.
struct LateUse {
   static constexpr std::uint8_t kType = kFirstOfOperations + 9;
   static void fields(auto& /*self*/, auto& /*wire*/) {}
};

// One of a batch, before SendRequests.
struct Request {
   static constexpr std::uint8_t kType = kFirstOfOperations + 10;
   std::uint32_t struct_size = 0;
   OptionalText method;
   OptionalText url;
   Pairs headers;
   std::uint64_t body_size = 0;
   bool body_missing = false;
   std::string_view body;  // as long as body_size, unless that is beyond what a request may hold

   static void fields(auto& self, auto& wire) {
      wire.number(self.struct_size);
      wire.optional_text(self.method, kMaxWord);
      wire.optional_text(self.url, kMaxUrl);
      Pairs::fields(self.headers, wire);
      wire.number(self.body_size);
      wire.flag(self.body_missing);
      wire.bytes(self.body, MSP_HTTP_REQUEST_BODY_MAX);
   }
   [[nodiscard]] bool sound() const noexcept {
      return headers.sound() && (body_missing || body.size() == body_size || body_size > MSP_HTTP_REQUEST_BODY_MAX);
   }
};

// Answered by an Answer for each of `count` requests, or by one for all of a batch that cannot be sent.
struct SendRequests {
   static constexpr std::uint8_t kType = kFirstOfOperations + 11;
   std::uint32_t count = 0;
   bool sendable = true;  // false: the batch is missing or beyond its bounds, and no request of it was carried
   static void fields(auto& self, auto& wire) {
      wire.number(self.count);
      wire.flag(self.sendable);
   }
};

struct AnswerHeader {
   std::string_view name;
   std::string_view value;
   static void fields(auto& self, auto& wire) {
      wire.text(self.name, kMaxHeader);
      wire.text(self.value, kMaxHeader);
   }
};

struct Answer {
   static constexpr std::uint8_t kType = kFirstOfOperations + 12;
   std::uint32_t flags = 0;
   std::int32_t status = 0;
   std::int32_t outcome = 0;
   std::vector<AnswerHeader> headers;
   std::string_view body;
   std::uint8_t nul = 0;  // a plugin finds it after the body
   bool has_problem = false;
   FindingReport problem;

   static void fields(auto& self, auto& wire) {
      wire.number(self.flags);
      wire.number(self.status);
      wire.number(self.outcome);
      wire.list(self.headers, kMaxAnswered, [&wire](auto& header) { AnswerHeader::fields(header, wire); });
      wire.bytes(self.body, MSP_HTTP_BODY_MAX);
      wire.number(self.nul);
      wire.flag(self.has_problem);
      FindingReport::fields(self.problem, wire);
   }
};

struct DigestRequest {
   static constexpr std::uint8_t kType = kFirstOfOperations + 13;
   std::int32_t algorithm = 0;
   bool keyed = false;
   std::string_view key;
   std::string_view data;
   static void fields(auto& self, auto& wire) {
      wire.number(self.algorithm);
      wire.flag(self.keyed);
      wire.bytes(self.key, MSP_DIGEST_KEY_MAX);
      wire.bytes(self.data, MSP_DIGEST_DATA_MAX);
   }
};

struct DigestAnswer {
   static constexpr std::uint8_t kType = kFirstOfOperations + 14;
   std::int32_t result = 0;
   std::string_view digest;
   static void fields(auto& self, auto& wire) {
      wire.number(self.result);
      wire.bytes(self.digest, MSP_SHA512_SIZE);
   }
};

// Where the platform sends the browser back to.
struct RedirectQuestion {
   static constexpr std::uint8_t kType = kFirstOfOperations + 16;
   static void fields(auto& /*self*/, auto& /*wire*/) {}
};

struct RedirectAnswer {
   static constexpr std::uint8_t kType = kFirstOfOperations + 17;
   OptionalText address;
   static void fields(auto& self, auto& wire) { wire.optional_text(self.address, kMaxUrl); }
};

struct VisitRequest {
   static constexpr std::uint8_t kType = kFirstOfOperations + 18;
   std::uint32_t struct_size = 0;
   std::uint32_t expires_in_s = 0;
   OptionalText url;
   OptionalText user_code;
   static void fields(auto& self, auto& wire) {
      wire.number(self.struct_size);
      wire.number(self.expires_in_s);
      wire.optional_text(self.url, kMaxUrl);
      wire.optional_text(self.user_code, kMaxName);
   }
};

struct VisitAnswer {
   static constexpr std::uint8_t kType = kFirstOfOperations + 19;
   std::int32_t outcome = 0;
   std::uint32_t remaining_ms = 0;  // the time that a person takes does not count
   std::string_view query;
   bool has_problem = false;
   FindingReport problem;
   static void fields(auto& self, auto& wire) {
      wire.number(self.outcome);
      wire.number(self.remaining_ms);
      wire.text(self.query, kMaxWord);
      wire.flag(self.has_problem);
      FindingReport::fields(self.problem, wire);
   }
};

struct KeepRequest {
   static constexpr std::uint8_t kType = kFirstOfOperations + 20;
   OptionalText field;
   OptionalText value;
   static void fields(auto& self, auto& wire) {
      wire.optional_text(self.field, kMaxName);
      wire.optional_text(self.value, kMaxValue);
   }
};

struct KeepAnswer {
   static constexpr std::uint8_t kType = kFirstOfOperations + 21;
   std::int32_t result = 0;
   static void fields(auto& self, auto& wire) { wire.number(self.result); }
};

// A signature by the key of a field, or the thumbprint of the certificate beside it.
struct SignRequest {
   static constexpr std::uint8_t kType = kFirstOfOperations + 24;
   bool thumbprint = false;
   std::int32_t algorithm = 0;
   OptionalText field;
   std::string_view data;
   static void fields(auto& self, auto& wire) {
      wire.flag(self.thumbprint);
      wire.number(self.algorithm);
      wire.optional_text(self.field, kMaxName);
      wire.bytes(self.data, MSP_SIGN_DATA_MAX);
   }
};

struct SignAnswer {
   static constexpr std::uint8_t kType = kFirstOfOperations + 25;
   std::int32_t result = 0;
   std::string_view bytes;
   static void fields(auto& self, auto& wire) {
      wire.number(self.result);
      wire.bytes(self.bytes, MSP_SIGNATURE_MAX);
   }
};

// What is to be signed, right after Begin.
struct WhatToSign {
   static constexpr std::uint8_t kType = kFirstOfOperations + 22;
   OptionalText session;
   Request request;
   static void fields(auto& self, auto& wire) {
      wire.optional_text(self.session, kMaxName);
      Request::fields(self.request, wire);
   }
};

// A header or a parameter that signs it.
struct SignaturePair {
   static constexpr std::uint8_t kType = kFirstOfOperations + 23;
   bool in_query = false;
   bool missing = false;  // a null pointer
   Pair pair;
   static void fields(auto& self, auto& wire) {
      wire.flag(self.in_query);
      wire.flag(self.missing);
      Pair::fields(self.pair, wire);
   }
};

struct Returned {
   static constexpr std::uint8_t kType = kFirstOfOperations + 15;
   enum How : std::uint8_t { returned, threw, made_no_connection };
   std::uint8_t how = returned;
   std::int32_t outcome = 0;
   std::uint32_t lines_left_out = 0;  // of the plugin's log, beyond MSP_LOG_LINES_MAX
   static void fields(auto& self, auto& wire) {
      wire.number(self.how);
      wire.number(self.outcome);
      wire.number(self.lines_left_out);
   }
};

}  // namespace msp::isolation
