#include "net/url.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "msp/host/secret.hpp"
#include "net/curl_handles.hpp"

namespace msp::host {
namespace {

constexpr std::string_view kScheme = "https://";

std::string part(CURLU* url, CURLUPart which) {
   char* text = nullptr;
   if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
   return CurlText(text).get();
}

}  // namespace

Result<HttpsUrl> parse_https_url(std::string_view text) {
   const auto unfit = [](unsigned char c) { return c <= 0x20 || c == 0x7f || c == '\\'; };
   if (std::ranges::any_of(text, unfit)) return unsendable("holds a blank, a backslash or a control character");
   if (to_lower(text.substr(0, kScheme.size())) != kScheme) return unsendable("does not begin with https://");
   const auto rest = text.substr(kScheme.size());
   const auto authority = rest.substr(0, rest.find_first_of("/?#"));
   if (authority.empty()) return unsendable("names no host");
   if (authority.find('@') != std::string_view::npos)
      return unsendable("holds a user name or password before the host");
   if (rest.find('#') != std::string_view::npos) return unsendable("holds a fragment (#)");

   const CurlUrl url(curl_url());
   if (!url || curl_url_set(url.get(), CURLUPART_URL, SecretBytes(text).view().data(), 0) != CURLUE_OK)
      return unsendable("is no valid address");
   std::string host = to_lower(part(url.get(), CURLUPART_HOST));
   if (host.ends_with('.')) host.pop_back();  // it says that the name is complete, and changes nothing about it
   HttpsUrl parsed{.host = std::move(host), .port = 0, .path = part(url.get(), CURLUPART_PATH)};
   const auto port = part(url.get(), CURLUPART_PORT);
   const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), parsed.port);
   if (parsed.host.empty() || parsed.host.ends_with('.') || error != std::errc{} || end != port.data() + port.size() ||
       parsed.port == 0)
      return unsendable("is no valid address");
   return parsed;
}

}  // namespace msp::host
