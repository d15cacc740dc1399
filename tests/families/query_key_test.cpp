// A key in the query of every address.
#include <gmock/gmock.h>

#include "family.hpp"

namespace msp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "k3y+with/all&that=is#escaped?";

// Takes one key.
class ExampleMonitor {
 public:
   std::string key = kKey;
   std::string may = "devices alerts";
   Platform platform{{"monitor.example.com"}, [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) const {
      if (request.query_value("apikey") != key) return sim::Reply::json(R"({"error":"unknown key"})", 401);
      if (request.path == "/api/me")
         return sim::Reply::json(R"({"account":"4711","user":"Console","may":")" + may + "\"}");
      return sim::Reply::json(R"({"page":")" + request.query_value("page").value_or("") + "\"}");
   }
};

TEST(QueryKey, the_key_is_escaped_in_the_query_of_the_plugin_s_own_request) {
   ExampleMonitor monitor;
   const Family plugin("query_key", monitor.platform);
   const auto report = plugin.check({}, {{"api_key", kKey}});
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_EQ(report.identity->account, "4711");
   EXPECT_TRUE(report.session->headers.empty());
   ASSERT_EQ(report.session->query.size(), 1U);
   EXPECT_EQ(report.session->query[0].first, "apikey");
   EXPECT_EQ(report.session->query[0].second.view(), kKey);
   EXPECT_THAT(monitor.platform.asked(), ElementsAre("GET monitor.example.com/api/me"));
}

TEST(QueryKey, the_host_adds_the_key_to_every_request_after_what_the_request_asks_for) {
   ExampleMonitor monitor;
   const Family plugin("query_key", monitor.platform);
   const auto integration = plugin.integration({}, {{"api_key", kKey}});
   EXPECT_EQ(get(*integration, "alerts").body, R"({"page":""})");
   const auto response = get(*integration, "alerts?page=2");
   EXPECT_EQ(response.body, R"({"page":"2"})") << told(response);
   EXPECT_THAT(monitor.platform.seen().back().query, testing::StartsWith("page=2&apikey="));
}

TEST(QueryKey, a_wrong_key_is_refused_after_one_request_and_told_nowhere) {
   ExampleMonitor monitor;
   const Family plugin("query_key", monitor.platform);
   const auto report = plugin.check({}, {{"api_key", "another+key/12345"}});
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).field, "api_key");
   EXPECT_THAT(monitor.platform.asked(), ElementsAre("GET monitor.example.com/api/me"));
   expect_nothing_of("another+key/12345", report, plugin.manifest());
}

TEST(QueryKey, what_the_key_may_not_do_is_a_missing_right) {
   ExampleMonitor monitor;
   monitor.platform.change([&] { monitor.may = "devices"; });
   const Family plugin("query_key", monitor.platform);
   EXPECT_EQ(plugin.check({}, {{"api_key", kKey}}).verdict, host::Verdict::insufficient);
}

TEST(QueryKey, a_key_that_was_withdrawn_is_asked_about_once_and_sent_no_more) {
   ExampleMonitor monitor;
   const Family plugin("query_key", monitor.platform);
   const auto integration = plugin.integration({}, {{"api_key", kKey}});
   EXPECT_EQ(get(*integration, "alerts").status, 200);
   monitor.platform.change([&] { monitor.key = "the next one"; });
   const auto response = get(*integration, "alerts");
   EXPECT_EQ(response.outcome, host::Outcome::refused);
   EXPECT_EQ(response.findings.at(0).field, "api_key") << told(response);
   const auto asked = monitor.platform.asked();
   EXPECT_EQ(get(*integration, "alerts").outcome, host::Outcome::refused);
   EXPECT_EQ(monitor.platform.asked(), asked);
   EXPECT_EQ(asked.back(), "GET monitor.example.com/api/me");
}

TEST(QueryKey, on_the_command_line_no_text_and_no_line_of_the_log_holds_the_key) {
   ExampleMonitor monitor;
   FamilyConsole console("query_key", monitor.platform);
   const auto log = (console.directory() / "log").string();
   const auto added = console.add({}, {{"api_key", std::string("=") + kKey}},
                                  {"--name", "Monitor", "--log-level", "debug", "--log-file", log});
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   const auto answer = console.run(
       {"--log-level", "debug", "--log-file", log, "integration", "request", "Monitor", "GET", "alerts?page=2"});
   EXPECT_EQ(answer.out, R"({"page":"2"})") << answer.err;
   const std::string lines = test_support::read_file(log);
   EXPECT_THAT(lines, HasSubstr("https://monitor.example.com/api/me"));
   for (const std::string& text : {added.out, added.err, answer.err, lines}) {
      EXPECT_THAT(text, Not(HasSubstr("k3y")));
      EXPECT_THAT(text, Not(HasSubstr("escaped")));
   }
}

}  // namespace
}  // namespace msp::test
