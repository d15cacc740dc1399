#include "base/finding_codes.hpp"

#include <algorithm>
#include <iterator>

namespace msp::host {
namespace {

// What stands beside a code is its meaning in docs/REFERENCE.md.
constexpr std::string_view kCodes[] = {
    "input.required",             // A field of the form that must be filled in is empty.
    "input.invalid",              // A value that was entered does not have the form that it must have.
    "input.too_long",             // A value that was entered is longer than its field allows.
    "auth.rejected",              // The platform refused the credentials.
    "auth.user_unknown",          // The platform does not know the user.
    "auth.expired",               // The credentials, or a secret that was kept, are no longer valid.
    "auth.interaction_required",  // A person has to sign in, and nobody is there.
    "auth.locked",                // The platform has locked the account.
    "auth.mfa_required",          // The account asks for a second factor, which this method of signing in cannot give.
    "auth.method_deprecated",     // The method of signing in works, and the platform will end it.
    "auth.integration_code_invalid",  // The platform does not accept the code that names the integration.
    "auth.wrong_account_type",        // The account is of a kind that may not use the platform's API.
    "auth.unclear",  // The platform, or something in front of it, refused, or answered in a way that could not be read.
    "perm.missing",  // A right that the integration needs is not granted.
    "perm.restricted",       // A right is granted under conditions only.
    "perm.unverifiable",     // Whether a right is granted could not be found out.
    "net.dns",               // The host's name is not known to the network.
    "net.connect",           // No connection could be made; nothing was sent.
    "net.timeout",           // The connection, or the answer, did not come in time.
    "net.proxy",             // The proxy is not usable, or refused.
    "net.reset",             // The connection was closed before an answer came.
    "net.tls_untrusted",     // The host's certificate does not come from an authority that this computer trusts.
    "net.tls_name",          // The host's certificate is for another name.
    "net.tls_expired",       // The host's certificate is not valid at this time.
    "net.tls_protocol",      // The host and this computer have no secure way to speak in common.
    "net.host_not_allowed",  // The plugin's manifest does not allow the host; nothing was sent.
    "platform.throttled",    // The platform asks for fewer requests, or for patience.
    "platform.unavailable",  // The platform answered that it does not work now.
    "platform.unexpected_response",  // The answer is not one that the platform gives.
    "platform.wrong_product",        // At the address there is another product than the platform.
    "platform.redirected",           // The platform sent the request to another place, where it was not followed.
    "platform.unsupported_version",  // This version of the platform lacks what is needed.
    "plugin.defect",                 // The plugin broke a rule of the contract, which the summary names.
    "plugin.incompatible",           // Plugin and console need different versions of the contract, or of the system.
    "plugin.not_enabled",            // No administrator has approved the plugin.
    "plugin.modified",               // The plugin's file is another one than the approved one.
    "plugin.missing",                // The file of an approved plugin is gone, or could not be looked for.
    "plugin.crashed",                // The plugin's process ended by itself.
    "plugin.hung",                   // The plugin did not return and was ended.
    "plugin.exhausted",              // The plugin used more memory, time or messages than it may.
    "plugin.quarantined",            // The plugin is not used for a while, or until somebody releases it.
    "host.cancelled",                // Somebody cancelled the operation.
    "host.deadline",                 // The operation was not complete in the time that it had.
    "host.storage",                  // The console could not read or write what it keeps.
    "host.secret_unreadable",        // A secret that was saved cannot be opened.
    "host.internal",                 // This machine or the console failed, not the plugin or the platform.
    "host.request_invalid",          // A request through a saved integration is not allowed; nothing was sent.
    "integration.changed",           // Somebody else changed the integration meanwhile.
    "integration.disabled",          // The integration is disabled.
    "integration.missing",           // There is no such integration.
    "name.blank",                    // An integration's name is blank.
    "name.duplicate",                // Another integration has that name.
    "account.already_connected",     // Another integration is connected to the same account.
    "account.mismatch",              // The credentials are those of another account than the integration's.
    "access.csrf",                   // A request to the page's API has not the page's own token.
    "access.foreign_host",           // A request names a host that is not the console.
    "access.foreign_origin",         // A request comes from another page.
    "access.link_used",              // The link that opens the page was used before.
    "access.no_session",             // The page is not open, or its session has ended.
    "access.too_many_attempts",      // Too many wrong links were tried.
    "check.missing",                 // The report of a check is no longer kept.
    "check.too_many",                // Too many checks were started at once.
    "host.listen",                   // The page cannot be served at the address.
    "page.console_gone",             // The page does not reach its console.
    "request.invalid",               // A request to the page's API cannot be understood.
    "request.method",                // The page's API does not know this method there.
    "request.missing",               // There is nothing at this address of the page's API.
    "usage",                         // The command line cannot be understood.
};

}  // namespace

bool is_contract_code(std::string_view code) noexcept {
   return std::find(std::begin(kCodes), std::end(kCodes), code) != std::end(kCodes);
}

}  // namespace msp::host
