#include <gtest/gtest.h>

#include "sim/scenario_reader.hpp"
#include "sim/script/script_sim.hpp"
#include "sim_client.hpp"

namespace msp::sim {
namespace {

constexpr const char* kHost = "https://api.acme.example";

struct Asked {
   explicit Asked(const std::string& script) : simulator(script) {}

   ClientAnswer get(const std::string& path, const std::vector<std::string>& headers = {}) {
      return client.get(kHost + path, headers);
   }
   ClientAnswer post(const std::string& path, const std::string& body) {
      return client.send("POST", kHost + path, {}, body);
   }

   ScriptSimulator simulator;
   SimClient client{simulator.ca_pem(), simulator.connect_to()};
};

std::string with_routes(const std::string& routes, const std::string& users = "[]") {
   return R"({"hosts":["api.acme.example"],"users":)" + users + R"(,"routes":)" + routes + '}';
}

TEST(ScriptSimulator, the_example_tells_its_users_apart) {
   Asked asked{std::string(ScriptSimulator::default_scenario())};
   const std::vector<std::string> ada = {"Authorization: Bearer throw-away-1"};
   const std::vector<std::string> rob = {"Authorization: Bearer throw-away-2"};
   EXPECT_EQ(asked.get("/v1/me", ada).body, R"({"id":1,"account":"Harbour IT"})");
   EXPECT_EQ(asked.get("/v1/me", rob).body, R"({"id":2,"account":"Harbour IT"})");
   EXPECT_EQ(asked.get("/v1/tickets?page=2", ada).status, 200);
   EXPECT_EQ(asked.get("/v1/tickets", rob).status, 403);
   EXPECT_EQ(asked.get("/v1/tickets", {"Authorization: Bearer throw-away-3"}).status, 401);
   EXPECT_EQ(asked.get("/v1/tickets").status, 401);
}

TEST(ScriptSimulator, a_user_is_known_by_whatever_sign_the_script_names) {
   for (const auto& [sign, path, header, body] : std::vector<std::array<std::string, 4>>{
            {R"("headers":{"x-key":"k1"})", "/", "X-Key: k1", ""},
            {R"("query":{"apikey":"k 1"})", "/?a=b&apikey=k%201", "Accept: */*", ""},
            {R"("basic":"ada:k1")", "/", "Authorization: Basic YWRhOmsx", ""},
            {R"("form":{"key":"k+1"})", "/", "Accept: */*", "a=b&key=k%2B1"},
            {R"("body":"<key>k1</key>")", "/", "Accept: */*", "<a><key>k1</key></a>"}}) {
      SCOPED_TRACE(sign);
      Asked asked(with_routes(R"([{"path":"/","users":["ada"],"text":"welcome"},{"path":"/","status":401}])",
                              R"([{"name":"ada","known_by":[{)" + sign + "}]}]"));
      EXPECT_EQ(asked.client.send("POST", kHost + path, {header}, body).body, "welcome");
      EXPECT_EQ(asked.get("/?apikey=k2", {"X-Key: k2", "Authorization: Basic YWRhOmsy"}).status, 401);
   }
}

TEST(ScriptSimulator, all_signs_of_one_way_are_needed_and_one_way_is_enough) {
   Asked asked(with_routes(R"([{"path":"/","users":["ada"],"text":"welcome"},{"path":"/","status":401}])",
                           R"([{"name":"ada","known_by":[{"headers":{"a":"1","b":"2"}},{"query":{"c":"3"}}]}])"));
   EXPECT_EQ(asked.get("/", {"a: 1"}).status, 401);
   EXPECT_EQ(asked.get("/", {"a: 1", "b: 2"}).status, 200);
   EXPECT_EQ(asked.get("/?c=3").status, 200);
}

TEST(ScriptSimulator, the_first_route_that_a_request_meets_answers_it) {
   Asked asked(with_routes(R"([{"path":"/a","method":"POST","when":{"form":{"grant":"x"}},"json":{"token":"t1"}},
      {"path":"/a","after":1,"times":1,"status":429,"headers":{"Retry-After":"1"}},
      {"path":"/a","cookies":["a=1","b=2"],"html":"<p>"},{"path":"/b*","text":"b"}])"));
   EXPECT_EQ(asked.post("/a", "grant=x").body, R"({"token":"t1"})");
   const ClientAnswer first = asked.post("/a", "grant=y");
   EXPECT_EQ(first.body, "<p>");
   EXPECT_NE(first.headers.find("Set-Cookie: a=1"), std::string::npos);
   EXPECT_NE(first.headers.find("Set-Cookie: b=2"), std::string::npos);
   EXPECT_EQ(asked.get("/a").status, 429);
   EXPECT_EQ(asked.get("/a").status, 200);
   EXPECT_EQ(asked.get("/bc/d").body, "b");
   EXPECT_EQ(asked.get("/ab").status, 404);
   EXPECT_EQ(asked.get("/ab").body, R"({"error":"no route of the script takes this request"})");
}

TEST(ScriptSimulator, meets_the_faults_that_other_simulators_have) {
   Asked asked(R"({"hosts":["api.acme.example"],"routes":[{"path":"/*"}],
      "faults":[{"match":{"path":"/a"},"times":1,"fault":"reset"}]})");
   EXPECT_NE(asked.get("/a").code, CURLE_OK);
   EXPECT_EQ(asked.get("/a").status, 200);
}

TEST(ScriptSimulator, a_mistake_is_one_sentence_with_the_place) {
   const std::string user = R"([{"name":"ada","known_by":[{"query":{"k":"1"}}]}])";
   for (const auto& [script, told] : std::vector<std::pair<std::string, std::string>>{
            {R"({"routes":[{"path":"/"}]})", "hosts: must name at least one host, as in \"api.acme.example\"."},
            {with_routes("[]"), "routes: must name at least one route."},
            {with_routes(R"([{"status":200}])"), "routes[0].path: must begin with a slash; \"/*\" is every path."},
            {with_routes(R"([{"path":"/","status":99}])"), "routes[0].status: must be from 200 to 599."},
            {with_routes(R"([{"path":"/","json":{},"text":""}])"),
             "routes[0].text: is the second body; one of json, text and html is sent."},
            {with_routes(R"([{"path":"/","users":["eve"]}])", user), "routes[0].users: \"eve\" is none of the users."},
            {with_routes(R"([{"path":"/","headers":{"a":1}}])"), "routes[0].headers.a: must be a text."},
            {with_routes(R"([{"path":"/"}])", R"([{"name":"ada","known_by":[{}]}])"),
             "users[0].known_by[0].headers: is missing: everybody would be ada. Or name query, form, basic or body."},
            {with_routes(R"([{"path":"/"}])", R"([{"name":"ada"}])"),
             "users[0].known_by: must name at least one way to know ada."}}) {
      try {
         const ScriptSimulator started(script);
         ADD_FAILURE() << script;
      } catch (const ScenarioError& error) {
         EXPECT_EQ(error.what(), told);
      }
   }
}

}  // namespace
}  // namespace msp::sim
