// The build makes the table of names out of the C library's headers, see CMakeLists.txt.
#include <sys/syscall.h>

#include <algorithm>
#include <string_view>

#include "isolation/call_names.hpp"

namespace msp::isolation {
namespace {

struct Name {
   int number;
   std::string_view name;
};

// Made by CMake from the system's headers: {__NR_socket, "socket"}, ...
constexpr Name kNames[] = {
#include "system_calls.inc"
};

}  // namespace

std::string call_name(int number) {
   const auto* const found = std::ranges::find(kNames, number, &Name::number);
   return found != std::end(kNames) ? std::string(found->name) : "number " + std::to_string(number);
}

}  // namespace msp::isolation
