// digest_service.hpp - msp.digest/1 in this process: the console computes digests, because the runner is linked with no
// cryptographic library; random bytes come from the system.
#pragma once

#include "msp/digest.h"

namespace msp::runner {

// REQUIRES: the host_data of the msp_host that the plugin has is a Console.
const msp_digest& digest_service() noexcept;

}  // namespace msp::runner
