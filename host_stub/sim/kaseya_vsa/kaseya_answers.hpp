// kaseya_answers.hpp - the documents of the simulated VSA, in the shapes the scenario asks for. No state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sim/kaseya_vsa/kaseya_scenario.hpp"

namespace msp::sim::kaseya {

// The envelope around a result that is JSON already.
Reply success(std::string_view result_json, std::optional<std::size_t> total_records = std::nullopt);

// A refusal: status 401, 403 or 404, its ResponseCode in the scenario's form, inside HTTP 200 if so asked; or without
// the envelope, as the web server in front would write it.
Reply refusal(const Scenario& scenario, int status, std::string_view text);

// What /auth answers for a new session.
Reply session(const Scenario& scenario, const User& user, const std::string& token,
              std::chrono::system_clock::time_point expires);

// One page of the list behind a function, seen through the scope.
Reply records(const Scope& scope, const std::string& function, const Request& request);

// Whether the agent exists and the scope shows it.
bool has_agent(const Scope& scope, std::string_view agent_id);

Reply environment(const Scenario& scenario);

// The same answer for a client that did not ask for JSON.
Reply as_xml(const Reply& reply);

// Every page of a server that is no VSA 9: the other product, or a portal in front of something.
Reply not_a_vsa9(const Scenario& scenario);

// UTC as 2031-05-01T00:00:00.
std::string utc_text(std::chrono::system_clock::time_point time);

}  // namespace msp::sim::kaseya
