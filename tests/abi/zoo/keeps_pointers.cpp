// Breaks P16: uses the call of an operation that has ended.
#include "animal.hpp"

namespace {
const msp_call* kept = nullptr;
}

const zoo::Animal zoo::animal{.validate = [](const msp_host* host, const msp_call* call) -> msp_outcome {
                                 kept = call;
                                 return zoo::good_validate(host, call);
                              },
                              .permissions = [](const msp_host* host, const msp_call* call) -> msp_outcome {
                                 zoo::report_error(kept, "auth.rejected", "Too late.", "Do nothing.");
                                 if (kept->secret(kept, "password") != nullptr) return MSP_FAILED;
                                 return zoo::good_permissions(host, call);
                              }};
