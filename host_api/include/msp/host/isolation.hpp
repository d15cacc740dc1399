// msp/host/isolation.hpp - where the code of a plugin runs.
#pragma once

#include <string_view>

namespace msp::host {

enum class Isolation {
   process,    // in a process of its own, which reaches nothing but the host
   in_process  // in the console's process, which it can read, and end
};
std::string_view name(Isolation isolation) noexcept;  // "process", "in_process"

}  // namespace msp::host
