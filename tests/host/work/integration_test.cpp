// Requests through an integration, and what becomes of them.
#include <gmock/gmock.h>

#include <thread>

#include "integration_scene.hpp"

namespace msp::host {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using IntegrationTest = IntegrationScene;

TEST_F(IntegrationTest, a_request_carries_the_session_and_brings_the_answer_as_it_came) {
   const std::string bytes("\0\xff{\"x\":\r\n", 8);
   answer_with(Reply{.status = 207, .body = bytes, .headers = {{"X-One", "1"}, {"X-One", "2"}}});
   Request request{"PATCH", "Tickets?q={\"a\"}", {{"Content-Type", "text/plain"}}, std::string("b\0dy", 4)};
   const Response response = integration_->request(request);
   EXPECT_EQ(response.outcome, Outcome::accepted);
   EXPECT_EQ(response.status, 207);
   EXPECT_EQ(response.body, bytes);
   EXPECT_THAT(response.findings, IsEmpty());
   EXPECT_THAT(response.headers, testing::IsSupersetOf({Pair("X-One", "1"), Pair("X-One", "2")}));
   ASSERT_EQ(requests(), 1u);
   EXPECT_EQ(seen_[0].method, "PATCH");
   EXPECT_EQ(seen_[0].host(), kHost);
   EXPECT_EQ(seen_[0].path, "/rest/v1/Tickets");
   EXPECT_EQ(seen_[0].query, "q=%7B%22a%22%7D");
   EXPECT_EQ(seen_[0].body, std::string("b\0dy", 4));
   EXPECT_EQ(seen_[0].header("authorization"), "Bearer session-1");
   EXPECT_EQ(seen_[0].header("content-type"), "text/plain");
}

TEST_F(IntegrationTest, the_parameters_of_a_session_go_into_the_query_escaped_and_into_no_log) {
   script_.authenticate = [this](const msp_call* call) {
      accept("Bearer x");
      static const msp_pair headers[] = {{"Authorization", "Bearer x", 0, 0}};
      static const msp_pair query[] = {{"apikey", "k&y=1 /\xc3\xa4", 0, 0}, {"v", "2", MSP_PAIR_PUBLIC, 0}};
      msp_session session{};
      session.struct_size = sizeof session;
      session.base_url = kBase;
      session.headers = headers;
      session.header_count = 1;
      session.query = query;
      session.query_count = 2;
      call->report_session(call, &session);
      return MSP_ACCEPTED;
   };
   for (const auto& [path, sent] : {std::pair{"a", "apikey=k%26y%3D1%20%2F%C3%A4&v=2"},
                                    std::pair{"a?b=c", "b=c&apikey=k%26y%3D1%20%2F%C3%A4&v=2"}}) {
      EXPECT_EQ(get(path).status, 200);
      EXPECT_EQ(last_request().query, sent);
   }
   EXPECT_THAT(log_.str(), Not(HasSubstr("k&y")));
   EXPECT_THAT(log_.str(), Not(HasSubstr("k%26y")));
}

TEST_F(IntegrationTest, another_status_that_the_session_names_means_that_it_is_over) {
   std::vector<std::uint32_t> flags;
   script_.authenticate = [&](const msp_call* call) {
      flags.push_back(call->flags);
      const std::string value = "Bearer " + std::to_string(flags.size());
      accept(value);
      const msp_pair headers[] = {{"Authorization", value.c_str(), 0, 0}};
      static const std::int32_t statuses[] = {419};
      msp_session session{};
      session.struct_size = sizeof session;
      session.base_url = kBase;
      session.headers = headers;
      session.header_count = 1;
      session.rejected_statuses = statuses;
      session.rejected_status_count = 1;
      call->report_session(call, &session);
      return MSP_ACCEPTED;
   };
   answer_with(Reply::json("{}", 419));
   EXPECT_EQ(get().status, 419);
   EXPECT_EQ(requests(), 2U) << "once more under another session, and no third time";
   EXPECT_EQ(flags, (std::vector<std::uint32_t>{0, MSP_CALL_REJECTED}));
}

TEST_F(IntegrationTest, settings_that_do_not_fit_the_form_are_told_and_nothing_is_sent) {
   Integration incomplete(plugin_, Settings{});
   const Response response = incomplete.request({"GET", "Tickets", {}, {}});
   EXPECT_EQ(response.outcome, Outcome::invalid_settings);
   EXPECT_EQ(response.findings.at(0).code, "input.required");
   EXPECT_EQ(sign_ins_, 0);
}

TEST_F(IntegrationTest, what_is_not_allowed_is_one_sentence_and_nothing_is_sent) {
   const struct {
      Request request;
      std::string why;
   } cases[] = {
       {{"GET", "https://evil.example.net/", {}, {}}, "its path names a scheme or a server"},
       {{"GET", "//elsewhere.example.com/", {}, {}}, "its path begins with two slashes"},
       {{"GET", "../../admin", {}, {}}, "its path holds a dot segment"},
       {{"GET", "a%0d%0ab", {}, {}}, "its path holds a control character in disguise"},
       {{"G ET", "a", {}, {}}, "its method is not one of HTTP's"},
       {{"", "a", {}, {}}, "its method is not one of HTTP's"},
       {{"CONNECT", "a", {}, {}}, "its method is not one of HTTP's"},
       {{"GET", "a", {{"authorization", "mine"}}, {}}, "the header authorization comes with the session"},
       {{"GET", "a", {{"Cookie", "a=b"}}, {}}, "the header Cookie comes with the session"},
       {{"GET", "a", {{"Host", "evil.example.net"}}, {}}, "the header Host is set by the host alone"},
       {{"GET", "a", {{"Content-Length", "1"}}, {}}, "the header Content-Length is set by the host alone"},
       {{"GET", "a", {{"X-A", "1\r\nHost: evil"}}, {}}, "the value of the header X-A holds a control character"},
       {{"GET", "a", {{"X A", "1"}}, {}}, "a header name holds a character that names must not hold"},
       {{"HEAD", "a", {}, "body"}, "a HEAD request has no body"},
   };
   for (const auto& [request, why] : cases) {
      const Response response = integration_->request(request);
      EXPECT_EQ(response.outcome, Outcome::invalid_settings) << why;
      ASSERT_EQ(response.findings.size(), 1u) << why;
      EXPECT_THAT(response.findings[0].summary, HasSubstr("The request is not allowed: " + why));
      EXPECT_EQ(response.status, 0);
   }
   EXPECT_EQ(sign_ins_, 0) << "not even a sign-in";

   const Response other = integration_->request({"GET", "a", {{"x-tenant", "other"}}, {}});
   EXPECT_THAT(other.findings.at(0).summary, HasSubstr("the header x-tenant comes with the session"));
   EXPECT_EQ(requests(), 0u);
}

TEST_F(IntegrationTest, what_kind_of_content_is_meant_is_the_session_s_default_and_the_request_s_choice) {
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(last_request().header("accept"), "text/x");
   EXPECT_EQ(integration_->request({"GET", "a", {{"accept", "text/csv"}}, {}}).status, 200);
   EXPECT_EQ(last_request().header("accept"), "text/csv");
   EXPECT_EQ(last_request().header("x-tenant"), "jane");
}

TEST_F(IntegrationTest, a_redirect_is_handed_back_and_not_followed) {
   answer_with(Reply{.status = 302, .headers = {{"Location", "https://elsewhere.example.com/"}}});
   const Response response = get();
   EXPECT_EQ(response.outcome, Outcome::accepted);
   EXPECT_EQ(response.status, 302);
   EXPECT_EQ(requests(), 1u);
}

TEST_F(IntegrationTest, an_answer_beyond_the_limit_is_told_with_the_limit) {
   answer_with(Reply::json(std::string(1001, 'x')));
   RequestOptions options;
   options.body_max = 1000;
   const Response response = integration_->request({"GET", "big", {}, {}}, options);
   EXPECT_EQ(response.outcome, Outcome::unavailable);
   EXPECT_THAT(response.findings.at(0).summary, HasSubstr("longer than 1000 bytes"));
   EXPECT_EQ(response.status, 0);
   options.body_max = 1001;
   EXPECT_EQ(integration_->request({"GET", "big", {}, {}}, options).body.size(), 1001u);
}

TEST_F(IntegrationTest, a_cancel_ends_a_request_that_nobody_answers) {
   answer_with(Reply{.fault = sim::Fault::silent});
   std::stop_source cancel;
   RequestOptions options;
   options.timeout = 60s;
   options.cancel = cancel.get_token();
   Response response;
   std::jthread caller([&] { response = integration_->request({"GET", "slow", {}, {}}, options); });
   EXPECT_TRUE(server_.wait_for([](const sim::Counters& counters) { return counters.requests == 1; }));
   cancel.request_stop();
   caller.join();
   EXPECT_EQ(response.outcome, Outcome::cancelled);
   EXPECT_EQ(response.findings.at(0).code, "host.cancelled");
}

TEST_F(IntegrationTest, a_deadline_ends_a_request_that_nobody_answers) {
   answer_with(Reply{.fault = sim::Fault::silent});
   ASSERT_TRUE(integration_->session().session);
   RequestOptions options;
   options.timeout = 50ms;
   const Response response = integration_->request({"GET", "slow", {}, {}}, options);
   EXPECT_EQ(response.outcome, Outcome::timed_out);
   EXPECT_EQ(response.findings.at(0).code, "host.deadline");
}

TEST_F(IntegrationTest, the_log_tells_the_request_without_its_query_and_without_secrets) {
   answer_with(Reply::json("{}", 404));
   EXPECT_EQ(get("Tickets/session-1?name=Miller").status, 404);
   EXPECT_THAT(log_.str(), HasSubstr("GET Tickets/[redacted]: HTTP 404 after "));
   EXPECT_THAT(log_.str(), Not(HasSubstr("Miller")));
   EXPECT_THAT(log_.str(), Not(HasSubstr("session-1")));
   (void)get("Tickets/correct%20horse/1");
   EXPECT_THAT(log_.str(), HasSubstr("GET Tickets/[redacted]/1: HTTP 404 after ")) << "also one that reads like words";
}

}  // namespace
}  // namespace msp::host
