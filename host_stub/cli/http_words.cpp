#include "cli/http_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "cli/output.hpp"
#include "msp/host/text.hpp"

namespace msp::console {
namespace {

constexpr std::array kWords = {
    std::pair{200, "OK"},
    std::pair{201, "Created"},
    std::pair{202, "Accepted"},
    std::pair{204, "No Content"},
    std::pair{206, "Partial Content"},
    std::pair{301, "Moved Permanently"},
    std::pair{302, "Found"},
    std::pair{303, "See Other"},
    std::pair{304, "Not Modified"},
    std::pair{307, "Temporary Redirect"},
    std::pair{308, "Permanent Redirect"},
    std::pair{400, "Bad Request"},
    std::pair{401, "Unauthorized"},
    std::pair{403, "Forbidden"},
    std::pair{404, "Not Found"},
    std::pair{405, "Method Not Allowed"},
    std::pair{406, "Not Acceptable"},
    std::pair{408, "Request Timeout"},
    std::pair{409, "Conflict"},
    std::pair{410, "Gone"},
    std::pair{412, "Precondition Failed"},
    std::pair{413, "Content Too Large"},
    std::pair{414, "URI Too Long"},
    std::pair{415, "Unsupported Media Type"},
    std::pair{422, "Unprocessable Content"},
    std::pair{429, "Too Many Requests"},
    std::pair{500, "Internal Server Error"},
    std::pair{501, "Not Implemented"},
    std::pair{502, "Bad Gateway"},
    std::pair{503, "Service Unavailable"},
    std::pair{504, "Gateway Timeout"},
};

std::string header(const host::Response& response, std::string_view name) {
   const auto found =
       std::ranges::find_if(response.headers, [&](const auto& header) { return host::to_lower(header.first) == name; });
   return found == response.headers.end() ? std::string() : one_line(found->second);
}

std::string what_to_do(const host::Response& response) {
   const int status = response.status;
   if (status < 400) {
      const std::string target = header(response, "location");
      return (target.empty() ? "" : "It points to \"" + target + "\". ") +
             "Redirects are never followed; ask for the right path.";
   }
   switch (status) {
      case 401:
         return "The sign-in was accepted, so it is this request that the user may not make; \"integration check\" "
                "shows the user's rights.";
      case 403:
         return "The user may not do this; \"integration check\" shows the user's rights.";
      case 404:
      case 410:
         return "Check the path; it is taken below the platform's base address, and its spelling counts.";
      case 405:
         return "Check the method.";
      case 408:
      case 429: {
         const std::string wait = header(response, "retry-after");
         return wait.empty() ? "Wait, then try again." : "Try again when its Retry-After is over: " + wait + ".";
      }
      default:
         return status < 500 ? "The answer says what is wrong with the request."
                             : "If the answer says what is wrong with the request, correct that; else try again later.";
   }
}

}  // namespace

std::string_view status_words(int status) noexcept {
   const auto found = std::ranges::find(kWords, status, [](const auto& entry) { return entry.first; });
   return found == kWords.end() ? std::string_view() : found->second;
}

host::Finding explain_status(const std::string& platform, const host::Request& request,
                             const host::Response& response) {
   const std::string_view words = status_words(response.status);
   return {"",
           "The platform \"" + platform + "\" answered " + one_line(request.method, 20) + " " +
               one_line(request.path.substr(0, request.path.find('?')), 200) + " with HTTP " +
               std::to_string(response.status) + (words.empty() ? "" : " (" + std::string(words) + ")") + ".",
           what_to_do(response)};
}

}  // namespace msp::console
