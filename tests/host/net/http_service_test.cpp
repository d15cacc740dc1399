// What goes out and what comes back.
#include <gtest/gtest.h>

#include <future>

#include "http_service_scene.hpp"

namespace msp::host {
namespace {

using namespace test;

TEST(HttpService, sends_what_it_was_given_and_hands_back_the_answer) {
   Request seen;
   Platform platform([&seen](const Request& arrived) {
      seen = arrived;
      Reply reply = Reply::json("{\"id\":7}", 201);
      reply.headers.emplace_back("X-Trace", " a b ");
      return reply;
   });
   HttpService service(platform.options);
   HttpRequest patch = request("PATCH", "/v1/Tickets?q=a%40b");
   patch.headers.emplace_back("Secret", SecretBytes("$ecret #1"));
   patch.headers.emplace_back("X-Empty", SecretBytes());
   patch.headers.emplace_back("Content-Type", SecretBytes("application/json"));
   patch.body = SecretBytes("{\"id\":7}");
   const HttpResponse response = perform(service, std::move(patch));

   EXPECT_EQ(response.outcome, Outcome::accepted) << response.problem.summary;
   EXPECT_EQ(response.status, 201);
   EXPECT_EQ(response.body.view(), "{\"id\":7}");
   EXPECT_EQ(header(response, "x-trace"), "a b");
   EXPECT_EQ(seen.method, "PATCH");
   EXPECT_EQ(seen.path, "/v1/Tickets");
   EXPECT_EQ(seen.query, "q=a%40b");
   EXPECT_EQ(seen.body, "{\"id\":7}");
   EXPECT_EQ(seen.header("secret"), "$ecret #1");
   EXPECT_EQ(seen.header("x-empty"), "");
   EXPECT_EQ(seen.header("content-type"), "application/json");
   EXPECT_EQ(seen.header("host"), kHost);
   EXPECT_EQ(seen.header("user-agent"), "msp-host");
   EXPECT_FALSE(seen.header("expect"));
}

TEST(HttpService, invents_no_content_type_and_states_the_length_of_an_empty_body) {
   Request seen;
   Platform platform([&seen](const Request& arrived) {
      seen = arrived;
      return Reply::json("{}");
   });
   HttpService service(platform.options);
   ASSERT_EQ(perform(service, request("POST")).outcome, Outcome::accepted);
   EXPECT_EQ(seen.header("content-length"), "0");
   EXPECT_FALSE(seen.header("content-type"));
   ASSERT_EQ(perform(service, request("DELETE")).outcome, Outcome::accepted);
   EXPECT_EQ(seen.method, "DELETE");
}

TEST(HttpService, takes_the_secrets_of_a_request_over) {
   Platform platform;
   HttpService service(platform.options);
   std::vector<HttpRequest> requests;
   requests.push_back(request("POST"));
   requests[0].headers.emplace_back("Secret", SecretBytes("hunter22"));
   requests[0].body = SecretBytes("hunter22");
   ASSERT_EQ(service.perform(requests, Clock::now() + 20s, {})[0].outcome, Outcome::accepted);
   EXPECT_TRUE(requests[0].headers[0].second.empty());
   EXPECT_TRUE(requests[0].body.empty());
}

TEST(HttpService, uses_a_connection_again) {
   Platform platform;
   HttpService service(platform.options);
   for (int round = 0; round < 5; ++round) EXPECT_EQ(perform(service, get()).outcome, Outcome::accepted);
   EXPECT_EQ(platform.server.counters().connections, 1U);
}

TEST(HttpService, sends_a_batch_at_once_and_answers_in_its_order) {
   Platform platform([](const Request& arrived) { return Reply::json(arrived.path); });
   platform.server.hold_until(3);  // would wait for ever if the requests came one after the other
   HttpService service(platform.options);
   std::vector<HttpRequest> requests;
   for (const auto* path : {"/a", "/b", "/c"}) requests.push_back(get(path));
   const auto responses = perform(service, std::move(requests));
   ASSERT_EQ(responses.size(), 3U);
   EXPECT_EQ(responses[0].body.view(), "/a");
   EXPECT_EQ(responses[1].body.view(), "/b");
   EXPECT_EQ(responses[2].body.view(), "/c");
}

TEST(HttpService, keeps_to_the_limit_per_origin) {
   Platform platform;
   platform.options.max_per_origin = 2;
   platform.server.hold_until(2);
   HttpService service(platform.options);
   std::vector<HttpRequest> requests;
   for (int count = 0; count < 8; ++count) requests.push_back(get());
   for (const auto& response : perform(service, std::move(requests))) EXPECT_EQ(response.outcome, Outcome::accepted);
   EXPECT_EQ(platform.server.counters().most_under_way, 2U);
}

// The first two are held, so that none makes room for a third. The request to another origin comes last: by the time
// that its connection is accepted, so is every connection that the others began.
TEST(HttpService, begins_no_more_at_once_to_one_origin_than_the_limit) {
   Platform platform([](const Request&) { return Reply::json("{}"); }, {}, {std::string(kHost), "other.example.com"});
   platform.options.max_per_origin = 2;
   platform.options.connect_to.push_back(platform.server.connect_to("other.example.com"));
   platform.server.hold_until(9, [](const Request& arrived) { return arrived.path == "/held"; });
   HttpService service(platform.options);
   std::stop_source cancel;
   auto held = std::async(std::launch::async, [&] {
      std::vector<HttpRequest> requests;
      for (int count = 0; count < 8; ++count) requests.push_back(get("/held"));
      return perform(service, std::move(requests), 24h, cancel.get_token());
   });
   EXPECT_TRUE(platform.server.wait_for([](const auto& c) { return c.requests >= 2; }));
   HttpRequest other = get();
   other.url = "https://other.example.com/";
   EXPECT_EQ(perform(service, std::move(other)).outcome, Outcome::accepted);
   EXPECT_EQ(platform.server.counters().connections, 3U);
   cancel.request_stop();
   for (const auto& response : held.get()) EXPECT_EQ(response.outcome, Outcome::cancelled);
}

// A label of 64 characters: every resolver knows without asking anybody that there is no such name.
TEST(HttpService, connects_elsewhere_only_for_the_host_that_was_named) {
   const std::string other = std::string(64, 'a') + ".invalid";
   Platform platform([](const Request&) { return Reply::json("{}"); }, {}, {std::string(kHost), other});
   HttpService service(platform.options);
   HttpRequest elsewhere = get();
   elsewhere.url = "https://" + other + "/";
   EXPECT_EQ(perform(service, std::move(elsewhere)).problem.code, "net.dns");
   EXPECT_EQ(platform.server.counters().connections, 0U);
   EXPECT_EQ(perform(service, get()).outcome, Outcome::accepted);
}

TEST(HttpService, takes_the_final_answer_for_the_answer_and_no_interim_one_or_trailer) {
   for (const char* interim : {"100 Continue", "102 Processing", "103 Early Hints", "199 Strange"}) {
      SCOPED_TRACE(interim);
      Platform platform([&](const Request&) {
         return Reply::bytes(
             "HTTP/1.1 " + std::string(interim) +
             "\r\nX-Early: 1\r\n\r\n"
             "HTTP/1.1 201 Made\r\nX-Final: 2\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
             "2\r\n{}\r\n0\r\nHTTP/1.1: 3\r\nX-Later: 4\r\n\r\n");
      });
      HttpService service(platform.options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(response.outcome, Outcome::accepted) << response.problem.summary;
      EXPECT_EQ(response.status, 201);
      EXPECT_EQ(response.body.view(), "{}");
      EXPECT_EQ(header(response, "x-early"), "(none)");
      EXPECT_EQ(header(response, "x-final"), "2");
      EXPECT_EQ(header(response, "x-later"), "(none)");
   }
}

TEST(HttpService, hands_the_headers_over_in_their_order_and_a_folded_one_in_one_line) {
   Platform platform([](const Request&) {
      return Reply::bytes(
          "HTTP/1.1 200 OK\r\nSet-Cookie: b=2\r\nX-Folded: one\r\n  two\r\nset-cookie:a=1 \r\nX-Empty:\r\n"
          "Connection: close\r\nContent-Length: 0\r\n\r\n");
   });
   HttpService service(platform.options);
   const std::vector<std::pair<std::string, std::string>> wanted = {{"Set-Cookie", "b=2"},   {"X-Folded", "one two"},
                                                                    {"set-cookie", "a=1"},   {"X-Empty", ""},
                                                                    {"Connection", "close"}, {"Content-Length", "0"}};
   std::vector<std::pair<std::string, std::string>> headers;
   const HttpResponse response = perform(service, get());
   for (const auto& [name, value] : response.headers) headers.emplace_back(name, value.view());
   EXPECT_EQ(headers, wanted);
}

TEST(HttpService, an_empty_batch_has_no_answers) {
   HttpService service(NetworkOptions{});
   EXPECT_TRUE(perform(service, std::vector<HttpRequest>()).empty());
}

TEST(HttpService, hands_a_redirect_back_instead_of_following_it) {
   Platform platform([](const Request&) {
      Reply reply = Reply::html("moved", 302);
      reply.headers.emplace_back("Location", "https://api.example.com/elsewhere");
      return reply;
   });
   HttpService service(platform.options);
   const HttpResponse response = perform(service, get());
   EXPECT_EQ(response.outcome, Outcome::accepted);
   EXPECT_EQ(response.status, 302);
   EXPECT_EQ(header(response, "location"), "https://api.example.com/elsewhere");
   EXPECT_EQ(platform.server.counters().requests, 1U);
}

TEST(HttpService, hands_a_challenge_back_instead_of_answering_it) {
   Platform platform([](const Request&) {
      Reply reply = Reply::json("", 401);
      reply.headers.emplace_back("WWW-Authenticate", "Basic realm=\"api\"");
      return reply;
   });
   HttpService service(platform.options);
   const HttpResponse response = perform(service, get());
   EXPECT_EQ(response.outcome, Outcome::accepted);
   EXPECT_EQ(response.status, 401);
   EXPECT_TRUE(response.body.empty());
   EXPECT_EQ(platform.server.counters().requests, 1U);
}

TEST(HttpService, sends_nothing_of_a_request_that_breaks_the_rules_and_all_of_its_neighbours) {
   Platform platform;
   HttpService service(platform.options);
   std::vector<HttpRequest> requests;
   requests.push_back(get());
   requests.push_back(get());
   requests.push_back(get());
   requests[1].url = "http://api.example.com/";
   requests[2].headers.emplace_back("Secret", SecretBytes("a\r\nHost: b"));
   const auto responses = perform(service, std::move(requests));
   EXPECT_EQ(responses[0].outcome, Outcome::accepted);
   for (const std::size_t index : {1U, 2U}) {
      EXPECT_EQ(responses[index].outcome, Outcome::failed);
      EXPECT_EQ(responses[index].problem.code, "plugin.defect");
   }
   EXPECT_EQ(platform.server.counters().requests, 1U);
}

TEST(HttpService, serves_several_threads_at_once) {
   Platform platform([](const Request& arrived) { return Reply::json(arrived.path); });
   platform.server.hold_until(2);  // one of each thread
   HttpService service(platform.options);
   const auto talk = [&service](const std::string& path) {
      bool all = true;
      for (int round = 0; round < 20; ++round) all = all && perform(service, get(path)).body.view() == path;
      return all;
   };
   auto first = std::async(std::launch::async, talk, "/first");
   auto second = std::async(std::launch::async, talk, "/second");
   EXPECT_TRUE(first.get());
   EXPECT_TRUE(second.get());
}

}  // namespace
}  // namespace msp::host
