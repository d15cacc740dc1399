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
   OpenSession(Session opened, Redactor& redactor, const CheckedSettings& settings);

   const Session session;
   KnownSecrets secrets;

   // Guarded by the keeper.
   std::int64_t renew_at = 0;       // 0: never by the clock
   bool after_rejection = false;    // opened after a 401, and not yet seen to work
   bool over = false;               // rejected, and no other one could be opened yet
   std::vector<Finding> refusal{};  // rejected, and the plugin has no other one: why it is not used
};

// [any-thread] One thread at a time has the turn to ask the platform for a session.
class SessionKeeper {
 public:
   using Clock = std::chrono::steady_clock;

   struct Limits {
      Clock::time_point deadline;
      std::stop_token cancel;
      std::string correlation_id;
      bool attended = false;
   };

   // A session with `accepted`, unless it says otherwise; else why there is none.
   struct Held {
      Outcome outcome = Outcome::accepted;
      std::vector<Finding> findings{};
      std::shared_ptr<OpenSession> session{};
   };

   SessionKeeper(std::shared_ptr<Plugin> plugin, Redactor& redactor, Settings settings, IntegrationOptions options);

   // The session of that name (empty: the main one); opened first when there is none, renewed when it is about to
   // expire.
   Held hold(const std::string& name, const Limits& limits);

   // Another one than that which the platform rejected with `status`. Accepted without one: the rejected one was opened
   // after a rejection itself and never worked, so its credentials are not what is wrong.
   Held replace(const std::shared_ptr<OpenSession>& rejected, int status, const Limits& limits);

   // The same as a copy for others.
   SessionReport session(const std::string& name, const Limits& limits);

   // The plugin's signature over a request under the session; takes a turn of its own.
   OperationReport sign(std::shared_ptr<const RequestToSign> request, const Limits& limits);

   // The platform answered under it, with something else than a rejection.
   void worked(OpenSession& session);

   CheckReport check(CheckOptions options);
   void drop();
   [[nodiscard]] std::vector<Finding> refusal() const;
   void forget_refusal();

 private:
   using Lock = std::unique_lock<std::mutex>;
   class Turn;

   // Why a session is wanted: because of its name, and because the platform rejected the last one of that name.
   struct Wish {
      const std::string& name;
      std::shared_ptr<OpenSession> rejected{};
      int status = 0;  // of the answer that rejected it
   };

   [[nodiscard]] std::shared_ptr<OpenSession> find(const std::string& name) const;
   [[nodiscard]] bool in_use(const std::string& name) const;
   // What is known without a sign-in: a refusal, or that no session has this name.
   [[nodiscard]] std::optional<Held> known(const std::string& name) const;
   [[nodiscard]] Held no_such_session(const std::string& name) const;
   Held sign_in(Lock& lock, const Limits& limits, const Wish& wish);
   OperationReport operate(Operation operation, const Limits& limits, bool session_rejected,
                           std::shared_ptr<const RequestToSign> to_sign = nullptr);
   [[nodiscard]] std::shared_ptr<OpenSession> open(const Session& session) const;
   void open(const Session& main, const std::vector<Session>& further);
   void keep_what_is_known(const std::vector<std::shared_ptr<OpenSession>>& before, const Wish& wish);
   void tell(Lock& lock, const SessionEvent& event) const;

   const std::shared_ptr<Plugin> plugin_;
   Redactor& redactor_;
   const SettingsCheck form_;
   const IntegrationOptions options_;

   mutable std::mutex mutex_;
   std::condition_variable_any changed_;
   bool turn_taken_ = false;
   std::vector<std::shared_ptr<OpenSession>> sessions_;  // of the last sign-in, the main one first
   std::optional<std::vector<Finding>> refusal_;
   bool connection_outdated_ = false;  // remembers a refusal that is forgotten

   std::optional<Connection> connection_;  // belongs to whoever has the turn
};

}  // namespace msp::host
