// access.hpp - who may use the page: the one-time link, sessions, and what a foreign site could not send.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http_server.hpp"
#include "msp/host/result.hpp"

namespace msp::console {

using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

struct AccessOptions {
   std::uint16_t port = 0;
   bool tls = false;
   // Whether the page may be called by this host name: others are DNS rebinding. Lower case, without the port.
   std::function<bool(std::string_view name)> is_own_name;
   SteadyClock clock = std::chrono::steady_clock::now;
};

// The names of a console that listens on loopback.
bool is_loopback_name(std::string_view name) noexcept;

// A page of another site can neither open a session nor use one: its requests carry a foreign Origin, no SameSite
// cookie and no CSRF token; a name that was rebound to this address is a foreign Host. [any-thread]
class Access {
 public:
   explicit Access(AccessOptions options);

   // A new key for the link that opens one session; the one before it is void.
   std::string new_link_key();

   // Why this request comes from a foreign place. Nothing: go on. Holds for every request, assets too.
   [[nodiscard]] std::optional<HttpResponse> refuse_foreign(const HttpRequest& request) const;

   // Opens a session with the link's key, which is used up, and sets its cookie. The answer holds the CSRF token.
   HttpResponse open_session(const HttpRequest& request, std::string_view key);

   // The CSRF token of the request's session, for a page that was loaded again; 401 without one.
   HttpResponse show_session(const HttpRequest& request);

   // Why this request may not use the API: no session (401), or a change without its CSRF token (403).
   [[nodiscard]] std::optional<HttpResponse> refuse_stranger(const HttpRequest& request);

 private:
   struct Session {
      std::string csrf;
      std::chrono::steady_clock::time_point used;
   };
   Session* session_of(const HttpRequest& request);
   void forget_old_sessions();

   AccessOptions options_;
   std::string cookie_name_;
   std::mutex mutex_;
   std::string link_key_;                     // SHA-256 of it
   std::map<std::string, Session> sessions_;  // by the SHA-256 of the cookie's value
   std::chrono::steady_clock::time_point attempts_since_{};
   int failed_attempts_ = 0;
};

}  // namespace msp::console
