// msp/host/finding.hpp - what an administrator should know: findings, grants, identity.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace msp::host {

// An error says why something does not work. A warning should be seen to, though it works. An info is to be known.
enum class Severity { error = 1, warning = 2, info = 3 };
std::string_view name(Severity severity) noexcept;

// What happened and what to do next. It is also the one answer to "why not": a Result without a value holds a Finding.
// All texts are valid UTF-8, free of control characters but newline, and already redacted.
struct Finding {
   std::string code = {};     // closed set of ours, or "<vendor>.<code>"
   std::string summary = {};  // what happened
   std::string remedy = {};   // what to do next
   Severity severity = Severity::error;
   std::string field = {};    // empty: none
   std::string doc_url = {};  // empty: none
   std::optional<int> http_status = {};
   std::optional<int> retry_after_s = {};
   std::string step = {};  // set by the check: "settings", "validate_credentials", ...
};

// Of the host's own failure, for which neither plugin nor platform is to blame: "The console could not go on with the
// check: no memory is left on this machine." `remedy` is for what is not the machine's fault.
[[nodiscard]] Finding own_failure(std::string_view what, const std::exception& error, std::string_view remedy);

// Whether a code says that a plugin's process ended badly, or that the plugin is in quarantine for it: it says nothing
// about the settings.
bool is_plugin_end(std::string_view code) noexcept;

// How far a right goes; `restricted` is one under conditions.
enum class Granted { unknown = 0, none = 1, restricted = 2, all = 3 };
// How that is known: the platform stated it, or a harmless request was tried.
enum class How { not_stated = 0, introspected = 1, probed = 2 };
std::string_view name(Granted granted) noexcept;
std::string_view name(How how) noexcept;

// The verdict on one permission of the manifest.
struct Grant {
   std::string permission_id;
   Granted granted = Granted::unknown;
   How how = How::not_stated;
   std::string evidence;
};

// Who the credentials are. Same account and principal: the same integration.
struct Identity {
   std::string account;
   std::string label;
   std::string principal;
   std::string endpoint;
};

}  // namespace msp::host
