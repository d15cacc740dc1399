// session_decision.hpp - what follows from an attempt to sign in.
#pragma once

#include <string_view>
#include <vector>

#include "msp/host/integration.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/operation.hpp"

namespace msp::host {

// What there was when the platform had answered, of the session that is wanted.
struct SessionSituation {
   const Session* rejected = nullptr;  // why the sign-in was made; null: there was none, or it was about to expire
   bool has_session = false;
   bool has_expired = false;  // of the session that there is
   int status = 0;            // the answer that rejected it
};

struct SessionDecision {
   enum class Next {
      use_new,  // the report's sessions serve from now on
      reject,   // likewise, but for the one that is wanted: it is the one that was rejected
      refuse,   // no session, and no further sign-in until somebody mends the cause
      use_old,  // the session that there is serves to its end
      give_up,  // this time there is no session; the next use tries again
   };
   Next next = Next::give_up;
   SessionEvent::Kind event{};       // what to tell, of the first three
   std::vector<Finding> findings{};  // of reject and refuse: why
};

// The session of that name, or null. [any-thread]
const Session* find_session(const OperationReport& report, std::string_view name) noexcept;

// Asks nobody and changes nothing. [any-thread]
SessionDecision decide_session(const OperationReport& report, const SessionSituation& situation,
                               const Manifest& manifest);

}  // namespace msp::host
