// Breaks P12: two verdicts on one permission, of which one must be wrong.
#include "animal.hpp"

const zoo::Animal zoo::animal{.permissions = [](const msp_host*, const msp_call* call) -> msp_outcome {
   zoo::report_grant(call, "tickets.read", MSP_GRANTED_NONE);
   zoo::report_grant(call, "tickets.read", MSP_GRANTED_ALL);
   return MSP_ACCEPTED;
}};
