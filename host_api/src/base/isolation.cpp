#include "msp/host/isolation.hpp"

namespace msp::host {

std::string_view name(Isolation isolation) noexcept {
   return isolation == Isolation::process ? "process" : "in_process";
}

}  // namespace msp::host
