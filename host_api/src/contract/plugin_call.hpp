// plugin_call.hpp - calls one of the plugin's functions, wherever the plugin runs.
#pragma once

#include "msp/host/operation.hpp"
#include "msp/plugin.h"
#include "msp/sign_out.h"
#include "msp/signer.h"

namespace msp::host {

// Calls the function without its promise not to throw: code from elsewhere may break it, and must not end the process.
// `signing` is of `sign` only. A plugin that has no msp.signer/1 signs nothing, and one that has no msp.sign_out/1 ends
// without saying why, which the judge of its reports tells.
inline msp_outcome call_plugin(const msp_plugin& plugin, Operation operation, msp_connection* connection,
                               const msp_call* call, const msp_signing* signing) {
   using MayThrow = msp_outcome(MSP_CDECL*)(msp_connection*, const msp_call*);
   MayThrow work = plugin.authenticate;
   if (operation == Operation::validate_credentials) work = plugin.validate_credentials;
   if (operation == Operation::check_permissions) work = plugin.check_permissions;
   const auto extension_of = [&plugin](const char* id) {
      return plugin.get_extension == nullptr ? nullptr : plugin.get_extension(id);
   };
   if (operation == Operation::sign_out) {
      const void* extension = extension_of(MSP_SIGN_OUT_EXTENSION);
      if (extension == nullptr) return MSP_INCOMPATIBLE;
      work = static_cast<const msp_sign_out*>(extension)->sign_out;
   }
   if (operation != Operation::sign) return work(connection, call);

   const void* extension = extension_of(MSP_SIGNER_EXTENSION);
   if (extension == nullptr) return MSP_ACCEPTED;
   msp_outcome(MSP_CDECL * sign)(msp_connection*, const msp_call*, const msp_signing*) =
       static_cast<const msp_signer*>(extension)->sign;
   return sign(connection, call, signing);
}

}  // namespace msp::host
