// http_problem_connect.cpp - why there is no connection, to the server or to the proxy on the way.
#include <curl/curl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/text.hpp"
#include "net/http_problem_parts.hpp"

namespace msp::host {
namespace {

// The kind of sign-in that a challenge begins with; nothing where that is no name.
std::string_view kind_of(std::string_view challenge) {
   constexpr std::size_t kLongestName = 32;
   constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
   const std::string_view name = challenge.substr(0, challenge.find_first_not_of(kLetters));
   const bool ends = name.size() == challenge.size() || challenge[name.size()] == ' ' || challenge[name.size()] == ',';
   return ends && name.size() <= kLongestName ? name : std::string_view();
}

// "NTLM and Negotiate"; those that libcurl does not know by their own names.
std::string kinds_in_words(long kinds, const std::vector<std::string>& challenges) {
   std::string words;
   std::vector<std::string> told{"basic", "digest", "ntlm", "negotiate", "bearer", ""};
   for (const auto& [kind, name] : {std::pair{CURLAUTH_DIGEST, "Digest"},
                                    {CURLAUTH_NTLM, "NTLM"},
                                    {CURLAUTH_NEGOTIATE, "Negotiate"},
                                    {CURLAUTH_BEARER, "Bearer"}})
      if ((static_cast<unsigned long>(kinds) & kind) != 0) words += (words.empty() ? "" : " and ") + std::string(name);
   for (const std::string& challenge : challenges) {
      const std::string_view name = kind_of(challenge);
      if (std::ranges::find(told, to_lower(name)) != told.end()) continue;
      told.push_back(to_lower(name));
      words += (words.empty() ? "" : " and ") + std::string(name);
   }
   return words;
}

HttpProblem proxy_sign_in(const TransferFailure& failure) {
   const std::string the_proxy = "The proxy on the way to " + std::string(failure.host);
   const bool offers_basic = (static_cast<unsigned long>(failure.proxy_kinds) & CURLAUTH_BASIC) != 0;
   if (const std::string kinds = kinds_in_words(failure.proxy_kinds, failure.proxy_challenges);
       !offers_basic && !kinds.empty())
      return problem(Outcome::unreachable, "net.proxy",
                     the_proxy + " asks for a sign-in of a kind that is not spoken here (407): it offers " + kinds +
                         ", and only Basic is spoken.",
                     "Ask the proxy's administrator to offer Basic to this computer, or to let it pass this host "
                     "without a sign-in.");
   if (failure.proxy_user)
      return problem(Outcome::unreachable, "net.proxy",
                     the_proxy + " did not accept the user name and password in the proxy's address (407).",
                     "Check both in the proxy's address, or in https_proxy. Characters such as @ : / stand there "
                     "percent-encoded, an "
                     "@ as %40.");
   return problem(Outcome::unreachable, "net.proxy",
                  the_proxy + " asks for a user name and password (407), and none were given.",
                  "Give them in the proxy's address, http://USER:PASSWORD@HOST:PORT, or let the proxy pass this host "
                  "without.");
}

// A connect() of the system that failed, in the system's own numbers.
enum class ConnectFailure { refused, no_route, host_down, timed_out, not_allowed, exhausted, other };

ConnectFailure connect_failure(int os_error) {
   switch (os_error) {
#if defined(_WIN32)
      case 10061:
         return ConnectFailure::refused;
      case 10050:
      case 10051:
      case 10049:
         return ConnectFailure::no_route;
      case 10064:
      case 10065:
         return ConnectFailure::host_down;
      case 10060:
         return ConnectFailure::timed_out;
      case 10013:
         return ConnectFailure::not_allowed;
      case 10024:
      case 10055:
         return ConnectFailure::exhausted;
#else
      case ECONNREFUSED:
         return ConnectFailure::refused;
      case ENETDOWN:
      case ENETUNREACH:
      case EADDRNOTAVAIL:
         return ConnectFailure::no_route;
      case EHOSTDOWN:
      case EHOSTUNREACH:
         return ConnectFailure::host_down;
      case ETIMEDOUT:
         return ConnectFailure::timed_out;
      case EACCES:
      case EPERM:
         return ConnectFailure::not_allowed;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
         return ConnectFailure::exhausted;
#endif
      default:
         return ConnectFailure::other;
   }
}

}  // namespace

HttpProblem proxy_problem(const TransferFailure& failure) {
   const std::string host(failure.host);
   if (failure.proxy_status == 407) return proxy_sign_in(failure);
   if (failure.proxy_status >= 500)  // the proxy wanted to, and found no way
      return problem(Outcome::unreachable, "net.proxy",
                     "The proxy could not connect to " + host + " (HTTP " + std::to_string(failure.proxy_status) + ").",
                     "Check the address for typing errors, and try again later. If it stays, ask the proxy's "
                     "administrator whether the proxy reaches this host.");
   if (failure.proxy_status != 0)
      return problem(
          Outcome::unreachable, "net.proxy",
          "The proxy refused to connect to " + host + " (HTTP " + std::to_string(failure.proxy_status) + ").",
          "Ask the proxy's administrator to allow https connections to this host.");
   return problem(
       Outcome::unreachable, "net.proxy",
       "The proxy on the way to " + host + " could not be used" + in_brackets(failure.detail),
       "Check the console's proxy, or https_proxy and no_proxy in the environment, and that the proxy runs.");
}

// The name is looked up, the connection made, the proxy asked and the handshake done in one and the same time.
HttpProblem not_in_time(const TransferFailure& failure) {
   const std::string host(failure.host);
   const auto words = to_lower(failure.detail);
   if (mentions(words, {"resolving timed out"}))
      return problem(Outcome::unreachable, "net.dns", "The name " + host + " could not be resolved in time.",
                     "Check that this computer's name service (DNS) answers, or allow more time for the connection.");
   if (mentions(words, {"proxy connect"}))
      return problem(Outcome::unreachable, "net.timeout",
                     "The proxy did not connect to " + host + " in time" + in_brackets(failure.detail),
                     "Ask the proxy's administrator whether it reaches this host, or allow more time "
                     "for the connection.");
   if (mentions(words, {"ssl connection timeout"}))
      return problem(
          Outcome::unreachable, "net.timeout",
          host + " accepted the connection, but did not agree on a secure one in time" + in_brackets(failure.detail),
          "Check that the address and the port are those of an https service, whether a firewall or TLS "
          "inspection holds the connection, or allow more time for the connection.");
   return problem(Outcome::unreachable, "net.timeout",
                  host + " did not accept a connection in time" + in_brackets(failure.detail),
                  "Try again. If it happens every time, check that the firewall allows https to this host, "
                  "whether a proxy is required, or allow more time for the connection.");
}

HttpProblem not_connected(const TransferFailure& failure) {
   const std::string system = failure.os_error != 0 ? std::system_category().message(failure.os_error) : std::string();
   const std::string why(trim(system.empty() ? failure.detail : std::string_view(system)));
   const std::string host(failure.host);
   const auto told = [&](const std::string& what, std::string_view remedy) {
      return problem(Outcome::unreachable, "net.connect", what + in_brackets(why), remedy);
   };
   switch (connect_failure(failure.os_error)) {
      case ConnectFailure::refused:
         return told(
             host + " refused the connection: nothing listens at that address and port, or a firewall rejects it",
             "Check the address and port, and that the firewall allows https to this host. If a proxy is "
             "required, set it.");
      case ConnectFailure::no_route:
         return told("This computer has no network that leads to " + host,
                     "Check this computer's network connection and routes (IPv4 and IPv6). If a proxy is required, set "
                     "it.");
      case ConnectFailure::host_down:
         return told("The network leads to no computer at the address of " + host,
                     "Check the address, that the server runs, and that no firewall stands before it. If a proxy is "
                     "required, set it.");
      case ConnectFailure::not_allowed:
         return told("This computer does not let this program connect to " + host,
                     "Check the firewall of this computer and what confines this program, such as SELinux, AppArmor or "
                     "the settings of its service.");
      case ConnectFailure::exhausted:
         return told("This computer has no room left for a connection to " + host,
                     "Check that it has memory left and how many files a program may open (ulimit -n).");
      case ConnectFailure::timed_out:
         return not_in_time(failure);
      case ConnectFailure::other:
         break;
   }
   return problem(Outcome::unreachable, "net.connect", "No connection to " + host + (why.empty() ? "." : ": " + why),
                  "Check the address and port, this computer's network, and that the firewall allows https to this "
                  "host. If a proxy is required, set it.");
}

}  // namespace msp::host
