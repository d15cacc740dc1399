// killed_windows.hpp - the exit code of a runner that the console has ended.
#pragma once

namespace msp::isolation {

inline constexpr int kKilled = 0x204D5350;  // a plugin that ends with it gains nothing

}  // namespace msp::isolation
