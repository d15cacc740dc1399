// records.hpp - what the store keeps, as plain data.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "msp/host/catalog.hpp"
#include "msp/host/check.hpp"

namespace msp::console {

struct StoredValue {
   std::string value;
   bool from_preset = false;  // a copy of what the console's vendor supplied; a newer preset replaces it
   std::int64_t set_at = 0;
};

struct SealedSecret {
   std::string sealed;
   std::int64_t data_key = 0;
   bool from_preset = false;
   std::int64_t set_at = 0;
   std::string sealed_as = {};  // the field's id by then, where the plugin has renamed the field since
};

// A check as history keeps it, without any secret.
struct CheckRecord {
   std::int64_t at = 0;
   std::string purpose;    // "add", "edit", "check", "check_all" or "request"; empty when an earlier console kept it
   std::string principal;  // who was signed in, or was to be; empty likewise
   std::string outcome;
   std::string codes;  // of its findings, separated by spaces
   std::string plugin_version;
   std::string plugin_sha256;
   std::string rights;    // what it learned of them, as drift.hpp writes it; empty when they were not asked
   std::string document;  // msp.check/1; only of an integration's newest check that was made
   host::Isolation isolation = host::Isolation::process;  // where the plugin's code ran
   bool made = true;  // it came to a result about the settings; an earlier result stands beside one that did not
   host::Remarks remarks = {};
};

struct IntegrationRecord {
   std::int64_t id = 0;
   std::string name;
   std::string platform;  // manifest id
   bool enabled = true;
   host::Identity identity;
   std::int64_t revision = 0;  // grows with every change of the settings
   std::int64_t created_at = 0;
   std::int64_t changed_at = 0;
   std::map<std::string, StoredValue, std::less<>> values;
   std::map<std::string, SealedSecret, std::less<>> secrets;
   std::optional<CheckRecord> last_check;   // the newest that was made, without its document
   std::optional<CheckRecord> not_checked;  // the newest, when that could not be made; likewise
   // Since when the platform refuses the saved credentials; nobody tries them again unasked (an account locks itself
   // after a few). Absent while they were not refused.
   std::optional<std::int64_t> refused_at;
   // How often since then it was unclear whether the platform refused, and when last. None:
   // the platform did.
   int unclear_refusals = 0;
   std::int64_t unclear_at = 0;
   // As the store has it, where the plugin has renamed fields since: that is what the seals hold.
   std::shared_ptr<const IntegrationRecord> as_saved = nullptr;
};

// The administrator's decision about a plugin, with the seal that tells it from one that somebody wrote past the
// console.
struct ApprovalRecord {
   host::Approval approval;
   std::string sealed;         // empty when an earlier console kept it, or no key was there to seal it
   std::int64_t data_key = 0;  // 0: none
};

// What a plugin did when the console's process ended without having ended it.
struct PluginEnd {
   std::string plugin_id;
   std::string sha256;
   std::string operation;  // "load", "create", "destroy" or an operation's name
   bool hung = false;      // it had not come to its end in time
   std::int64_t at = 0;    // when that was found out

   [[nodiscard]] bool while_loading() const { return operation == "load"; }
};

// A data key, sealed by the key-encryption key with this fingerprint.
struct DataKeyRecord {
   std::int64_t id = 0;
   std::string sealed_by;
   std::string sealed;

   bool operator==(const DataKeyRecord&) const = default;
};

}  // namespace msp::console
