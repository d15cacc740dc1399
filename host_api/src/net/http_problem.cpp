#include "net/http_problem.hpp"

#include <curl/curl.h>

#include "base/text.hpp"
#include "net/http_problem_parts.hpp"

namespace msp::host {

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

std::string in_brackets(std::string_view detail) {
   detail = trim(detail);
   return detail.empty() ? std::string() : " (" + std::string(detail) + ")";
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

namespace {

constexpr std::string_view kAskPlatform = "Ask the platform's support or its status page, and try again later.";

HttpProblem no_sensible_answer(const TransferFailure& failure, std::string_view what) {
   return problem(Outcome::unavailable, "platform.unexpected_response",
                  std::string(failure.host) + " " + std::string(what) + in_brackets(failure.detail), kAskPlatform);
}

HttpProblem not_made(const TransferFailure& failure) {
   return problem(Outcome::unreachable, "host.internal",
                  "The request to " + std::string(failure.host) + " could not be made: " +
                      curl_easy_strerror(static_cast<CURLcode>(failure.code)) + in_brackets(failure.detail),
                  "Try again. If it stays, restart the console and check that this computer has memory left.");
}

HttpProblem broken_off(const TransferFailure& failure) {
   return failure.begun || failure.status != 0 ? no_sensible_answer(failure, "broke off in the middle of its answer")
                                               : connection_lost(failure);
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
      case CURLE_PARTIAL_FILE:  // over HTTP/2 also of an answer that never began
         return broken_off(failure);
      case CURLE_HTTP2:
         // A server that goes away, as it may; libcurl has words for everything else.
         if (failure.detail.empty()) return broken_off(failure);
         return no_sensible_answer(failure, "broke the rules of HTTP");
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
                        "Check the system's certificate store and the console's file of certificate authorities.");
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

HttpProblem switched_protocol(std::string_view host) {
   return problem(
       Outcome::unavailable, "platform.unexpected_response",
       std::string(host) + " switched to another protocol than HTTP (status 101), which it was not asked to do.",
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
                  "connection: allow more time, or ask the platform's support.");
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
