#include "http_problem.hpp"

#include <curl/curl.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>

#include "text.hpp"

namespace msp::host {
namespace {

// OpenSSL's verdicts on a certificate, which this library tells apart; the numbers are part of its stable interface.
constexpr long kNoIssuer = 2;
constexpr long kNotYetValid = 9;
constexpr long kHasExpired = 10;
constexpr long kSelfSigned = 18;
constexpr long kSelfSignedInChain = 19;
constexpr long kNoLocalIssuer = 20;
constexpr long kNoFirstSignature = 21;
constexpr long kHostMismatch = 62;
constexpr long kKeyTooSmall = 66;
constexpr long kAuthorityKeyTooSmall = 67;
constexpr long kDigestTooWeak = 68;

constexpr std::size_t kMaxIssuer = 80;  // bytes of an issuer's name that are shown

constexpr std::string_view kAskPlatform = "Ask the platform's support or its status page, and try again later.";

HttpProblem problem(Outcome outcome, std::string code, std::string summary, std::string_view remedy) {
   HttpProblem result{outcome, {}};
   result.finding.code = std::move(code);
   result.finding.summary = std::move(summary);
   result.finding.remedy = remedy;
   return result;
}

bool mentions(std::string_view text, std::initializer_list<std::string_view> words) {
   for (const auto word : words)
      if (text.find(word) != std::string_view::npos) return true;
   return false;
}

// libcurl's sentence in brackets, for the support desk: " (SSL certificate problem: ...)".
std::string in_brackets(std::string_view detail) {
   detail = trim(detail);
   return detail.empty() ? std::string() : " (" + std::string(detail) + ")";
}

HttpProblem untrusted(const TransferFailure& failure, std::string_view why, std::string_view remedy) {
   return problem(Outcome::unreachable, "net.tls_untrusted",
                  "The certificate of " + std::string(failure.host) + " is not trusted: " + std::string(why) +
                      in_brackets(failure.detail),
                  remedy);
}

constexpr std::string_view kAddAuthority =
    "If the server's certificate comes from your own authority, or your network inspects TLS, add that authority's "
    "certificate with --cacert. Otherwise somebody may be reading along: do not go on.";

HttpProblem unknown_authority(const TransferFailure& failure) {
   const std::string issuer = clean_text(failure.certificate.issuer, kMaxIssuer);
   const std::string named = issuer.empty() ? "" : ", \"" + issuer + "\",";
   if (failure.believes_nobody)
      return untrusted(failure, "this computer knows no certificate authorities at all",
                       "Install the certificate authorities of this system (on Debian and Ubuntu the package "
                       "ca-certificates), or name a file that holds them with --cacert.");
   if (failure.certificate.sent_alone && failure.certificate.issuer_elsewhere)
      return untrusted(failure,
                       "the server does not send the certificate of its issuer" + named + " which is not known here",
                       "The server's operator has to install the full chain, with the intermediate certificate. Until "
                       "then, add the intermediate certificate with --cacert. A browser may open the address all the "
                       "same, because it fetches what is missing.");
   return untrusted(failure, "its authority" + named + " is not known here", kAddAuthority);
}

HttpProblem too_weak(const TransferFailure& failure, std::string_view what) {
   return untrusted(failure, what,
                    "The server's operator has to renew the certificate, with a key of RSA 2048 bits or P-256 or more "
                    "and a signature by SHA-256 or better. No option here makes up for it.");
}

HttpProblem wrong_name(const TransferFailure& failure) {
   return problem(Outcome::unreachable, "net.tls_name",
                  "The server that answered for " + std::string(failure.host) +
                      " shows a certificate for another name" + in_brackets(failure.detail),
                  "Check the address for typing errors, and that name service and proxy lead to the right server.");
}

// "2026-11-27 16:40 UTC".
std::string moment_in_words(std::time_t moment) {
   using namespace std::chrono;
   const sys_seconds time{seconds(moment)};
   const auto day = floor<days>(time);
   const year_month_day date(day);
   const hh_mm_ss clock(time - day);
   std::array<char, 40> text{};
   std::snprintf(text.data(), text.size(), "%d-%02u-%02u %02d:%02d UTC", static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()));
   return text.data();
}

HttpProblem not_valid_now(const TransferFailure& failure, std::string_view when, std::string_view else_what) {
   const std::string clock = failure.now == 0 ? "" : ", and this computer's clock says " + moment_in_words(failure.now);
   return problem(Outcome::unreachable, "net.tls_expired",
                  "The certificate of " + std::string(failure.host) + " " + std::string(when) + clock +
                      in_brackets(failure.detail),
                  "Check this computer's date and time. If they are right, " + std::string(else_what));
}

constexpr std::string_view kRenew = "the server's operator has to renew the certificate.";

// The numbers where OpenSSL gave one; Schannel leaves only its words.
HttpProblem certificate_refused(const TransferFailure& failure) {
   const auto words = to_lower(failure.detail);
   if (failure.verify_result == kHasExpired || mentions(words, {"certificate has expired"}))
      return not_valid_now(failure, "has expired", kRenew);
   if (failure.verify_result == kNotYetValid)
      return not_valid_now(failure, "is not valid yet",
                           "the server's operator has installed a certificate too early, or its clock was wrong.");
   if (mentions(words, {"cert_expired", "not_time_valid"}))
      return not_valid_now(failure, "has expired or is not valid yet", kRenew);
   if (failure.verify_result == kHostMismatch ||
       mentions(words,
                {"does not match target", "no alternative certificate subject name", "wrong_principal",
                 "failed to match connection hostname", "name verification failed", "unable to obtain common name"}))
      return wrong_name(failure);
   if (mentions(words, {"revoked"}))
      return untrusted(failure, "its authority has revoked it",
                       "Do not go on: ask the server's operator, who has to install another certificate.");
   if (failure.verify_result == kKeyTooSmall || failure.verify_result == kAuthorityKeyTooSmall ||
       mentions(words, {"ee key too small", "ca key too small"}))
      return too_weak(failure, "its key, or that of its authority, is too short");
   if (failure.verify_result == kDigestTooWeak || mentions(words, {"ca md too weak", "weak_signature"}))
      return too_weak(failure, "it is signed in a way that is too weak");
   if (mentions(words, {"untrusted_root", "partial_chain"})) return unknown_authority(failure);
   switch (failure.verify_result) {
      case kSelfSigned:
         if (failure.believes_nobody) return unknown_authority(failure);
         return untrusted(failure, "it is self-signed", kAddAuthority);
      case kNoIssuer:
      case kSelfSignedInChain:
      case kNoLocalIssuer:
      case kNoFirstSignature:
         return unknown_authority(failure);
      default:
         return untrusted(failure, "it did not pass verification", kAddAuthority);
   }
}

HttpProblem connection_lost(const TransferFailure& failure) {
   const auto words = to_lower(failure.detail);
   if (mentions(words, {"certificate required"}))
      return problem(Outcome::unreachable, "net.reset",
                     std::string(failure.host) + " closed the connection: it asks its callers for a certificate" +
                         in_brackets(failure.detail),
                     "Certificates of callers are not supported here. Ask the server's operator for an address that "
                     "does without.");
   return problem(Outcome::unreachable, "net.reset",
                  "The connection to " + std::string(failure.host) + " was closed before an answer came" +
                      in_brackets(failure.detail),
                  "Try again. If it happens every time, a firewall or TLS inspection between here and the server "
                  "closes the connection, or the server does not allow this address.");
}

HttpProblem handshake_failed(const TransferFailure& failure) {
   const auto words = to_lower(failure.detail);
   if (mentions(words, {"unsafe legacy renegotiation"}))
      return problem(Outcome::unreachable, "net.tls_protocol",
                     std::string(failure.host) +
                         " offers only the unsafe legacy renegotiation of TLS, which is not accepted" +
                         in_brackets(failure.detail),
                     "The server, or a TLS-inspecting proxy before it, has to support secure renegotiation "
                     "(RFC 5746). Ask its operator to update it.");
   if (mentions(words, {"ssl_error_syscall", "connection reset", "unexpected eof"})) return connection_lost(failure);
   if (mentions(words, {"cert_expired", "cert_unknown", "crypt_e_revoked"})) return certificate_refused(failure);
   return problem(Outcome::unreachable, "net.tls_protocol",
                  std::string(failure.host) + " and this computer could not agree on a secure connection" +
                      in_brackets(failure.detail),
                  "The server has to offer TLS 1.2 or newer. Check that the address and the port are those of an "
                  "https service, and whether a proxy or TLS inspection stands between.");
}

// "NTLM and Negotiate".
std::string kinds_in_words(long kinds) {
   std::string words;
   for (const auto& [kind, name] : {std::pair{CURLAUTH_DIGEST, "Digest"},
                                    {CURLAUTH_NTLM, "NTLM"},
                                    {CURLAUTH_NEGOTIATE, "Negotiate"},
                                    {CURLAUTH_BEARER, "Bearer"}})
      if ((static_cast<unsigned long>(kinds) & kind) != 0) words += (words.empty() ? "" : " and ") + std::string(name);
   return words;
}

HttpProblem proxy_sign_in(const TransferFailure& failure) {
   const std::string the_proxy = "The proxy on the way to " + std::string(failure.host);
   const bool offers_basic = (static_cast<unsigned long>(failure.proxy_kinds) & CURLAUTH_BASIC) != 0;
   if (const std::string kinds = kinds_in_words(failure.proxy_kinds); !offers_basic && !kinds.empty())
      return problem(Outcome::unreachable, "net.proxy",
                     the_proxy + " asks for a sign-in of a kind that is not spoken here (407): it offers " + kinds +
                         ", and only Basic is spoken.",
                     "Ask the proxy's administrator to offer Basic to this computer, or to let it pass this host "
                     "without a sign-in.");
   if (failure.proxy_user)
      return problem(Outcome::unreachable, "net.proxy",
                     the_proxy + " did not accept the user name and password in the proxy's address (407).",
                     "Check both in --proxy or https_proxy. Characters such as @ : / stand there percent-encoded, an "
                     "@ as %40.");
   return problem(Outcome::unreachable, "net.proxy",
                  the_proxy + " asks for a user name and password (407), and none were given.",
                  "Give them in the proxy's address, http://USER:PASSWORD@HOST:PORT, or let the proxy pass this host "
                  "without.");
}

HttpProblem proxy_problem(const TransferFailure& failure) {
   const std::string host(failure.host);
   if (failure.proxy_status == 407) return proxy_sign_in(failure);
   if (failure.proxy_status != 0)
      return problem(
          Outcome::unreachable, "net.proxy",
          "The proxy refused to connect to " + host + " (HTTP " + std::to_string(failure.proxy_status) + ").",
          "Ask the proxy's administrator to allow https connections to this host.");
   return problem(Outcome::unreachable, "net.proxy",
                  "The proxy on the way to " + host + " could not be used" + in_brackets(failure.detail),
                  "Check the --proxy option, or https_proxy and no_proxy in the environment, and that the proxy runs.");
}

// A connect() of the system that failed, in the system's own numbers.
enum class ConnectFailure { refused, no_route, host_down, timed_out, not_allowed, exhausted, other };

ConnectFailure connect_failure(int os_error) {
   switch (os_error) {
#if defined(_WIN32)
      case 10061:
         return ConnectFailure::refused;
      case 10050:
      case 10051:
      case 10049:
         return ConnectFailure::no_route;
      case 10064:
      case 10065:
         return ConnectFailure::host_down;
      case 10060:
         return ConnectFailure::timed_out;
      case 10013:
         return ConnectFailure::not_allowed;
      case 10024:
      case 10055:
         return ConnectFailure::exhausted;
#else
      case ECONNREFUSED:
         return ConnectFailure::refused;
      case ENETDOWN:
      case ENETUNREACH:
      case EADDRNOTAVAIL:
         return ConnectFailure::no_route;
      case EHOSTDOWN:
      case EHOSTUNREACH:
         return ConnectFailure::host_down;
      case ETIMEDOUT:
         return ConnectFailure::timed_out;
      case EACCES:
      case EPERM:
         return ConnectFailure::not_allowed;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
         return ConnectFailure::exhausted;
#endif
      default:
         return ConnectFailure::other;
   }
}

// The name is looked up, the connection made, the proxy asked and the handshake done in one and the same time.
HttpProblem not_in_time(const TransferFailure& failure) {
   const std::string host(failure.host);
   const auto words = to_lower(failure.detail);
   if (mentions(words, {"resolving timed out"}))
      return problem(Outcome::unreachable, "net.dns", "The name " + host + " could not be resolved in time.",
                     "Check that this computer's name service (DNS) answers, or allow more time (--connect-timeout).");
   if (mentions(words, {"proxy connect"}))
      return problem(Outcome::unreachable, "net.timeout",
                     "The proxy did not connect to " + host + " in time" + in_brackets(failure.detail),
                     "Ask the proxy's administrator whether it reaches this host, or allow more time "
                     "(--connect-timeout).");
   if (mentions(words, {"ssl connection timeout"}))
      return problem(
          Outcome::unreachable, "net.timeout",
          host + " accepted the connection, but did not agree on a secure one in time" + in_brackets(failure.detail),
          "Check that the address and the port are those of an https service, whether a firewall or TLS "
          "inspection holds the connection, or allow more time (--connect-timeout).");
   return problem(Outcome::unreachable, "net.timeout",
                  host + " did not accept a connection in time" + in_brackets(failure.detail),
                  "Try again. If it happens every time, check that the firewall allows https to this host, "
                  "whether a proxy is required (--proxy), or allow more time (--connect-timeout).");
}

HttpProblem not_connected(const TransferFailure& failure) {
   const std::string system = failure.os_error != 0 ? std::system_category().message(failure.os_error) : std::string();
   const std::string why(trim(system.empty() ? failure.detail : std::string_view(system)));
   const std::string host(failure.host);
   const auto told = [&](const std::string& what, std::string_view remedy) {
      return problem(Outcome::unreachable, "net.connect", what + in_brackets(why), remedy);
   };
   switch (connect_failure(failure.os_error)) {
      case ConnectFailure::refused:
         return told(
             host + " refused the connection: nothing listens at that address and port, or a firewall rejects it",
             "Check the address and port, and that the firewall allows https to this host. If a proxy is "
             "required, set it with --proxy.");
      case ConnectFailure::no_route:
         return told("This computer has no network that leads to " + host,
                     "Check this computer's network connection and routes (IPv4 and IPv6). If a proxy is required, set "
                     "it with --proxy.");
      case ConnectFailure::host_down:
         return told("The network leads to no computer at the address of " + host,
                     "Check the address, that the server runs, and that no firewall stands before it. If a proxy is "
                     "required, set it with --proxy.");
      case ConnectFailure::not_allowed:
         return told("This computer does not let this program connect to " + host,
                     "Check the firewall of this computer and what confines this program, such as SELinux, AppArmor or "
                     "the settings of its service.");
      case ConnectFailure::exhausted:
         return told("This computer has no room left for a connection to " + host,
                     "Check that it has memory left and how many files a program may open (ulimit -n).");
      case ConnectFailure::timed_out:
         return not_in_time(failure);
      case ConnectFailure::other:
         break;
   }
   return problem(Outcome::unreachable, "net.connect", "No connection to " + host + (why.empty() ? "." : ": " + why),
                  "Check the address and port, this computer's network, and that the firewall allows https to this "
                  "host. If a proxy is required, set it with --proxy.");
}

HttpProblem no_sensible_answer(const TransferFailure& failure, std::string_view what) {
   return problem(Outcome::unavailable, "platform.unexpected_response",
                  std::string(failure.host) + " " + std::string(what) + in_brackets(failure.detail), kAskPlatform);
}

HttpProblem not_made(const TransferFailure& failure) {
   return problem(Outcome::unreachable, "host.failed",
                  "The request to " + std::string(failure.host) + " could not be made: " +
                      curl_easy_strerror(static_cast<CURLcode>(failure.code)) + in_brackets(failure.detail),
                  "Try again. If it stays, restart the console and check that this computer has memory left.");
}

// The request, or a part of it, is on its way. Codes that speak of a connection that was not made are then about
// libcurl's second try, after the first connection was lost; whatever else went wrong, the answer made it go wrong.
HttpProblem after_sending(const TransferFailure& failure) {
   switch (failure.code) {
      case CURLE_COULDNT_RESOLVE_PROXY:
      case CURLE_COULDNT_RESOLVE_HOST:
      case CURLE_COULDNT_CONNECT:
      case CURLE_PROXY:
      case CURLE_INTERFACE_FAILED:
      case CURLE_NO_CONNECTION_AVAILABLE:
      case CURLE_OPERATION_TIMEDOUT:
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_ISSUER_ERROR:
      case CURLE_SSL_INVALIDCERTSTATUS:
      case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      case CURLE_SSL_CONNECT_ERROR:
      case CURLE_SSL_CIPHER:
      case CURLE_SSL_SHUTDOWN_FAILED:
      case CURLE_SSL_CLIENTCERT:
      case CURLE_SSL_CERTPROBLEM:
      case CURLE_USE_SSL_FAILED:
      case CURLE_GOT_NOTHING:
      case CURLE_SEND_ERROR:
      case CURLE_RECV_ERROR:
      case CURLE_SEND_FAIL_REWIND:
      case CURLE_ABORTED_BY_CALLBACK:
      case CURLE_AGAIN:
      case CURLE_UNRECOVERABLE_POLL:
         return failure.status == 0 ? connection_lost(failure)
                                    : no_sensible_answer(failure, "broke off in the middle of its answer");
      case CURLE_PARTIAL_FILE:
         return no_sensible_answer(failure, "broke off in the middle of its answer");
      case CURLE_HTTP2:
      case CURLE_HTTP2_STREAM:
      case CURLE_HTTP3:
      case CURLE_QUIC_CONNECT_ERROR:
         return no_sensible_answer(failure, "broke the rules of HTTP");
      case CURLE_BAD_CONTENT_ENCODING:
         return no_sensible_answer(failure, "sent a compressed answer that cannot be unpacked");
      case CURLE_OUT_OF_MEMORY:
#if LIBCURL_VERSION_NUM >= 0x080600
      case CURLE_TOO_LARGE:
#endif
         return no_sensible_answer(failure,
                                   "sent an answer that could not be read: a line of its header is too long, or this "
                                   "computer has no memory left");
      default:
         return no_sensible_answer(failure, "sent something that is no HTTP answer");
   }
}

HttpProblem before_sending(const TransferFailure& failure) {
   const std::string host(failure.host);
   switch (failure.code) {
      case CURLE_COULDNT_RESOLVE_PROXY:
      case CURLE_PROXY:
         return proxy_problem(failure);
      case CURLE_COULDNT_RESOLVE_HOST:
         return problem(Outcome::unreachable, "net.dns", "The name " + host + " could not be resolved.",
                        "Check the address for typing errors, and that this computer's name service (DNS) works.");
      case CURLE_COULDNT_CONNECT:
      case CURLE_INTERFACE_FAILED:
      case CURLE_NO_CONNECTION_AVAILABLE:
         return not_connected(failure);
      case CURLE_OPERATION_TIMEDOUT:
         return not_in_time(failure);
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_ISSUER_ERROR:
      case CURLE_SSL_INVALIDCERTSTATUS:
      case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
         return certificate_refused(failure);
      case CURLE_SSL_CONNECT_ERROR:
      case CURLE_SSL_CIPHER:
      case CURLE_SSL_SHUTDOWN_FAILED:
      case CURLE_SSL_CLIENTCERT:
      case CURLE_SSL_CERTPROBLEM:
      case CURLE_USE_SSL_FAILED:
         return handshake_failed(failure);
      case CURLE_SSL_CACERT_BADFILE:
      case CURLE_SSL_CRL_BADFILE:
      case CURLE_SSL_ENGINE_INITFAILED:
      case CURLE_SSL_ENGINE_NOTFOUND:
      case CURLE_SSL_ENGINE_SETFAILED:
         return problem(Outcome::unreachable, "net.tls_untrusted",
                        "The trusted certificates of this computer could not be used" + in_brackets(failure.detail),
                        "Check the system's certificate store and the file given with --cacert.");
      case CURLE_GOT_NOTHING:
      case CURLE_SEND_ERROR:
      case CURLE_RECV_ERROR:
      case CURLE_SEND_FAIL_REWIND:
      case CURLE_AGAIN:
      case CURLE_UNRECOVERABLE_POLL:
      case CURLE_PARTIAL_FILE:
         return connection_lost(failure);
      case CURLE_HTTP2:
      case CURLE_HTTP2_STREAM:
      case CURLE_HTTP3:
      case CURLE_QUIC_CONNECT_ERROR:
         return no_sensible_answer(failure, "broke the rules of HTTP");
      case CURLE_ABORTED_BY_CALLBACK:
         return operation_cancelled();
      case CURLE_URL_MALFORMAT:
      case CURLE_UNSUPPORTED_PROTOCOL:
      case CURLE_BAD_FUNCTION_ARGUMENT:
      case CURLE_HTTP_POST_ERROR:
      case CURLE_READ_ERROR:
         return request_refused("it cannot be sent" + in_brackets(failure.detail));
      default:  // out of memory, a libcurl built without something, and codes of other protocols
         return not_made(failure);
   }
}

HttpProblem classified(const TransferFailure& failure) {
   if (failure.sent) return after_sending(failure);
   if (failure.proxy_failed || (failure.proxy_status != 0 && failure.proxy_status / 100 != 2))
      return proxy_problem(failure);
   return before_sending(failure);
}

}  // namespace

HttpProblem describe(const TransferFailure& failure) {
   HttpProblem result = classified(failure);
   std::string& summary = result.finding.summary;
   if (!summary.empty() && summary.back() != '.') summary += '.';
   if (failure.status != 0) result.finding.http_status = failure.status;
   return result;
}

HttpProblem not_a_status(std::string_view host, int status) {
   return problem(
       Outcome::unavailable, "platform.unexpected_response",
       std::string(host) + " answered with the status " + std::to_string(status) + ", which HTTP does not have.",
       kAskPlatform);
}

HttpProblem answer_too_large(std::string_view host, std::string_view what, std::string_view limit) {
   return problem(Outcome::unavailable, "platform.unexpected_response",
                  "The " + std::string(what) + " of the answer of " + std::string(host) + " is longer than " +
                      std::string(limit) + ", which no answer of a platform needs; it was not read to its end.",
                  kAskPlatform);
}

HttpProblem deadline_passed(std::string_view host) {
   return problem(Outcome::timed_out, "host.deadline",
                  std::string(host) + " did not answer before the time for it was over.",
                  "Try again. If it happens every time, the platform is slow or something between holds the "
                  "connection: allow more time (--timeout; for one step of a check, --step-timeout), or ask the "
                  "platform's support.");
}

HttpProblem operation_cancelled() {
   return problem(Outcome::cancelled, "host.cancelled", "The operation was cancelled.",
                  "Start it again when you are ready.");
}

HttpProblem request_refused(std::string_view reason) {
   return problem(Outcome::failed, "plugin.defect",
                  "The plugin asked for a request that is not allowed: " + std::string(reason) + ". Nothing was sent.",
                  "Report this to the plugin's author.");
}

}  // namespace msp::host
