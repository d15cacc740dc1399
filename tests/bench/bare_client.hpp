// bare_client.hpp - what a person would write with libcurl alone: the yardstick for a whole check.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace msp::bench {

struct BareRequest {
   std::string url;
   std::vector<std::string> headers;  // "Name: value"
};

// One multi handle, so that later requests find the connections of earlier ones.
class BareClient {
 public:
   // `ca_file` holds the only certificate to trust.
   BareClient(std::filesystem::path ca_file, const std::vector<std::string>& connect_to);
   ~BareClient();
   BareClient(const BareClient&) = delete;
   BareClient& operator=(const BareClient&) = delete;

   // GETs all at once and returns the bodies in the order of the requests.
   // Throws std::runtime_error unless each is answered with 200.
   std::vector<std::string> get(const std::vector<BareRequest>& requests);

 private:
   struct State;
   std::unique_ptr<State> state_;
};

}  // namespace msp::bench
