// bare_client.hpp - what a person would write with libcurl alone: the yardstick for a whole check.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msp::bench {

struct BareRequest {
   std::string url;
   std::vector<std::string> headers;  // "Name: value"
};

// GETs the URLs one after the other with one easy handle. `ca_file` holds every certificate to trust.
// Throws std::runtime_error unless each is answered with 200.
void get_in_turn(const std::vector<BareRequest>& requests, const std::filesystem::path& ca_file,
                 const std::vector<std::string>& connect_to);

}  // namespace msp::bench
