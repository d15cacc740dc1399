// descriptors.hpp - the file descriptors that the console gives to a runner. There are no others.
#pragma once

namespace msp::runner {

inline constexpr int kLifeline = 0;  // 1 and 2 lead nowhere
inline constexpr int kChannel = 3;
inline constexpr int kPlugin = 4;
inline constexpr int kDescriptors = 5;

}  // namespace msp::runner
