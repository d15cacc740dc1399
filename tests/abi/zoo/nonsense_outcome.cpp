// Breaks P6: an outcome that does not exist.
#include "animal.hpp"

const zoo::Animal zoo::animal{.authenticate = [](const msp_host* host, const msp_call* call) -> msp_outcome {
   (void)zoo::good_authenticate(host, call);
   return 77;
}};
