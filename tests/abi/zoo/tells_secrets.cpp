// Breaks P20: says the password (raw, in base64, percent-encoded) wherever a text can be said. The test's is "p@ss
// w0rd!".
#include "animal.hpp"

const zoo::Animal zoo::animal{.validate = [](const msp_host* host, const msp_call* call) -> msp_outcome {
   const char* password = call->secret(call, "password");
   host->log(host, MSP_LOG_ERROR, password);
   call->progress(call, password);
   msp_identity identity{};
   identity.struct_size = sizeof(identity);
   identity.account = password;
   identity.label = "cEBzcyB3MHJkIQ==";
   identity.principal = "p%40ss%20w0rd%21";
   identity.endpoint = "https://api.example.com/?p=p%40ss+w0rd%21";
   call->report_identity(call, &identity);
   zoo::report_error(call, "auth.rejected", password, "Not cEBzcyB3MHJkIQ== but p%40ss%20w0rd%21.");
   return MSP_REFUSED;
}};
