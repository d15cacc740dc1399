// GraphQL: 200 for everything, and 419 when a session is over.
#include <gmock/gmock.h>

#include "family.hpp"

namespace msp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kAsk = "POST graph.example.com/graphql";
constexpr const char* kPassword = R"(back\slash "quoted")";

// Knows the session that it gave last, as long as it is `open`.
class ExampleGraph {
 public:
   bool open = false;
   std::string forbidden;   // of the entities
   std::string everything;  // answers every question, with 200
   int sessions = 0;
   Platform platform{{"graph.example.com"}, [this](const sim::Request& request) { return answer(request); }};

 private:
   static sim::Reply error(const std::string& code) {
      return sim::Reply::json(R"({"data":null,"errors":[{"message":"No.","extensions":{"code":")" + code + "\"}}]}");
   }

   sim::Reply answer(const sim::Request& request) {
      if (!everything.empty()) return sim::Reply::json(everything);
      if (request.body.find("signIn") != std::string::npos) {
         if (request.body.find(R"("variables":{"user":"jane","password":"back\\slash \"quoted\""})") ==
             std::string::npos)
            return error("UNAUTHENTICATED");
         open = true;
         return sim::Reply::json(R"({"data":{"signIn":{"token":"session-)" + std::to_string(++sessions) +
                                 R"(","user":{"id":7},"account":{"id":"acc-1","name":"Example GmbH"}}}})");
      }
      if (!open || request.header("Authorization") != "Bearer session-" + std::to_string(sessions))
         return sim::Reply::json("{}", 419);
      for (const std::string entity : {"tickets", "invoices"})
         if (request.body.find(entity) != std::string::npos)
            return entity == forbidden ? error("FORBIDDEN") : sim::Reply::json(R"({"data":{")" + entity + R"(":[]}})");
      return error("BAD_USER_INPUT");
   }
};

const Values kValues = {{"user", "jane"}};
const Values kSecrets = {{"password", kPassword}};

host::Response ask(host::Integration& integration, const std::string& query) {
   return integration.request({"POST", "graphql", {{"Content-Type", "application/json"}}, query});
}

TEST(GraphQl, the_sign_in_and_the_rights_are_read_from_bodies) {
   ExampleGraph graph;
   const Family plugin("graphql", graph.platform);
   const auto report = plugin.check(kValues, kSecrets);
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_EQ(report.identity->account, "acc-1");
   EXPECT_EQ(report.identity->principal, "7");
   EXPECT_THAT(report.session->rejected_statuses, ElementsAre(419));
   EXPECT_THAT(graph.platform.asked(), ElementsAre(kAsk, kAsk, kAsk)) << "one sign-in, one question for each right";
}

TEST(GraphQl, a_refusal_within_a_200_is_a_refusal) {
   ExampleGraph graph;
   const Family plugin("graphql", graph.platform);
   const auto report = plugin.check(kValues, {{"password", "wrong horse"}});
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).code, "auth.rejected");
   EXPECT_EQ(first_error(report).field, "password");
   EXPECT_THAT(graph.platform.asked(), ElementsAre(kAsk));
}

TEST(GraphQl, a_200_that_says_nothing_is_no_yes) {
   for (const char* body : {"{}", "<html></html>", R"({"data":{"signIn":null}})",
                            R"({"data":{"signIn":{"token":"t"}}})", R"({"errors":[{"message":"try later"}]})"}) {
      ExampleGraph graph;
      graph.everything = body;
      const auto report = Family("graphql", graph.platform).check(kValues, kSecrets);
      EXPECT_EQ(report.outcome, host::Outcome::unavailable) << body;
      EXPECT_EQ(first_error(report).code, "platform.unexpected_response") << body;
   }
}

TEST(GraphQl, what_is_forbidden_within_a_200_is_a_missing_right) {
   const struct {
      const char* entity;
      host::Outcome outcome;
      const char* code;
   } cases[] = {{"tickets", host::Outcome::refused, "perm.missing"},
                {"invoices", host::Outcome::accepted, "perm.missing"}};
   for (const auto& [entity, outcome, code] : cases) {
      ExampleGraph graph;
      graph.forbidden = entity;
      const auto report = Family("graphql", graph.platform).check(kValues, kSecrets);
      EXPECT_EQ(report.outcome, outcome) << entity;
      EXPECT_TRUE(has_finding(report, code)) << entity;
      EXPECT_EQ(find_grant(report, std::string(entity) + ".read")->evidence, "FORBIDDEN");
   }
}

TEST(GraphQl, the_status_that_the_plugin_named_renews_the_session_once_and_an_error_within_a_200_does_not) {
   ExampleGraph graph;
   const Family plugin("graphql", graph.platform);
   const auto integration = plugin.integration(kValues, kSecrets);
   EXPECT_EQ(ask(*integration, R"({"query":"{ tickets { id } }"})").body, R"({"data":{"tickets":[]}})");
   EXPECT_THAT(ask(*integration, R"({"query":"{ nonsense }"})").body, HasSubstr("BAD_USER_INPUT"));
   EXPECT_THAT(graph.platform.asked(), ElementsAre(kAsk, kAsk, kAsk));

   graph.platform.change([&] { graph.open = false; });
   const auto response = ask(*integration, R"({"query":"{ tickets { id } }"})");
   EXPECT_EQ(response.status, 200) << told(response);
   const auto seen = graph.platform.seen();
   ASSERT_EQ(seen.size(), 6U) << "sent, refused with 419, signed in, sent again";
   EXPECT_EQ(seen[3].body, seen[5].body);
   EXPECT_EQ(seen[5].header("Authorization"), "Bearer session-2");
}

TEST(GraphQl, on_the_command_line_a_query_is_a_body) {
   ExampleGraph graph;
   FamilyConsole console("graphql", graph.platform);
   const auto added = console.add(kValues, {{"password", std::string("=") + kPassword}}, {"--name", "Graph"});
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   const auto answer = console.run({"integration", "request", "Graph", "POST", "graphql", "--header",
                                    "Content-Type: application/json", "--body", R"({"query":"{ tickets { id } }"})"});
   EXPECT_EQ(answer.exit_code, 0) << answer.err;
   EXPECT_EQ(answer.out, R"({"data":{"tickets":[]}})");
}

}  // namespace
}  // namespace msp::test
