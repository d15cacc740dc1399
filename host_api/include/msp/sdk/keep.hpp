// msp/sdk/keep.hpp - secrets that a plugin keeps with an integration, over the host's service "msp.keep/1".
#pragma once

#include "msp/keep.h"
#include "msp/sdk/call.hpp"
#include "msp/sdk/host.hpp"
#include "msp/sdk/secret.hpp"

namespace msp::sdk {

// [call-thread]
class Keep {
 public:
   // Throws Incompatible when the host has no such service: name msp.keep/1 under "requires".
   explicit Keep(const Host& host) : host_(host), service_(&host.service<msp_keep>(MSP_KEEP_SERVICE)) {}

   // Keeps a value in a field that the manifest marks as kept; an empty one is forgotten. True when it lasts, whatever
   // becomes of the operation. False: end with Outcome::failed; the host says why.
   [[nodiscard]] bool keep_secret(Call& call, const char* field_id, const Secret& value) const noexcept {
      return service_->keep_secret(host_.table(), call.table(), field_id, value.c_str()) == MSP_DONE;
   }

 private:
   Host host_;
   const msp_keep* service_;
};

}  // namespace msp::sdk
