// autotask_answers.hpp - the documents of the simulated Autotask, in the shapes the scenario asks for. No state.
#pragma once

#include <string>
#include <string_view>

#include "sim/autotask/autotask_scenario.hpp"

namespace msp::sim::autotask {

// `{"errors":["..."]}`, the platform's way to say why, whatever the status.
Reply errors(std::string_view text, int status = 500);

// `ci` is the tenant's number.
Reply zone_information(const Zone& zone, unsigned ci);

// One entity's rights, under its singular name.
Reply entity_information(const Scenario& scenario, const User& user, const Entity& entity);

// All entities' rights at once.
Reply one_shot_information(const Scenario& scenario, const User& user);

Reply threshold_information(std::size_t requests_so_far);

// What the user may do with the entity.
Access access_of(const User& user, const Entity& entity, Operation operation);

}  // namespace msp::sim::autotask
