#include "web/web_console.hpp"

#include <algorithm>

#include "store/finding_error.hpp"
#include "web/answers.hpp"
#include "web/assets.hpp"
#include "web/gzip.hpp"
#include "web/request_json.hpp"

namespace msp::console {
namespace {

constexpr std::string_view kApi = "/api/v1/";

constexpr std::string_view kNoSuchPage =
    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>No such page – MSP console</title>"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    "<link rel=\"stylesheet\" href=\"/style.css\"></head><body><main id=\"main\"><section class=\"panel narrow\">"
    "<h1>There is no such page</h1><p><a href=\"/#/integrations\">To the integrations</a></p></section></main></body>"
    "</html>\n";

HttpResponse no_such_page() {
   return {
       404, {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}}, std::string(kNoSuchPage)};
}

// For whoever waits until the console serves: a container, a test, the page after a restart. Says nothing else.
HttpResponse health() {
   return {200, {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}}, "ok\n"};
}

HttpResponse asset_answer(const HttpRequest& request) {
   if (request.method != "GET" && request.method != "HEAD") return no_such_method("GET, HEAD");
   const auto all = assets();
   const auto asset = std::ranges::find(all, request.path, &Asset::path);
   if (asset == all.end()) return no_such_page();
   HttpResponse response{200, {{"ETag", std::string(asset->etag)}, {"Cache-Control", "no-cache"}}, {}};
   if (request.header("if-none-match") == asset->etag) {
      response.status = 304;
      return response;
   }
   response.headers.emplace_back("Content-Type", asset->type);
   response.body = asset->bytes;
   return response;
}

}  // namespace

WebConsole::WebConsole(Access& access, Api& api, SignInReturns& returns, std::function<void()> link_used)
    : access_(access), api_(api), returns_(returns), link_used_(std::move(link_used)) {}

HttpResponse WebConsole::answer(HttpRequest request) {
   HttpResponse response;
   try {
      response = route(std::move(request));
   } catch (const FindingError& error) {
      response = error_answer(503, error.finding());
   } catch (const std::exception& error) {
      response = error_answer(500, host::own_failure("The console failed", error,
                                                     "Try again; if it stays, report it to the console's vendor."));
   }
   return response;
}

HttpResponse WebConsole::route(HttpRequest request) {
   if (auto refused = access_.refuse_foreign(request)) return std::move(*refused);
   if (request.path.rfind(SignInReturns::kPath, 0) == 0) return returns_.answer(std::move(request));
   if (request.path == "/healthz") return request.method == "GET" ? health() : no_such_method("GET");
   const std::string takes(request.header("accept-encoding"));
   if (request.path.rfind(kApi, 0) != 0) {
      HttpResponse response = asset_answer(request);
      compress(response, takes);
      return response;
   }
   const std::string path = request.path.substr(kApi.size());
   if (path == "session") return session(std::move(request));
   if (auto refused = access_.refuse_stranger(request)) return std::move(*refused);
   const bool is_list = request.method == "GET" && (path == "integrations" || path == "plugins");
   HttpResponse response = api_.answer(std::move(request), path);
   response.of_session = true;
   if (is_list) compress(response, takes);  // these alone: what a check tells, and a session, may be secret
   return response;
}

HttpResponse WebConsole::session(HttpRequest request) {
   if (request.method != "POST") return no_such_method("POST");
   const auto key = read_text(std::move(request.body), "key");
   if (!key) return error_answer(400, key.finding());
   HttpResponse response = access_.open_session(request, key.value().view());
   if (response.status == 200) {
      response.of_session = true;
      link_used_();
   }
   return response;
}

}  // namespace msp::console
