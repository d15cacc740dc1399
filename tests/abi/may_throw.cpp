// Must not compile: create may throw, and the table's type forbids it (rule P4).
#include "msp/msp.h"

msp_connection* MSP_CDECL create(const msp_host*) { throw 1; }

const msp_plugin table = {
    sizeof(msp_plugin), MSP_ABI_MAJOR, MSP_ABI_MINOR, 0, create, nullptr, nullptr, nullptr, nullptr, nullptr};
