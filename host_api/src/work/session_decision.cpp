#include "work/session_decision.hpp"

#include <algorithm>

namespace msp::host {
namespace {

using Next = SessionDecision::Next;

Finding session_rejected(const Manifest& manifest, const Session& session, int status) {
   Finding finding{"auth.rejected",
                   manifest.name + " rejected the session" + (session.name.empty() ? "" : " \"" + session.name + '"') +
                       " (HTTP " + std::to_string(status) + "), and signing in again gives no other one.",
                   "Check the integration: if the credentials are refused, enter them again; if they are accepted, it "
                   "is this request that the user may not make."};
   finding.http_status = status;
   return finding;
}

}  // namespace

const Session* find_session(const OperationReport& report, std::string_view name) noexcept {
   if (name.empty()) return report.session ? &*report.session : nullptr;
   const auto found = std::ranges::find(report.further_sessions, name, &Session::name);
   return found == report.further_sessions.end() ? nullptr : &*found;
}

SessionDecision decide_session(const OperationReport& report, const SessionSituation& situation,
                               const Manifest& manifest) {
   if (report.outcome == Outcome::refused) return {Next::refuse, SessionEvent::Kind::refused, report.findings};
   if (report.outcome == Outcome::accepted && report.session) {
      const Session* rejected = situation.rejected;
      const Session* other = rejected ? find_session(report, rejected->name) : nullptr;
      if (other && is_same(*other, *rejected))
         return {Next::reject, SessionEvent::Kind::rejected, {session_rejected(manifest, *rejected, situation.status)}};
      return {Next::use_new, situation.has_session ? SessionEvent::Kind::renewed : SessionEvent::Kind::opened};
   }
   // Renewing in good time did not work; the session is used to its end before that is tried again.
   const bool renews_in_good_time = situation.has_session && !situation.rejected && !situation.has_expired;
   return {renews_in_good_time ? Next::use_old : Next::give_up};
}

}  // namespace msp::host
