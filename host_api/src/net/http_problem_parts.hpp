// http_problem_parts.hpp - the groups of problems that describe() puts together, and the words they share.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "net/http_problem.hpp"

namespace msp::host {

HttpProblem problem(Outcome outcome, std::string code, std::string summary, std::string_view remedy);
bool mentions(std::string_view text, std::initializer_list<std::string_view> words);

// libcurl's sentence in brackets, for the support desk: " (SSL certificate problem: ...)".
std::string in_brackets(std::string_view detail);

// No connection was made, in time or at all (http_problem_connect.cpp).
HttpProblem not_connected(const TransferFailure& failure);
HttpProblem not_in_time(const TransferFailure& failure);
HttpProblem proxy_problem(const TransferFailure& failure);

// No secure one (http_problem_tls.cpp).
HttpProblem certificate_refused(const TransferFailure& failure);
HttpProblem handshake_failed(const TransferFailure& failure);

// One that was lost before an answer came (http_problem.cpp).
HttpProblem connection_lost(const TransferFailure& failure);

}  // namespace msp::host
