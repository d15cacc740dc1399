// http_problem.hpp - why a request got no answer, in words that an administrator can act on.
#pragma once

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/finding.hpp"
#include "msp/host/outcome.hpp"
#include "net/tls_trust.hpp"

namespace msp::host {

struct HttpProblem {
   Outcome outcome = Outcome::failed;
   Finding finding;
};

// What libcurl knew when it gave up.
struct TransferFailure {
   int code = 0;             // CURLcode, never CURLE_OK
   bool sent = false;        // the request, or a part of it: a fact of the transfer, whatever the code says
   std::string_view host;    // of the request
   std::string_view detail;  // libcurl's own sentence; may be empty
   int os_error = 0;         // errno of a failed connect; 0: unknown
   long verify_result = 0;   // OpenSSL's X509_V_...; 0: fine or unknown
   RefusedCertificate certificate;
   bool believes_nobody = false;               // this computer knows no authority at all
   std::time_t now = 0;                        // by this computer's clock; 0: unknown
   int status = 0;                             // of an answer that had begun; 0: none, or an interim one
   bool begun = false;                         // something of an answer came, if no status
   int proxy_status = 0;                       // of the proxy's answer to CONNECT
   bool proxy_failed = false;                  // it was the proxy that could not be reached
   bool proxy_user = false;                    // the proxy's address holds a user
   long proxy_kinds = 0;                       // the kinds of sign-in that the proxy offered, CURLAUTH_...; 0: unknown
   std::vector<std::string> proxy_challenges;  // the values of its Proxy-Authenticate
};

// Total: every CURLcode has its finding. What was sent is never told as a connection that was not made, nor blamed on
// the plugin: it ends as net.reset or platform.unexpected_response. [any-thread]
HttpProblem describe(const TransferFailure& failure);

// What this library itself ends or refuses.
HttpProblem not_a_status(std::string_view host, int status);
HttpProblem switched_protocol(std::string_view host);
HttpProblem answer_too_large(std::string_view host, std::string_view what, std::string_view limit);
HttpProblem deadline_passed(std::string_view host);
HttpProblem operation_cancelled();
HttpProblem request_refused(std::string_view reason);  // "the header name \"a b\" is not valid"

}  // namespace msp::host
