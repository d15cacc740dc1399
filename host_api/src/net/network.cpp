#include "msp/host/network.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "net/curl_handles.hpp"
#include "net/tls_trust.hpp"

namespace msp::host {
namespace {

bool is_proxy_url(const std::string& text) {
   const CurlUrl url(curl_url());
   if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(),
                            CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME | CURLU_DEFAULT_PORT) != CURLUE_OK)
      return false;
   char* scheme = nullptr;
   if (curl_url_get(url.get(), CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK) return false;
   const CurlText owned(scheme);
   const std::string_view name(scheme);
   if (text.find("://") == std::string::npos) return true;  // libcurl's default, an HTTP proxy
   return name == "http" || name == "https" || name == "socks4" || name == "socks4a" || name == "socks5" ||
          name == "socks5h";
}

bool is_port(std::string_view text) {
   unsigned port = 0;
   const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
   return text.empty() || (error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535);
}

// HOST1:PORT1:HOST2:PORT2; each may be empty, and an IPv6 address stands in brackets.
bool is_connect_to(std::string_view text) {
   std::vector<std::string_view> parts(1);
   std::size_t begin = 0;
   bool bracket = false;
   for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '[' || text[at] == ']') bracket = text[at] == '[';
      if (text[at] == ':' && !bracket) {
         begin = at + 1;
         parts.emplace_back();
         continue;
      }
      parts.back() = text.substr(begin, at + 1 - begin);
   }
   if (text.find_first_of(" \t\r\n;,") != std::string_view::npos) return false;  // several, or a slip of the pen
   return parts.size() == 4 && !bracket && is_port(parts[1]) && is_port(parts[3]);
}

}  // namespace

Result<void> check_network_options(const NetworkOptions& options) {
   // The proxy's URL may hold a password, so it is not repeated.
   if (!options.proxy.value_or("").empty() && !is_proxy_url(*options.proxy))
      return Finding{"net.proxy", "The proxy that was set is not the address of a proxy.",
                     "Write it as http://HOST:PORT, https://HOST:PORT or socks5h://HOST:PORT; an empty value stands "
                     "for no proxy.",
                     Severity::error, "proxy"};
   for (const std::string& entry : options.connect_to)
      if (!is_connect_to(entry))
         return Finding{"net.connect", "The other address for a connection is not valid: " + entry,
                        entry.find_first_of(" \t\r\n;") == std::string::npos
                            ? "Write it as HOST1:PORT1:HOST2:PORT2, with an IPv6 address in square brackets."
                            : "Write each as HOST1:PORT1:HOST2:PORT2, and a comma between several of them.",
                        Severity::error, "connect_to"};
   if (options.connect_timeout.count() <= 0)
      return Finding{"net.timeout", "The time for a connection is not positive.",
                     "Give the seconds that a connection may take, for example 15.", Severity::error,
                     "connect_timeout"};
   if (auto trust = TlsTrust::load(options.ca_file); !trust) return trust.finding();
   return {};
}

}  // namespace msp::host
