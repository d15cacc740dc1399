// request_path.hpp - where a request of a console leads: below the session's base URL, and nowhere else.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/host/result.hpp"
#include "msp/host/secret.hpp"

namespace msp::host {

// Whether `path` may be put below a base URL. The summary of a finding completes "its path ...". [any-thread]
Result<void> judge_path(std::string_view path);

// The address of `path` below `base_url`, which ends in a slash, with percent-encoding where a URL needs it. Empty when
// the parser that later sends to it reads another server or a place outside of the base. REQUIRES: judge_path lets
// the path pass. [any-thread]
std::string address_below(std::string_view base_url, std::string_view path);

// The address with these parameters added to its query, escaped; empty stays empty. [any-thread]
std::string with_query(std::string address, const std::vector<std::pair<std::string, SecretBytes>>& query);

}  // namespace msp::host
