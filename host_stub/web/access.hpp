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

#include "msp/host/result.hpp"
#include "web/http_server.hpp"

namespace msp::console {

using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

struct AccessOptions {
   std::uint16_t port = 0;
   bool tls = false;
   // Whether the page may be called by this host name: others are DNS rebinding. Lower case, without the port. Any port
   // will do, because a tunnel brings one of its own.
   std::function<bool(std::string_view name)> is_own_name;
   SteadyClock clock = std::chrono::steady_clock::now;
};

// Whether a name means this machine and cannot be made to mean another: 127.0.0.0/8 in its plain form, [::1],
// localhost.
bool is_loopback_name(std::string_view name) noexcept;

// A session is two secrets: a cookie that scripts cannot read, and a token that the page keeps in its origin's storage
// and sends along. Browsers send the cookie to every port of this machine, so a server of another user may get it; the
// token stays with the origin, which a port is part of. Each alone opens nothing. A page of another site can neither
// open a session nor use one: its requests carry a foreign Origin, no SameSite cookie and no token; a name that was
// rebound to this address is a foreign Host. [any-thread]
class Access {
 public:
   explicit Access(AccessOptions options);

   // A new key for the link that opens one session; the one before it is void.
   std::string new_link_key();

   // Why this request comes from a foreign place. Nothing: go on. Holds for every request, assets too.
   [[nodiscard]] std::optional<HttpResponse> refuse_foreign(const HttpRequest& request) const;

   // Opens a session with the link's key, which is used up, and sets its cookie. The answer holds the token, which no
   // other answer does.
   HttpResponse open_session(const HttpRequest& request, std::string_view key);

   // Why this request may not use the API: no session or not its token (401), or a change without its token (403).
   [[nodiscard]] std::optional<HttpResponse> refuse_stranger(const HttpRequest& request);

 private:
   struct Session {
      std::string token;
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
