// msp/sdk/call.hpp - one operation: what the plugin may ask, and where it reports.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/call.h"
#include "msp/sdk/finding.hpp"
#include "msp/sdk/outcome.hpp"
#include "msp/sdk/secret.hpp"

namespace msp::sdk {

enum class Granted {
   unknown = MSP_GRANTED_UNKNOWN,
   none = MSP_GRANTED_NONE,
   restricted = MSP_GRANTED_RESTRICTED,
   all = MSP_GRANTED_ALL,
};

enum class How { not_stated = MSP_HOW_NOT_STATED, introspected = MSP_HOW_INTROSPECTED, probed = MSP_HOW_PROBED };

// The verdict on one permission of the manifest. `evidence` is what was seen, for example "userAccessForUpdate=None".
struct Grant {
   std::string permission_id;
   Granted granted = Granted::unknown;
   How how = How::not_stated;
   std::string evidence;
};

// Who the credentials are. Two integrations with the same account and principal are one and the same. An empty account
// says that the platform tells none: then the values of the fields marked "identity" stand for it.
struct Identity {
   std::string account;
   std::string label;
   std::string principal;
   std::string endpoint;
};

// A header or a parameter of a query. The host hides the value in all texts unless it is public.
struct Pair {
   Pair(std::string of_name, Secret of_value, bool public_value = false)
       : name(std::move(of_name)), value(std::move(of_value)), is_public(public_value) {}

   std::string name;
   Secret value;
   bool is_public;

   [[nodiscard]] msp_pair table() const noexcept {
      return {name.c_str(), value.c_str(), is_public ? MSP_PAIR_PUBLIC : 0U, 0};
   }
};

// What authenticates a request from now on. `base_url` ends in a slash; `expires_at` 0 means that it does not expire.
struct Session {
   std::string base_url;
   std::vector<Pair> headers;
   std::int64_t expires_at = 0;
   std::vector<Pair> query{};             // unescaped
   std::vector<int> rejected_statuses{};  // which say that the session is no longer good, beside 401
   std::string name{};                    // empty for the main one
   bool in_body = false;    // the console's own code writes the pairs into each request's body; the host sends none
   bool is_signed = false;  // the plugin signs each request: see signer.hpp
};

// A view of the host's table, good for one operation: never keep it, nor what it hands out. [call-thread]
class Call {
 public:
   explicit Call(const msp_call& table) noexcept : table_(&table) {}

   // The value of a field, empty when it is absent or invisible. What is returned is followed by a NUL.
   [[nodiscard]] std::string_view setting(const char* field_id) const noexcept {
      return text(table_->setting(table_, field_id));
   }
   [[nodiscard]] std::string_view secret(const char* field_id) const noexcept {
      return text(table_->secret(table_, field_id));
   }

   // Whether to stop: cancelled by the host, or past the deadline.
   [[nodiscard]] bool cancelled() const noexcept { return remaining_ms() == 0; }
   [[nodiscard]] std::uint32_t remaining_ms() const noexcept { return table_->remaining_ms(table_); }

   // Waits; false when the operation was cancelled or ended before the time was over.
   [[nodiscard]] bool wait(std::uint32_t ms) const noexcept {
      const bool enough = remaining_ms() > ms;
      return table_->wait(table_, ms) > 0 && enough;
   }

   // Whether the platform rejected the session that authenticate() reported last, so that another one is wanted.
   [[nodiscard]] bool session_was_rejected() const noexcept { return (table_->flags & MSP_CALL_REJECTED) != 0; }

   // Whether a person waits for the operation and may be asked something.
   [[nodiscard]] bool attended() const noexcept { return (table_->flags & MSP_CALL_ATTENDED) != 0; }

   // The language of whoever reads the findings: one of the manifest's own, as it is written there.
   [[nodiscard]] std::string_view language() const noexcept {
      return MSP_HAS(table_, language) ? text(table_->language) : std::string_view();
   }

   // What is being done now, one short sentence for people.
   void progress(const std::string& sentence) noexcept { table_->progress(table_, sentence.c_str()); }

   void report(const Finding& finding) noexcept {
      const msp_finding table = finding.table();
      table_->report_finding(table_, &table);
   }

   // Reports why there is no yes, and hands the outcome through: `return call.end(Outcome::refused, finding);`
   Outcome end(Outcome outcome, const Finding& finding) noexcept { return report(finding), outcome; }

   void report(const Grant& grant) noexcept {
      msp_grant table{};
      table.struct_size = sizeof(table);
      table.granted = static_cast<std::int32_t>(grant.granted);
      table.how = static_cast<std::int32_t>(grant.how);
      table.permission_id = grant.permission_id.c_str();
      table.evidence = grant.evidence.empty() ? nullptr : grant.evidence.c_str();
      table_->report_permission(table_, &table);
   }

   void report(const Identity& identity) noexcept {
      msp_identity table{};
      table.struct_size = sizeof(table);
      table.account = identity.account.empty() ? nullptr : identity.account.c_str();
      table.label = identity.label.empty() ? nullptr : identity.label.c_str();
      table.principal = identity.principal.c_str();
      table.endpoint = identity.endpoint.empty() ? nullptr : identity.endpoint.c_str();
      table_->report_identity(table_, &table);
   }

   void report(const Session& session) {
      std::vector<msp_pair> headers, query;
      for (const Pair& pair : session.headers) headers.push_back(pair.table());
      for (const Pair& pair : session.query) query.push_back(pair.table());
      const std::vector<std::int32_t> statuses(session.rejected_statuses.begin(), session.rejected_statuses.end());
      msp_session table{};
      table.struct_size = sizeof(table);
      table.flags = (session.in_body ? MSP_SESSION_IN_BODY : 0U) | (session.is_signed ? MSP_SESSION_SIGNED : 0U);
      table.name = session.name.empty() ? nullptr : session.name.c_str();
      table.base_url = session.base_url.c_str();
      table.headers = headers.data();
      table.header_count = static_cast<std::uint32_t>(headers.size());
      table.query = query.data();
      table.query_count = static_cast<std::uint32_t>(query.size());
      table.rejected_statuses = statuses.data();
      table.rejected_status_count = static_cast<std::uint32_t>(statuses.size());
      table.expires_at = session.expires_at;
      table_->report_session(table_, &table);
   }

   [[nodiscard]] const msp_call* table() const noexcept { return table_; }

 private:
   static std::string_view text(const char* value) noexcept { return value == nullptr ? "" : value; }

   const msp_call* table_;
};

}  // namespace msp::sdk
