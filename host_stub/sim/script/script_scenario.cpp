#include "sim/script/script_scenario.hpp"

#include <algorithm>

#include "sim/scenario_reader.hpp"

namespace msp::sim::script {
namespace {

constexpr std::string_view kExample = R"({
  "hosts": ["api.acme.example"],
  "users": [
    { "name": "ada", "about": "may do everything",
      "known_by": [ { "headers": { "Authorization": "Bearer throw-away-1" } } ] },
    { "name": "rob", "about": "may not see tickets",
      "known_by": [ { "headers": { "Authorization": "Bearer throw-away-2" } } ] }
  ],
  "routes": [
    { "method": "GET", "path": "/v1/me", "users": ["ada"], "json": { "id": 1, "account": "Harbour IT" } },
    { "method": "GET", "path": "/v1/me", "users": ["rob"], "json": { "id": 2, "account": "Harbour IT" } },
    { "method": "GET", "path": "/v1/tickets", "users": ["ada"], "json": [] },
    { "path": "/v1/*", "users": ["ada", "rob"], "status": 403, "json": { "error": "not allowed" } },
    { "path": "/v1/*", "status": 401, "json": { "error": "unknown token" } }
  ]
})";

Signs read_signs(ScenarioReader& reader) {
   Signs signs;
   reader.pairs("headers", signs.headers);
   reader.pairs("query", signs.query);
   reader.pairs("form", signs.form);
   reader.text("basic", signs.basic);
   reader.text("body", signs.body_part);
   return signs;
}

bool is_empty(const Signs& signs) {
   return signs.headers.empty() && signs.query.empty() && signs.form.empty() && signs.basic.empty() &&
          signs.body_part.empty();
}

User read_user(ScenarioReader& reader) {
   User user;
   reader.text("name", user.name);
   if (user.name.empty()) reader.fail("name", "must not be empty.");
   reader.text("about", user.about);
   reader.list("known_by", [&](ScenarioReader& each) {
      user.known_by.push_back(read_signs(each));
      if (is_empty(user.known_by.back()))
         each.fail("headers", "is missing: everybody would be " + user.name + ". Or name query, form, basic or body.");
   });
   if (user.known_by.empty()) reader.fail("known_by", "must name at least one way to know " + user.name + ".");
   return user;
}

Reply read_answer(ScenarioReader& reader) {
   Reply answer;
   reader.count("status", answer.status);
   if (answer.status < 200 || answer.status > 599) reader.fail("status", "must be from 200 to 599.");
   int bodies = 0;
   for (const auto& [key, type] :
        {std::pair{"json", "application/json; charset=utf-8"}, std::pair{"text", "text/plain; charset=utf-8"},
         std::pair{"html", "text/html; charset=utf-8"}}) {
      if (!reader.has(key)) continue;
      if (++bodies > 1) reader.fail(key, "is the second body; one of json, text and html is sent.");
      if (std::string_view(key) == "json")
         reader.json(key, answer.body);
      else
         reader.text(key, answer.body);
      answer.set_header("Content-Type", type);
   }
   Headers headers;
   reader.pairs("headers", headers);
   for (const auto& [name, value] : headers) answer.set_header(name, value);
   std::vector<std::string> cookies;  // the only header that comes more than once
   reader.texts("cookies", cookies);
   for (const std::string& cookie : cookies) answer.headers.emplace_back("Set-Cookie", cookie);
   return answer;
}

Route read_route(ScenarioReader& reader, const Scenario& scenario) {
   Route route;
   reader.text("method", route.method);
   reader.text("host", route.host);
   reader.text("path", route.path);
   if (!route.path.starts_with('/')) reader.fail("path", "must begin with a slash; \"/*\" is every path.");
   route.is_beginning = route.path.ends_with('*');
   if (route.is_beginning) route.path.pop_back();
   reader.object("when", [&](ScenarioReader& when) { route.signs = read_signs(when); });
   reader.texts("users", route.users);
   for (const std::string& name : route.users) {
      const auto& users = scenario.users;
      if (std::none_of(users.begin(), users.end(), [&](const User& user) { return user.name == name; }))
         reader.fail("users", "\"" + name + "\" is none of the users.");
   }
   reader.count("after", route.after);
   reader.count("times", route.times);
   route.answer = read_answer(reader);
   return route;
}

}  // namespace

std::string_view example_text() { return kExample; }

Scenario read_scenario(const std::string& text) {
   const rapidjson::Document document = parse_scenario(text);
   ScenarioReader reader(document);
   Scenario scenario;
   scenario.wire.read(reader);
   reader.texts("hosts", scenario.hosts);
   if (scenario.hosts.empty()) reader.fail("hosts", "must name at least one host, as in \"api.acme.example\".");
   reader.list("users", [&](ScenarioReader& user) { scenario.users.push_back(read_user(user)); });
   reader.list("routes", [&](ScenarioReader& route) { scenario.routes.push_back(read_route(route, scenario)); });
   if (scenario.routes.empty()) reader.fail("routes", "must name at least one route.");
   reader.finish();
   return scenario;
}

}  // namespace msp::sim::script
