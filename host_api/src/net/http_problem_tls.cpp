// http_problem_tls.cpp - why there is no secure connection.
#include <array>
#include <chrono>
#include <cstdio>

#include "base/text.hpp"
#include "net/http_problem_parts.hpp"

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

HttpProblem untrusted(const TransferFailure& failure, std::string_view why, std::string_view remedy) {
   return problem(Outcome::unreachable, "net.tls_untrusted",
                  "The certificate of " + std::string(failure.host) + " is not trusted: " + std::string(why) +
                      in_brackets(failure.detail),
                  remedy);
}

constexpr std::string_view kAddAuthority =
    "If the server's certificate comes from your own authority, or your network inspects TLS, add that authority's "
    "certificate to those that the console believes. Otherwise somebody may be reading along: do not go on.";

HttpProblem unknown_authority(const TransferFailure& failure) {
   const std::string issuer = clean_text(failure.certificate.issuer, kMaxIssuer);
   const std::string named = issuer.empty() ? "" : ", \"" + issuer + "\",";
   if (failure.believes_nobody)
      return untrusted(failure, "this computer knows no certificate authorities at all",
                       "Install the certificate authorities of this system (on Debian and Ubuntu the package "
                       "ca-certificates), or name a file that holds them to the console.");
   if (failure.certificate.sent_alone && failure.certificate.issuer_elsewhere)
      return untrusted(
          failure, "the server does not send the certificate of its issuer" + named + " which is not known here",
          "The server's operator has to install the full chain, with the intermediate certificate. Until "
          "then, let the console believe the intermediate certificate. A browser may open the address all the "
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

}  // namespace

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

}  // namespace msp::host
