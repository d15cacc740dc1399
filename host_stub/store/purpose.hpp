// purpose.hpp - what a check is for, as the history keeps it.
#pragma once

#include <string_view>

namespace msp::console {

// What became of the settings depends on it.
enum class Purpose { add, try_out, check, edit, check_all, sign_in };
std::string_view name(Purpose purpose) noexcept;

}  // namespace msp::console
