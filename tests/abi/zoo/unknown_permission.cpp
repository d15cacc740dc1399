// Breaks P12: a permission that its manifest does not name.
#include "animal.hpp"

const zoo::Animal zoo::animal{.permissions = [](const msp_host* host, const msp_call* call) -> msp_outcome {
   zoo::report_grant(call, "tickets.delete", MSP_GRANTED_ALL);
   return zoo::good_permissions(host, call);
}};
