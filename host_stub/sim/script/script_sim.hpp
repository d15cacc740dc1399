// script_sim.hpp - a platform that a plugin's author wrote down, simulated on the wire.
#pragma once

#include <string>
#include <string_view>

#include "sim/simulator.hpp"

namespace msp::sim {

// Answers as the routes of the script say; a request that no route takes is answered 404 with a sentence for the
// author. The constructor throws ScenarioError if the text is not a script.
class ScriptSimulator : public Simulator {
 public:
   explicit ScriptSimulator(const std::string& script_json, const SimulatorOptions& options = {});

   // An example, and no default: a script is the author's.
   static std::string_view default_scenario();
   static std::string default_users() { return ""; }
};

}  // namespace msp::sim
