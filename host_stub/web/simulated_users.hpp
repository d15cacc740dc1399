// simulated_users.hpp - users of the simulators, whom the page of a demonstration offers on a new integration's form.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/result.hpp"

namespace msp::console {

class SimulatedUsers {
 public:
   SimulatedUsers() = default;  // none

   // {"<platform>": [{"about": "may do everything", "values": {"<field>": "<text>"}}]}, secrets included. The summary
   // of a finding is the end of a sentence about it.
   static host::Result<SimulatedUsers> read(std::string_view json);

   // Those of one platform: msp.simulated_users/1.
   [[nodiscard]] std::string document(std::string_view platform) const;

 private:
   struct User {
      std::string about;
      std::map<std::string, std::string> values;
   };
   std::map<std::string, std::vector<User>, std::less<>> users_;
};

}  // namespace msp::console
