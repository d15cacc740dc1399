#include "base/finding_codes.hpp"

#include <algorithm>
#include <iterator>

namespace msp::host {
namespace {

constexpr std::string_view kCodes[] = {
    "input.required",
    "input.invalid",
    "input.too_long",
    "auth.rejected",
    "auth.user_unknown",
    "auth.expired",
    "auth.interaction_required",
    "auth.locked",
    "auth.mfa_required",
    "auth.method_deprecated",
    "auth.integration_code_invalid",
    "auth.wrong_account_type",
    "auth.unclear",
    "perm.missing",
    "perm.restricted",
    "perm.unverifiable",
    "net.dns",
    "net.connect",
    "net.timeout",
    "net.proxy",
    "net.reset",
    "net.tls_untrusted",
    "net.tls_name",
    "net.tls_expired",
    "net.tls_protocol",
    "net.host_not_allowed",
    "platform.throttled",
    "platform.unavailable",
    "platform.unexpected_response",
    "platform.wrong_product",
    "platform.redirected",
    "platform.unsupported_version",
    "plugin.defect",
    "plugin.incompatible",
    "plugin.not_enabled",
    "plugin.modified",
    "plugin.missing",
    "plugin.crashed",
    "plugin.hung",
    "plugin.exhausted",
    "plugin.quarantined",
    "host.cancelled",
    "host.deadline",
    "host.storage",
    "host.secret_unreadable",
    "host.internal",
    "host.request_invalid",
    "integration.changed",
    "integration.disabled",
    "integration.missing",
    "name.blank",
    "name.duplicate",
    "account.already_connected",
    "account.mismatch",
    "access.csrf",
    "access.foreign_host",
    "access.foreign_origin",
    "access.link_used",
    "access.no_session",
    "access.too_many_attempts",
    "check.missing",
    "check.too_many",
    "host.listen",
    "page.console_gone",
    "request.invalid",
    "request.method",
    "request.missing",
    "usage",
};

}  // namespace

bool is_contract_code(std::string_view code) noexcept {
   return std::find(std::begin(kCodes), std::end(kCodes), code) != std::end(kCodes);
}

}  // namespace msp::host
