// Breaks P9: a text in Latin-1.
#include "animal.hpp"

const zoo::Animal zoo::animal{.validate = [](const msp_host*, const msp_call* call) -> msp_outcome {
   zoo::report_error(call, "auth.rejected", "Mot de passe refus\xe9.", "Check the password.");
   return MSP_REFUSED;
}};
