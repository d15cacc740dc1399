// Breaks P13: accepts, and says nothing.
#include "animal.hpp"

const zoo::Animal zoo::animal{.validate = [](const msp_host*, const msp_call*) -> msp_outcome { return MSP_ACCEPTED; }};
