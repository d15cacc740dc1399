// Breaks P5: returns when a byte arrives through the descriptor "gate", and not before.
#include <cstdlib>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

#include "animal.hpp"

const zoo::Animal zoo::animal{.validate = [](const msp_host* host, const msp_call* call) -> msp_outcome {
   char byte = 0;
   const int gate = std::atoi(call->setting(call, "gate"));
   while (read(gate, &byte, 1) < 0) {
   }
   return zoo::good_validate(host, call);
}};
