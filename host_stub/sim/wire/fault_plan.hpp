// fault_plan.hpp - the faults of a scenario, and which request meets which.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sim/wire/http_message.hpp"

namespace msp::sim {

class ScenarioReader;

// One fault of a scenario: which requests meet it, which of those, and what happens to them.
struct FaultRule {
   enum class Kind {
      reset,      // the connection is reset; the platform never sees the request
      silent,     // no answer; the platform never sees the request
      lost,       // the platform does what the request says, then the connection is reset in place of the answer
      slow,       // the platform's answer, later
      truncated,  // half of the platform's answer
      html,       // a web page instead
      status,     // another answer instead
   };

   std::string method;       // empty: any
   std::string host;         // empty: any
   std::string path_prefix;  // without regard to case
   std::string body_part;    // a text that the body holds; empty: any
   std::size_t after = 0;    // so many matching requests pass first
   std::size_t times = 0;    // 0: for good
   std::size_t at_once = 0;  // so many matching requests at a time pass, the others meet it; 0: all meet it
   Kind kind = Kind::status;
   std::chrono::milliseconds slow_by{0};
   Reply instead;
};

// Reads one element of the scenario's `faults`.
FaultRule read_fault(ScenarioReader& reader);

// Stands between the wire and the simulated platform. [any-thread]
class FaultPlan {
 public:
   FaultPlan(std::vector<FaultRule> rules, std::chrono::milliseconds latency);

   // The platform's answer, or what the first rule that applies makes of it.
   Reply answer(const Request& request, const std::function<Reply(const Request&)>& platform);

 private:
   // What a request meets, and the places that it takes of those rules that let some pass at a time.
   struct Met {
      const FaultRule* rule = nullptr;
      std::vector<std::shared_ptr<const void>> places{};
   };
   Met meet(const Request& request);
   std::shared_ptr<const void> take_place(std::size_t rule);

   std::vector<FaultRule> rules_;
   std::chrono::milliseconds latency_;
   std::mutex mutex_;
   std::vector<std::size_t> seen_;
   std::vector<std::size_t> taken_;  // places
};

}  // namespace msp::sim
