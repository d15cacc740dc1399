// msp/host/integration.hpp - one set of settings at work with one plugin: checked, signed in, and used for requests.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "msp/host/check.hpp"
#include "msp/host/host.hpp"

namespace msp::host {

// What became of a session. It is told on the thread that asked the platform, with no lock held; what it calls may
// use the integration again.
struct SessionEvent {
   enum class Kind {
      opened,
      renewed,
      refused,   // a sign-in was refused, and the session is gone: the credentials are no longer good
      rejected,  // the platform rejected this session and the plugin has no other one of its name
   } kind;
   std::int64_t expires_at = 0;      // of the one opened or renewed, as Session::expires_at
   std::vector<Finding> findings{};  // of `refused` and `rejected`: why, and what to do
   std::string session{};            // whose event it is: the name of the session that was asked for
};

struct IntegrationOptions {
   std::function<void(const SessionEvent&)> on_session;
   std::shared_ptr<KeptSecrets> kept;  // null: the plugin keeps nothing that lasts
   std::function<std::int64_t()> now;  // seconds since 1970-01-01T00:00Z; null: the system's clock
};

struct Request {
   std::string method;  // "GET", "POST", ...
   // Relative to the session's base URL, with its query: "V1.0/Tickets/42". What a URL cannot hold as it is (a blank, a
   // quote, a brace, a letter beyond ASCII) is percent-encoded; everything else is sent as it stands here.
   std::string path;
   // Besides the session's, of which only those that describe content (Accept, Content-Type) can be replaced.
   std::vector<std::pair<std::string, std::string>> headers;
   std::string body;
   std::string session{};         // which of the plugin's sessions authenticates it; empty: the main one
   bool carries_session = false;  // of a session with `in_body`: `body` holds its credentials. Else such a request is
                                  // `invalid_settings`
};

struct RequestOptions {
   std::chrono::milliseconds timeout{30'000};  // of everything, a sign-in included
   std::stop_token cancel;                     // ends it within 200 ms
   std::size_t body_max = 8u << 20;            // bytes of the answer's body; a longer one is `unavailable`
   bool attended = false;                      // a person waits for a sign-in and may be asked something
};

// An answer, or why there is none.
struct Response {
   // accepted: the platform answered, whatever the status. refused: the credentials are not good; with a status, that
   // is the answer which said so. invalid_settings: this request is not allowed, and nothing was sent. Else as in a
   // check.
   Outcome outcome = Outcome::failed;
   int status = 0;
   std::vector<std::pair<std::string, std::string>> headers;  // in their order
   std::string body;               // as it came, decoded from its transfer and content encoding
   std::vector<Finding> findings;  // of everything but `accepted`; redacted
};

// The session in use. Its header values are secrets.
struct SessionReport {
   Outcome outcome = Outcome::failed;
   std::vector<Finding> findings;
   std::optional<Session> session;  // with `accepted`
};

// Signs in when a session is first needed, keeps it in memory only, and opens a new one a minute before it expires and
// once after a 401. A refused sign-in is never repeated: from then on everything answers that refusal, without asking
// the platform, until check() or forget_refusal().
//
// One sign-in opens all sessions that the plugin has, and the next one replaces them all. But each has its own end, and
// one that is rejected leaves the others as they are.
//
// [any-thread] Several threads may use one integration at once; of those who need a session only one signs in, and the
// others wait for it. Nothing throws. REQUIRES: nobody uses it any more when it is destroyed (cancel and join first).
class Integration {
 public:
   // Asks nobody for anything yet; settings that do not fit the form are told by the first use. The secrets stay
   // in memory, redacted everywhere, until it is destroyed.
   Integration(std::shared_ptr<Plugin> plugin, Settings settings, IntegrationOptions options = {});
   ~Integration();
   Integration(const Integration&) = delete;
   Integration& operator=(const Integration&) = delete;

   [[nodiscard]] const Manifest& manifest() const noexcept;

   // The whole check (check.hpp). Accepted, its session serves from now on. An earlier refusal is forgotten before it.
   CheckReport check(const CheckOptions& options = {});

   // One authenticated request to the session's own server, below its base URL and nowhere else. A redirect is not
   // followed but handed back. It is sent a second time only after a 401, under a new session; one that carries the
   // session itself never is.
   Response request(const Request& request, const RequestOptions& options = {});

   // A session itself, opened or renewed if need be, for those who send by other means; body_max is not used.
   SessionReport session(const RequestOptions& options = {}, const std::string& name = {});

   // For them, too: the platform rejected it, or it is not needed any more. Drops them all, as one sign-in opens them.
   void drop_session();

   // Why the platform refused the credentials, or the main session; empty: it did not.
   [[nodiscard]] std::vector<Finding> refusal() const;

   // Lets the next use sign in again, because the cause is known to be mended: a failed sign-in brings a lock-out
   // nearer.
   void forget_refusal();

 private:
   struct State;
   std::unique_ptr<State> state_;
};

}  // namespace msp::host
