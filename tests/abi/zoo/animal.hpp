// animal.hpp - a plugin of the zoo: well-behaved but for what its own file changes.
#pragma once

#include "msp/msp.h"

namespace zoo {

// Not noexcept on purpose: see animal.cpp.
using Work = msp_outcome (*)(const msp_host* host, const msp_call* call);

msp_outcome good_validate(const msp_host* host, const msp_call* call);
msp_outcome good_permissions(const msp_host* host, const msp_call* call);
msp_outcome good_authenticate(const msp_host* host, const msp_call* call);

struct Animal {
   Work validate = good_validate;
   Work permissions = good_permissions;
   Work authenticate = good_authenticate;
};

// Defined by the file of each plugin.
extern const Animal animal;

void report_error(const msp_call* call, const char* code, const char* summary, const char* remedy);
void report_grant(const msp_call* call, const char* id, int32_t granted);

}  // namespace zoo
