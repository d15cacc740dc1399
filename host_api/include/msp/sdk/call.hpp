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

// Who the credentials are. Two integrations with the same account and principal are one and the same.
struct Identity {
   std::string account;
   std::string label;
   std::string principal;
   std::string endpoint;
};

// What authenticates a request from now on. `base_url` ends in a slash; `expires_at` 0 means that it does not expire.
struct Session {
   std::string base_url;
   std::vector<std::pair<std::string, Secret>> headers;
   std::int64_t expires_at = 0;
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

   // Whether to stop: cancelled by the host, or past the deadline. [any-thread]
   [[nodiscard]] bool cancelled() const noexcept { return remaining_ms() == 0; }
   [[nodiscard]] std::uint32_t remaining_ms() const noexcept { return table_->remaining_ms(table_); }

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
      table.account = identity.account.c_str();
      table.label = identity.label.empty() ? nullptr : identity.label.c_str();
      table.principal = identity.principal.c_str();
      table.endpoint = identity.endpoint.empty() ? nullptr : identity.endpoint.c_str();
      table_->report_identity(table_, &table);
   }

   void report(const Session& session) {
      std::vector<msp_header> headers;
      for (const auto& [name, value] : session.headers) headers.push_back({name.c_str(), value.c_str()});
      msp_session table{};
      table.struct_size = sizeof(table);
      table.header_count = static_cast<std::uint32_t>(headers.size());
      table.base_url = session.base_url.c_str();
      table.headers = headers.data();
      table.expires_at = session.expires_at;
      table_->report_session(table_, &table);
   }

   [[nodiscard]] const msp_call* table() const noexcept { return table_; }

 private:
   static std::string_view text(const char* value) noexcept { return value == nullptr ? "" : value; }

   const msp_call* table_;
};

}  // namespace msp::sdk
