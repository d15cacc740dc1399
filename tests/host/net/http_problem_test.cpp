#include "net/http_problem.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <string>
#include <system_error>

namespace msp::host {
namespace {

// As the system numbers it.
#if defined(_WIN32)
constexpr int kRefused = 10061, kNoRoute = 10051, kHostDown = 10065, kTimedOut = 10060, kNotAllowed = 10013,
              kExhausted = 10024;
#else
constexpr int kRefused = ECONNREFUSED, kNoRoute = ENETUNREACH, kHostDown = EHOSTUNREACH, kTimedOut = ETIMEDOUT,
              kNotAllowed = EACCES, kExhausted = EMFILE;
#endif

TransferFailure failure(int code, std::string_view detail = {}) {
   TransferFailure result;
   result.code = code;
   result.host = "api.example.com";
   result.detail = detail;
   return result;
}

TransferFailure sent(int code, int status = 0, std::string_view detail = {}) {
   TransferFailure result = failure(code, detail);
   result.sent = true;
   result.status = status;
   return result;
}

TEST(HttpProblem, every_code_of_libcurl_has_a_finding_that_says_what_happened_and_what_to_do) {
   const std::set<std::string> known = {"net.dns",
                                        "net.connect",
                                        "net.timeout",
                                        "net.proxy",
                                        "net.reset",
                                        "net.tls_untrusted",
                                        "net.tls_name",
                                        "net.tls_expired",
                                        "net.tls_protocol",
                                        "host.cancelled",
                                        "host.internal",
                                        "plugin.defect",
                                        "platform.unexpected_response"};
   for (int code = CURLE_OK + 1; code < CURL_LAST; ++code) {
      const HttpProblem problem = describe(failure(code, "libcurl's words"));
      EXPECT_EQ(known.count(problem.finding.code), 1U) << code << ": " << problem.finding.code;
      EXPECT_EQ(problem.finding.severity, Severity::error) << code;
      EXPECT_TRUE(problem.finding.summary.ends_with('.')) << code << ": " << problem.finding.summary;
      EXPECT_TRUE(problem.finding.remedy.ends_with('.')) << code << ": " << problem.finding.remedy;
      const bool no_answer = problem.outcome == Outcome::unreachable || problem.outcome == Outcome::unavailable ||
                             problem.outcome == Outcome::cancelled || problem.outcome == Outcome::failed;
      EXPECT_TRUE(no_answer) << code;
   }
}

// Plugins repeat a request after net.connect, because nothing was sent.
TEST(HttpProblem, what_was_sent_is_never_told_as_not_sent_nor_blamed_on_the_plugin) {
   for (int code = CURLE_OK + 1; code < CURL_LAST; ++code)
      for (const int status : {0, 200, 502})
         for (const bool proxy : {false, true}) {
            TransferFailure given = sent(code, status, "libcurl's words");
            given.proxy_failed = proxy;
            given.proxy_status = proxy ? 200 : 0;
            const HttpProblem problem = describe(given);
            const bool lost = problem.finding.code == "net.reset" && problem.outcome == Outcome::unreachable;
            const bool senseless =
                problem.finding.code == "platform.unexpected_response" && problem.outcome == Outcome::unavailable;
            EXPECT_TRUE(lost || senseless) << code << ": " << problem.finding.code;
            EXPECT_TRUE(status == 0 || senseless) << code << ": an answer had begun";
            EXPECT_EQ(problem.finding.summary.find("othing was sent"), std::string::npos) << problem.finding.summary;
            EXPECT_TRUE(problem.finding.summary.ends_with('.')) << code << ": " << problem.finding.summary;
         }
}

TEST(HttpProblem, tells_apart_what_an_administrator_must_tell_apart) {
   struct Case {
      const char* name;
      TransferFailure failure;
      Outcome outcome;
      std::string code;
      std::string words;  // found in summary or remedy
   };
   const auto with = [](TransferFailure base, auto change) {
      change(base);
      return base;
   };
   const auto verified = [&](long result) {
      return with(failure(CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: x"),
                  [&](TransferFailure& f) { f.verify_result = result; });
   };
   const auto not_connected = [&](int os_error) {
      return with(failure(CURLE_COULDNT_CONNECT), [&](TransferFailure& f) { f.os_error = os_error; });
   };
   const Case cases[] = {
       {"name", failure(CURLE_COULDNT_RESOLVE_HOST), Outcome::unreachable, "net.dns", "api.example.com"},
       {"refused", with(failure(CURLE_COULDNT_CONNECT), [](TransferFailure& f) { f.os_error = kRefused; }),
        Outcome::unreachable, "net.connect", std::system_category().message(kRefused)},
       {"refused, in words", not_connected(kRefused), Outcome::unreachable, "net.connect", "nothing listens"},
       {"no route", not_connected(kNoRoute), Outcome::unreachable, "net.connect", "has no network that leads to"},
       {"host down", not_connected(kHostDown), Outcome::unreachable, "net.connect", "leads to no computer"},
       {"system's time over", not_connected(kTimedOut), Outcome::unreachable, "net.timeout", "did not accept"},
       {"not allowed here", not_connected(kNotAllowed), Outcome::unreachable, "net.connect", "SELinux"},
       {"no room here", not_connected(kExhausted), Outcome::unreachable, "net.connect", "ulimit"},
       {"name in time", failure(CURLE_OPERATION_TIMEDOUT, "Resolving timed out after 15000 milliseconds"),
        Outcome::unreachable, "net.dns", "name service"},
       {"handshake in time", failure(CURLE_OPERATION_TIMEDOUT, "SSL connection timeout"), Outcome::unreachable,
        "net.timeout", "accepted the connection, but"},
       {"proxy in time", failure(CURLE_OPERATION_TIMEDOUT, "Proxy CONNECT aborted due to timeout"),
        Outcome::unreachable, "net.timeout", "The proxy did not connect"},
       {"proxy not reached", with(failure(CURLE_COULDNT_CONNECT), [](TransferFailure& f) { f.proxy_failed = true; }),
        Outcome::unreachable, "net.proxy", "Check the console's proxy"},
       {"proxy's name", failure(CURLE_COULDNT_RESOLVE_PROXY), Outcome::unreachable, "net.proxy",
        "Check the console's proxy"},
       {"proxy wants a password", with(failure(CURLE_RECV_ERROR), [](TransferFailure& f) { f.proxy_status = 407; }),
        Outcome::unreachable, "net.proxy", "user name and password"},
       {"proxy says no", with(failure(CURLE_RECV_ERROR), [](TransferFailure& f) { f.proxy_status = 403; }),
        Outcome::unreachable, "net.proxy", "allow https connections"},
       {"proxy says no, the last such status",
        with(failure(CURLE_RECV_ERROR), [](TransferFailure& f) { f.proxy_status = 499; }), Outcome::unreachable,
        "net.proxy", "allow https connections"},
       {"proxy itself failed", with(failure(CURLE_RECV_ERROR), [](TransferFailure& f) { f.proxy_status = 500; }),
        Outcome::unreachable, "net.proxy", "The proxy could not connect"},
       {"proxy finds no way", with(failure(CURLE_RECV_ERROR), [](TransferFailure& f) { f.proxy_status = 502; }),
        Outcome::unreachable, "net.proxy", "whether the proxy reaches this host"},
       {"tunnel fine, then reset", with(failure(CURLE_RECV_ERROR), [](TransferFailure& f) { f.proxy_status = 200; }),
        Outcome::unreachable, "net.reset", "firewall"},
       {"connect timeout", failure(CURLE_OPERATION_TIMEDOUT), Outcome::unreachable, "net.timeout",
        "allow more time for the connection"},
       {"unknown authority", verified(20), Outcome::unreachable, "net.tls_untrusted",
        "to those that the console believes"},
       {"self-signed", verified(18), Outcome::unreachable, "net.tls_untrusted", "self-signed"},
       {"expired", verified(10), Outcome::unreachable, "net.tls_expired", "date and time"},
       {"not yet valid", verified(9), Outcome::unreachable, "net.tls_expired", "not valid yet"},
       {"wrong name", verified(62), Outcome::unreachable, "net.tls_name", "another name"},
       {"wrong name, libcurl's own check",
        failure(CURLE_PEER_FAILED_VERIFICATION,
                "SSL: no alternative certificate subject name matches target host name"),
        Outcome::unreachable, "net.tls_name", "another name"},
       {"expired, Schannel", failure(CURLE_PEER_FAILED_VERIFICATION, "schannel: SEC_E_CERT_EXPIRED (0x80090328)"),
        Outcome::unreachable, "net.tls_expired", "date and time"},
       {"wrong name, Schannel", failure(CURLE_PEER_FAILED_VERIFICATION, "schannel: SEC_E_WRONG_PRINCIPAL (0x80090322)"),
        Outcome::unreachable, "net.tls_name", "another name"},
       {"unknown authority, Schannel",
        failure(CURLE_PEER_FAILED_VERIFICATION, "schannel: SEC_E_UNTRUSTED_ROOT (0x80090325)"), Outcome::unreachable,
        "net.tls_untrusted", "to those that the console believes"},
       {"expired, found during Schannel's handshake",
        failure(CURLE_SSL_CONNECT_ERROR, "next InitializeSecurityContext failed: SEC_E_CERT_EXPIRED (0x80090328)"),
        Outcome::unreachable, "net.tls_expired", "date and time"},
       {"expired, libcurl's look at Schannel's chain",
        failure(CURLE_PEER_FAILED_VERIFICATION, "CertGetCertificateChain trust error CERT_TRUST_IS_NOT_TIME_VALID"),
        Outcome::unreachable, "net.tls_expired", "not valid yet"},
       {"unknown authority, libcurl's look at Schannel's chain",
        failure(CURLE_PEER_FAILED_VERIFICATION, "CertGetCertificateChain trust error CERT_TRUST_IS_PARTIAL_CHAIN"),
        Outcome::unreachable, "net.tls_untrusted", "authority is not known"},
       {"revoked, Schannel",
        failure(CURLE_PEER_FAILED_VERIFICATION, "CertGetCertificateChain trust error CERT_TRUST_IS_REVOKED"),
        Outcome::unreachable, "net.tls_untrusted", "revoked"},
       {"wrong name, libcurl's look at Schannel's certificate",
        failure(CURLE_PEER_FAILED_VERIFICATION,
                "schannel: CertGetNameString() failed to match connection hostname (x) against server certificate"),
        Outcome::unreachable, "net.tls_name", "another name"},
       {"renegotiation",
        failure(CURLE_SSL_CONNECT_ERROR, "error:0A000152:SSL routines::unsafe legacy renegotiation disabled"),
        Outcome::unreachable, "net.tls_protocol", "RFC 5746"},
       {"old TLS", failure(CURLE_SSL_CONNECT_ERROR, "error:0A000102:SSL routines::unsupported protocol"),
        Outcome::unreachable, "net.tls_protocol", "TLS 1.2"},
       {"reset during the handshake",
        failure(CURLE_SSL_CONNECT_ERROR, "OpenSSL SSL_connect: Connection reset by peer in connection to x:443"),
        Outcome::unreachable, "net.reset", "firewall"},
       {"nothing came", sent(CURLE_GOT_NOTHING), Outcome::unreachable, "net.reset", "before an answer"},
       {"cut off", sent(CURLE_RECV_ERROR, 200), Outcome::unavailable, "platform.unexpected_response", "in the middle"},
       {"no HTTP", sent(CURLE_UNSUPPORTED_PROTOCOL, 0, "Received HTTP/0.9 when not allowed"), Outcome::unavailable,
        "platform.unexpected_response", "no HTTP answer"},
       {"a header line too long for libcurl", sent(CURLE_OUT_OF_MEMORY, 200), Outcome::unavailable,
        "platform.unexpected_response", "could not be read"},
       {"no memory", failure(CURLE_OUT_OF_MEMORY), Outcome::unreachable, "host.internal", "memory"},
       {"lost, and no second connection", sent(CURLE_COULDNT_CONNECT), Outcome::unreachable, "net.reset",
        "before an answer"},
       {"a certificate of the caller wanted",
        sent(CURLE_RECV_ERROR, 0, "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required"),
        Outcome::unreachable, "net.reset", "asks its callers for a certificate"},
   };
   for (const Case& c : cases) {
      const HttpProblem problem = describe(c.failure);
      EXPECT_EQ(problem.outcome, c.outcome) << c.name;
      EXPECT_EQ(problem.finding.code, c.code) << c.name;
      EXPECT_NE((problem.finding.summary + problem.finding.remedy).find(c.words), std::string::npos)
          << c.name << ": " << problem.finding.summary << " " << problem.finding.remedy;
      EXPECT_NE(problem.finding.summary.find("api.example.com"), std::string::npos) << c.name;
   }
}

TEST(HttpProblem, keeps_the_status_of_an_answer_that_had_begun) {
   EXPECT_EQ(describe(sent(CURLE_PARTIAL_FILE, 502)).finding.http_status, 502);
   EXPECT_EQ(describe(sent(CURLE_PARTIAL_FILE)).finding.http_status, std::nullopt);
}

}  // namespace
}  // namespace msp::host
