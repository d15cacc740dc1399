// confinement.hpp - on Linux: takes from this process all that a plugin has no use for, before the plugin is loaded.
//
// Each layer says in `layers` whether it is in force. A layer that the system does not offer is left out and reported.
// Without the last one, the filter of system calls, there is no confinement at all.
#pragma once

#include <cstdint>

#include "layers.hpp"
#include "not_confined.hpp"

namespace msp::runner {

struct Allowance {
   std::uint64_t memory_bytes = 0;
   std::uint32_t cpu_seconds = 0;
};

// To be called in this order. Each throws NotConfined when it failed and cannot be left out.
void leave_namespaces(Layers& layers);     // a network, IPC and host name of their own, with nothing in them
void close_descriptors(Layers& layers);    // all but those of descriptors.hpp
void become_unprivileged(Layers& layers);  // root becomes nobody; no capabilities, no new privileges
void hide_from_others(Layers& layers);     // other processes of this user cannot read or trace this one
void hold_lifeline(Layers& layers);        // the system ends this process when the console ends
void deny_files(Layers& layers);           // Landlock, if the system has it
void limit_resources(const Allowance& allowance, Layers& layers);
void filter_system_calls(Layers& layers);

}  // namespace msp::runner
