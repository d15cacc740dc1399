// session_decision.hpp - what follows from an attempt to sign in.
#pragma once

#include <vector>

#include "msp/host/integration.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/operation.hpp"

namespace msp::host {

// What there was when the platform had answered.
struct SessionSituation {
   const Session* rejected = nullptr;  // why the sign-in was made; null: there was none, or it was about to expire
   bool has_session = false;
   bool has_expired = false;  // of the session that there is
};

struct SessionDecision {
   enum class Next {
      use_new,  // the report's session serves from now on
      refuse,   // no session, and no further sign-in until somebody mends the cause
      use_old,  // the session that there is serves to its end
      give_up,  // this time there is no session; the next use tries again
   };
   Next next = Next::give_up;
   SessionEvent::Kind event{};       // what to tell, of use_new and refuse
   std::vector<Finding> findings{};  // of refuse: why
};

// Asks nobody and changes nothing. [any-thread]
SessionDecision decide_session(const OperationReport& report, const SessionSituation& situation,
                               const Manifest& manifest);

}  // namespace msp::host
