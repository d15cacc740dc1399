#include "web/api.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "msp/host/ascii.hpp"
#include "web/answers.hpp"

namespace msp::console {
namespace {

std::vector<std::string_view> split(std::string_view path) {
   std::vector<std::string_view> words;
   while (!path.empty()) {
      const std::size_t slash = std::min(path.find('/'), path.size());
      words.push_back(path.substr(0, slash));
      path.remove_prefix(std::min(path.size(), slash + 1));
   }
   return words;
}

bool is_json(std::string_view type) { return type == "application/json" || type.rfind("application/json;", 0) == 0; }

}  // namespace

Api::Api(Console& console, CheckJobs& jobs, SimulatedUsers users)
    : console_(console), jobs_(jobs), users_(std::move(users)) {}

host::Languages Api::languages(const HttpRequest& request) {
   return host::languages_of_header(request.header("accept-language"));
}

HttpResponse Api::answer(HttpRequest request, std::string_view path) {
   // A form of another site can send no such type.
   if (!request.body.empty() && !is_json(request.header("content-type"))) {
      return error_answer(
          415, {"request.invalid", "The body is not sent as JSON.", "Send it with Content-Type: application/json."});
   }
   const std::vector<std::string_view> words = split(path);
   if (!words.empty()) {
      const Words rest = Words(words).subspan(1);
      if (words[0] == "plugins") return plugins(request, rest);
      if (words[0] == "integrations") return integrations(request, rest);
      if (words[0] == "checks") return checks(request, rest);
      if (words[0] == "simulated-users" && rest.size() == 1) {  // GET simulated-users/{platform}
         if (request.method != "GET") return no_such_method("GET");
         return json_answer(200, users_.document(host::percent_decoded(rest[0])));
      }
   }
   return no_such_thing("page of the API");
}

}  // namespace msp::console
