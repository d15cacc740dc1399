// msp/host/sign_out.hpp - tells a platform that a sign-in is over, because its integration is removed.
#pragma once

#include <vector>

#include "msp/host/check.hpp"

namespace msp::host {

// accepted: nothing of the sign-in is left at the platform. Else the findings say what is, and why.
struct SignOutReport {
   Outcome outcome = Outcome::failed;
   std::vector<Finding> findings;
};

// Asks the plugin to revoke what it keeps. Of the options it takes timeout, cancel, kept, languages and now: nobody is
// asked to sign in. Forget the integration whatever becomes of it. Never throws. REQUIRES: the manifest says
// `signs_out`. [any-thread]
SignOutReport sign_out(Plugin& plugin, Settings settings, const CheckOptions& options);

}  // namespace msp::host
