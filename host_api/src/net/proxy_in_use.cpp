#include "net/proxy_in_use.hpp"

#include <cstdlib>

#include "net/curl_handles.hpp"

namespace msp::host {

ProxyInUse proxy_in_use(const std::optional<std::string>& option) {
   std::string proxy = option.value_or("");
   for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
      if (const char* value = std::getenv(name); value && !option && proxy.empty()) proxy = value;
   if (proxy.empty()) return {};
   const CurlUrl url(curl_url());
   if (proxy.find("://") == std::string::npos) proxy.insert(0, "http://");
   if (!url || curl_url_set(url.get(), CURLUPART_URL, proxy.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) return {};
   char* host = nullptr;
   char* port = nullptr;
   char* user = nullptr;
   curl_url_get(url.get(), CURLUPART_HOST, &host, 0);
   curl_url_get(url.get(), CURLUPART_PORT, &port, 0);
   curl_url_get(url.get(), CURLUPART_USER, &user, 0);
   const CurlText owned_host(host), owned_port(port), owned_user(user);
   if (!host) return {};
   return {std::string(host) + " port " + (port ? port : "1080"), user != nullptr};
}

}  // namespace msp::host
