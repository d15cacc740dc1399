// preflight_problem.hpp - why a file is no plugin for this computer, in the words that both formats share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "msp/host/result.hpp"

namespace msp::host {

enum class Machine { x86_64, aarch64, other };

#if defined(__aarch64__) || defined(_M_ARM64)
constexpr Machine kOwnMachine = Machine::aarch64;
#else
constexpr Machine kOwnMachine = Machine::x86_64;
#endif

[[nodiscard]] std::string_view name(Machine machine) noexcept;

// The parts of a plugin that must be there; both formats look for the same two symbols.
struct Exports {
   bool manifest = false;
   bool entry = false;
};

Finding file_empty();
Finding file_is_no_library(std::string_view system);  // "Linux" or "Windows"
Finding file_incomplete(std::uint64_t size);
Finding file_is_program();
Finding file_is_object();
Finding file_damaged(const std::string& where);
Finding library_of_other_system(std::string_view its_system, std::string_view our_system);
Finding library_32_bit();
Finding library_of_other_machine(const std::string& its_machine);
Finding dynamic_section_elsewhere();
Finding exports_missing(Exports found);  // REQUIRES: not both
Finding manifest_writable();
Finding manifest_endless();
Finding entry_is_no_function();

}  // namespace msp::host
