// digest_table.hpp - the service "msp.digest/1" as the plugins see it.
#pragma once

#include "msp/digest.h"

namespace msp::host {

// Valid for the life of the process. [any-thread]
const msp_digest& digest_table() noexcept;

}  // namespace msp::host
