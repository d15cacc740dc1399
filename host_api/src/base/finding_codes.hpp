// finding_codes.hpp - the finding codes that docs/ABI.md gives a meaning.
#pragma once

#include <string_view>

namespace msp::host {

[[nodiscard]] bool is_contract_code(std::string_view code) noexcept;

}  // namespace msp::host
