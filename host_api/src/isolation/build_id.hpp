// build_id.hpp - tells whether console and runner were built together.
#pragma once

#include <string_view>

namespace msp::isolation {

// A digest of the sources that both are built from (MSP_ISOLATION_BUILD_ID, see CMakeLists.txt).
constexpr std::string_view build_id() noexcept { return MSP_ISOLATION_BUILD_ID; }

}  // namespace msp::isolation
