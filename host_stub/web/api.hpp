// api.hpp - the JSON API under /api/v1: the command line's functions and documents, over HTTP.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/console.hpp"
#include "web/check_jobs.hpp"
#include "web/http_server.hpp"
#include "web/simulated_users.hpp"

namespace msp::console {

// Who asks is known already (access.hpp). Every answer is a document; checks are started here and watched there. Throws
// FindingError when the store fails. [any-thread]
class Api {
 public:
   Api(Console& console, CheckJobs& jobs, SimulatedUsers users = {});

   // `path` is what follows /api/v1/.
   HttpResponse answer(HttpRequest request, std::string_view path);

 private:
   using Words = std::span<const std::string_view>;

   HttpResponse plugins(HttpRequest& request, Words path);       // api_plugins.cpp
   HttpResponse integrations(HttpRequest& request, Words path);  // api_integrations.cpp
   HttpResponse integration(HttpRequest& request, std::int64_t id, Words path);
   HttpResponse checks(HttpRequest& request, Words path);  // api_checks.cpp
   HttpResponse start_adding(HttpRequest& request, Purpose purpose);
   HttpResponse start_edit(HttpRequest& request, const IntegrationView& integration);
   HttpResponse start_check(const IntegrationView& integration, Purpose purpose, const host::Languages& languages);
   HttpResponse start_check_of_all(const host::Languages& languages);
   host::Result<void> secret_among_settings(const std::string& platform, const host::Settings& settings);
   std::map<std::string, std::string, std::less<>> shown_again(const std::string& platform,
                                                               const host::Settings& settings);
   // Of whoever looks at the page.
   static host::Languages languages(const HttpRequest& request);
   HttpResponse started(const host::Result<std::string>& id);

   Console& console_;
   CheckJobs& jobs_;
   const SimulatedUsers users_;
};

}  // namespace msp::console
