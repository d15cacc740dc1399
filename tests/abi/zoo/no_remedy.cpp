// Breaks P10: an error without a word on what to do.
#include "animal.hpp"

const zoo::Animal zoo::animal{.validate = [](const msp_host*, const msp_call* call) -> msp_outcome {
   zoo::report_error(call, "auth.rejected", "The platform said no.", nullptr);
   return MSP_REFUSED;
}};
