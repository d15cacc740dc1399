// empty_network.hpp - a network with nothing in it, for all runners (empty_network_linux.cpp).
#pragma once

#include "msp/host/descriptor.hpp"

namespace msp::isolation {

// Namespaces, as descriptors. Made once: to make one takes half as long as all else of a runner's start. Runners that
// share it can reach each other through it no more than they could reach anything else: the filter denies sockets.
struct EmptyNetwork {
   host::Descriptor owner;    // the user namespace that the network belongs to; none when root made it
   host::Descriptor network;  // none where the system denies it
};

// [any-thread]
[[nodiscard]] const EmptyNetwork& empty_network();

}  // namespace msp::isolation
