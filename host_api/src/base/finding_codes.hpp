// finding_codes.hpp - the one list of finding codes: those of host, console, page and command line, each with its place
// in docs/ABI.md.
#pragma once

#include <string_view>

namespace msp::host {

[[nodiscard]] bool is_contract_code(std::string_view code) noexcept;

}  // namespace msp::host
