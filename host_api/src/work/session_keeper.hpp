// session_keeper.hpp - opens sessions, keeps the one in use, and never sends refused credentials again.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "contract/loaded_plugin.hpp"
#include "msp/host/integration.hpp"
#include "redaction/known_secrets.hpp"

namespace msp::host {

// One session, redacted everywhere for as long as somebody holds it.
struct OpenSession {
   OpenSession(Session opened, Redactor& redactor, const Settings& settings);

   const Session session;
   KnownSecrets secrets;

   // Guarded by the keeper.
   std::int64_t renew_at = 0;     // 0: never by the clock
   bool after_rejection = false;  // opened after a 401, and not yet seen to work
};

// [any-thread] One thread at a time has the turn to ask the platform for a session.
class SessionKeeper {
 public:
   using Clock = std::chrono::steady_clock;

   struct Limits {
      Clock::time_point deadline;
      std::stop_token cancel;
      std::string correlation_id;
   };

   // A session with `accepted`, unless it says otherwise; else why there is none.
   struct Held {
      Outcome outcome = Outcome::accepted;
      std::vector<Finding> findings{};
      std::shared_ptr<OpenSession> session{};
   };

   SessionKeeper(std::shared_ptr<Plugin> plugin, Redactor& redactor, Settings settings, IntegrationOptions options);

   // The session in use; opened first when there is none, renewed when it is about to expire.
   Held hold(const Limits& limits);

   // Another one than that which the platform rejected. Accepted without one: the rejected one was opened after a
   // rejection itself and never worked, so its credentials are not what is wrong.
   Held replace(const std::shared_ptr<OpenSession>& rejected, const Limits& limits);

   // The same as a copy for others.
   SessionReport session(const Limits& limits);

   // The platform answered under it, with something else than a rejection.
   void worked(OpenSession& session);

   CheckReport check(CheckOptions options);
   void drop();
   [[nodiscard]] std::vector<Finding> refusal() const;
   void forget_refusal();

 private:
   using Lock = std::unique_lock<std::mutex>;
   class Turn;

   Held sign_in(Lock& lock, const Limits& limits, const std::shared_ptr<OpenSession>& rejected);
   OperationReport authenticate(const Limits& limits, bool session_rejected);
   std::shared_ptr<OpenSession> open(Session session);
   void tell(Lock& lock, const SessionEvent& event) const;

   const std::shared_ptr<Plugin> plugin_;
   Redactor& redactor_;
   const Settings settings_;
   const IntegrationOptions options_;

   mutable std::mutex mutex_;
   std::condition_variable_any changed_;
   bool turn_taken_ = false;
   std::shared_ptr<OpenSession> session_;
   std::optional<std::vector<Finding>> refusal_;
   bool connection_outdated_ = false;  // remembers a refusal that is forgotten

   std::optional<Connection> connection_;  // belongs to whoever has the turn
};

}  // namespace msp::host
