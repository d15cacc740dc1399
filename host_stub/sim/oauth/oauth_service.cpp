#include "sim/oauth/oauth_service.hpp"

#include "sim/oauth/oauth_answers.hpp"

namespace msp::sim::oauth {

Reply Service::answer(const Request& request) {
   if (request.host() == to_lower(scenario_.api_host)) return api_.answer(request);
   return answer_at_login(request);
}

Reply Service::answer_at_login(const Request& request) {
   if (std::optional<Reply> reply = tokens_.answer(request)) return *reply;
   if (std::optional<Reply> reply = pages_.answer(request)) return *reply;
   if (request.path == "/userinfo") return api_.who(request);
   if (request.path == "/.well-known/oauth-authorization-server") return metadata(scenario_);
   return Reply::html("<!DOCTYPE html><title>Not found</title><h1>Not found</h1>", 404);
}

}  // namespace msp::sim::oauth
