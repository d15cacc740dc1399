// Must not compile: create may throw, and the table's type forbids it (rule P4).
#include "msp/msp.h"

msp_outcome MSP_CALL create(const msp_host*, msp_connection**) { throw 1; }

const msp_plugin table = {
    sizeof(msp_plugin), MSP_ABI_MAJOR, MSP_ABI_MINOR, 0, create, nullptr, nullptr, nullptr, nullptr, nullptr};
