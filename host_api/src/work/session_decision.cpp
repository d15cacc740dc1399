#include "work/session_decision.hpp"

namespace msp::host {
namespace {

using Next = SessionDecision::Next;

Finding session_rejected(const Manifest& manifest) {
   Finding finding = Finding{
       "auth.rejected", manifest.name + " rejected the session (HTTP 401), and signing in again gives no other one.",
       "Check the integration: if the credentials are refused, enter them again; if they are accepted, it is "
       "this request that the user may not make."};
   finding.http_status = 401;
   return finding;
}

}  // namespace

SessionDecision decide_session(const OperationReport& report, const SessionSituation& situation,
                               const Manifest& manifest) {
   if (report.outcome == Outcome::refused) return {Next::refuse, SessionEvent::Kind::refused, report.findings};
   if (report.outcome == Outcome::accepted && report.session) {
      if (situation.rejected && is_same(*report.session, *situation.rejected))
         return {Next::refuse, SessionEvent::Kind::rejected, {session_rejected(manifest)}};
      return {Next::use_new, situation.has_session ? SessionEvent::Kind::renewed : SessionEvent::Kind::opened};
   }
   // Renewing in good time did not work; the session is used to its end before that is tried again.
   const bool renews_in_good_time = situation.has_session && !situation.rejected && !situation.has_expired;
   return {renews_in_good_time ? Next::use_old : Next::give_up};
}

}  // namespace msp::host
