// descriptors.hpp - the file descriptors that the console gives to a runner. There are no others when
// it hears what to load.
#pragma once

namespace msp::runner {

inline constexpr int kLifeline = 0;  // 1 and 2 lead nowhere
inline constexpr int kChannel = 3;
inline constexpr int kPlugin = 4;
inline constexpr int kDescriptors = 5;

// Until this process has joined the network with nothing in it; the other one only if no root made it. May be absent.
inline constexpr int kNetwork = 6;
inline constexpr int kNetworkOwner = 7;

}  // namespace msp::runner
