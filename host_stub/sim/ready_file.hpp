// ready_file.hpp - how others learn that a simulator is there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/simulator.hpp"

namespace msp::sim {

// The console's options that make it meet the simulator instead of the platform.
std::vector<std::string> console_options(const Simulator& simulator);

// Writes `{"port":..,"cacert":..,"connect_to":[..],"console_options":[..]}`; the file appears whole or not at all.
void write_ready_file(const Simulator& simulator, const std::filesystem::path& file);

}  // namespace msp::sim
