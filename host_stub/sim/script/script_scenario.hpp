// script_scenario.hpp - a platform that a plugin's author wrote down: who may sign in, and what is answered.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/simulator.hpp"

namespace msp::sim::script {

// What a request must hold, all of it.
struct Signs {
   Headers headers;        // with these values
   Headers query;          // decoded values of the query
   Headers form;           // decoded values of a form's body
   std::string basic;      // "user:password", for `Authorization: Basic`
   std::string body_part;  // a text that the body holds
};

struct User {
   std::string name, about;
   std::vector<Signs> known_by;  // any of them
};

// The first route that a request meets answers it.
struct Route {
   std::string method;  // empty: any
   std::string host;    // empty: any
   std::string path;    // whole, or its beginning when the script ended it with '*'
   bool is_beginning = false;
   Signs signs;
   std::vector<std::string> users;  // empty: anybody, also nobody
   std::size_t after = 0;           // so many matching requests go on to the next route first
   std::size_t times = 0;           // 0: for good
   Reply answer;
};

struct Scenario {
   WireScenario wire;
   std::vector<std::string> hosts;
   std::vector<User> users;
   std::vector<Route> routes;
};

// An example, complete.
std::string_view example_text();

// Throws ScenarioError.
Scenario read_scenario(const std::string& text);

}  // namespace msp::sim::script
