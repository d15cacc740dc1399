// Over real TLS, against a server that misbehaves on request.
#include "http_service.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "blackhole.hpp"
#include "msp/http.h"
#include "sim/https_server.hpp"
#include "sim/scratch_directory.hpp"
#include "slow_name.hpp"

namespace msp::host {
namespace {

using namespace std::chrono_literals;
using sim::Reply;
using sim::Request;
using Clock = HttpService::Clock;

constexpr std::string_view kHost = "api.example.com";
constexpr auto kAtOnce = 200ms;  // after a cancel

HttpRequest request(std::string method = "GET", std::string path = "/") {
   HttpRequest result;
   result.method = std::move(method);
   result.url = "https://" + std::string(kHost) + path;
   return result;
}

HttpRequest get(std::string path = "/") { return request("GET", std::move(path)); }

std::vector<HttpResponse> perform(HttpService& service, std::vector<HttpRequest> requests,
                                  std::chrono::milliseconds limit = 20s, std::stop_token cancel = {}) {
   return service.perform(requests, Clock::now() + limit, std::move(cancel));
}

HttpResponse perform(HttpService& service, HttpRequest single, std::chrono::milliseconds limit = 20s) {
   std::vector<HttpRequest> requests;
   requests.push_back(std::move(single));
   return std::move(perform(service, std::move(requests), limit).front());
}

std::string header(const HttpResponse& response, std::string_view name) {
   for (const auto& [key, value] : response.headers)
      if (sim::to_lower(key) == name) return value;
   return "(none)";
}

// A platform of its own for each test: authority, server, and options that lead to it.
struct Platform {
   explicit Platform(
       sim::Handler handler = [](const Request&) { return Reply::json("{}"); },
       const sim::ServerOptions& server_options = {}, const std::vector<std::string>& names = {std::string(kHost)},
       sim::Validity validity = sim::Validity::current)
       : server(authority.issue(names, validity), std::move(handler), server_options) {
      authority.write(scratch.path() / "ca.pem");
      options.ca_file = scratch.path() / "ca.pem";
      options.connect_to = {server.connect_to(kHost)};
   }

   sim::CertificateAuthority authority;
   sim::ScratchDirectory scratch;
   sim::HttpsServer server;
   NetworkOptions options;
};

// How long a call goes on after a cancel that comes when `ready` says so.
std::chrono::milliseconds time_to_cancel(HttpService& service, const std::function<void()>& ready,
                                         HttpResponse& response) {
   std::stop_source cancel;
   Clock::time_point returned;
   std::jthread caller([&] {
      std::vector<HttpRequest> requests;
      requests.push_back(get());
      response = std::move(perform(service, std::move(requests), 60s, cancel.get_token()).front());
      returned = Clock::now();
   });
   ready();
   const auto cancelled = Clock::now();
   cancel.request_stop();
   caller.join();
   return std::chrono::duration_cast<std::chrono::milliseconds>(returned - cancelled);
}

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

TEST(HttpService, refuses_servers_that_it_cannot_be_sure_of) {
   struct {
      const char* name;
      sim::Protocol protocol;
      std::vector<std::string> names;
      sim::Validity validity;
      bool authority_known;
      std::string code;
   } const cases[] = {
       {"unknown authority",
        sim::Protocol::tls12_and_newer,
        {std::string(kHost)},
        sim::Validity::current,
        false,
        "net.tls_untrusted"},
       {"expired",
        sim::Protocol::tls12_and_newer,
        {std::string(kHost)},
        sim::Validity::expired,
        true,
        "net.tls_expired"},
       {"not yet valid",
        sim::Protocol::tls12_and_newer,
        {std::string(kHost)},
        sim::Validity::not_yet_valid,
        true,
        "net.tls_expired"},
       {"another name",
        sim::Protocol::tls12_and_newer,
        {"other.example.com"},
        sim::Validity::current,
        true,
        "net.tls_name"},
       {"TLS 1.1", sim::Protocol::tls11_only, {std::string(kHost)}, sim::Validity::current, true, "net.tls_protocol"},
   };
   for (const auto& c : cases) {
      sim::ServerOptions server_options;
      server_options.protocol = c.protocol;
      Platform platform([](const Request&) { return Reply::json("{}"); }, server_options, c.names, c.validity);
      if (!c.authority_known) platform.options.ca_file.clear();
      HttpService service(platform.options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(response.outcome, Outcome::unreachable) << c.name;
      EXPECT_EQ(response.problem.code, c.code) << c.name << ": " << response.problem.summary;
      EXPECT_EQ(platform.server.counters().requests, 0U) << c.name;
   }
}

TEST(HttpService, a_ca_file_that_cannot_be_used_answers_every_request_with_the_reason) {
   Platform platform;
   platform.options.ca_file = platform.scratch.path() / "missing.pem";
   HttpService service(platform.options);
   const HttpResponse response = perform(service, get());
   EXPECT_EQ(response.outcome, Outcome::unreachable);
   EXPECT_EQ(response.problem.code, "net.tls_untrusted");
   EXPECT_NE(response.problem.summary.find("missing.pem"), std::string::npos);
   EXPECT_EQ(platform.server.counters().connections, 0U);
}

TEST(HttpService, reads_a_body_of_the_limit_and_not_a_byte_more) {
   Platform platform([](const Request& arrived) {
      Reply reply = Reply::json(std::string(MSP_HTTP_BODY_MAX + (arrived.path == "/more" ? 1 : 0), 'x'));
      reply.chunked = true;
      return reply;
   });
   HttpService service(platform.options);
   const HttpResponse largest = perform(service, get("/limit"));
   EXPECT_EQ(largest.outcome, Outcome::accepted) << largest.problem.summary;
   EXPECT_EQ(largest.body.size(), static_cast<std::size_t>(MSP_HTTP_BODY_MAX));
   const HttpResponse larger = perform(service, get("/more"));
   EXPECT_EQ(larger.outcome, Outcome::unavailable);
   EXPECT_EQ(larger.problem.code, "platform.unexpected_response");
   EXPECT_NE(larger.problem.summary.find("8 MiB"), std::string::npos);
   EXPECT_TRUE(larger.body.empty());
}

// A gzip file of one letter and `repeats` times 258 more of it, in the fixed code of RFC 1951: 13 bits for 258 bytes.
std::string gzip_bomb(std::size_t repeats) {
   std::string file("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
   unsigned pending = 0, count = 0;
   const auto put = [&](unsigned bits, unsigned width) {
      pending |= bits << count;
      for (count += width; count >= 8; count -= 8, pending >>= 8) file += static_cast<char>(pending & 0xFF);
   };
   const auto put_code = [&](unsigned code, unsigned width) {  // codes go with their highest bit first
      while (width-- > 0) put(code >> width & 1, 1);
   };
   put(3, 3);                // the last block, fixed code
   put_code(0x30 + 'x', 8);  // the letter
   for (std::size_t at = 0; at < repeats; ++at) {
      put_code(0xC5, 8);  // 258 bytes
      put_code(0, 5);     // from one byte back
   }
   put_code(0, 7);  // the end
   put(0, 7);
   return file;
}

TEST(HttpService, limits_the_unpacked_body_not_the_packed_one) {
   Platform platform([](const Request&) {
      Reply reply = Reply::json(gzip_bomb(200'000));  // 51 MB in 325 kB
      reply.headers.emplace_back("Content-Encoding", "gzip");
      return reply;
   });
   HttpService service(platform.options);
   const HttpResponse response = perform(service, get());
   EXPECT_EQ(response.outcome, Outcome::unavailable);
   EXPECT_NE(response.problem.summary.find("8 MiB"), std::string::npos) << response.problem.summary;
}

TEST(HttpService, limits_the_header_of_an_answer) {
   Platform platform([](const Request&) {
      Reply reply = Reply::json("{}");
      for (int count = 0; count < 100; ++count)
         reply.headers.emplace_back("X-" + std::to_string(count), std::string(1000, 'x'));
      return reply;
   });
   HttpService service(platform.options);
   const HttpResponse response = perform(service, get());
   EXPECT_EQ(response.outcome, Outcome::unavailable);
   EXPECT_EQ(response.problem.code, "platform.unexpected_response");
   EXPECT_NE(response.problem.summary.find("64 KiB"), std::string::npos) << response.problem.summary;
}

TEST(HttpService, an_answer_that_breaks_off_is_no_answer) {
   for (const bool reset : {false, true}) {
      Platform platform([reset](const Request&) {
         Reply reply = Reply::json(std::string(10'000, 'x'));
         reply.fault = reset ? sim::Fault::reset : sim::Fault::truncated;
         return reply;
      });
      HttpService service(platform.options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(response.outcome, reset ? Outcome::unreachable : Outcome::unavailable);
      EXPECT_EQ(response.problem.code, reset ? "net.reset" : "platform.unexpected_response")
          << response.problem.summary;
      EXPECT_TRUE(response.body.empty());
      EXPECT_EQ(platform.server.counters().requests, 1U) << "never retries";
   }
}

// libcurl by itself would send the request again over a fresh connection; a platform could count that as a second
// sign-in.
TEST(HttpService, never_retries_on_a_connection_that_died_while_it_was_kept) {
   Platform platform([](const Request& arrived) {
      Reply reply = Reply::json("{}");
      if (arrived.path == "/reset") reply.fault = sim::Fault::reset;
      return reply;
   });
   HttpService service(platform.options);
   ASSERT_EQ(perform(service, get("/")).outcome, Outcome::accepted);
   const HttpResponse response = perform(service, get("/reset"));
   EXPECT_EQ(response.outcome, Outcome::unreachable);
   EXPECT_EQ(response.problem.code, "net.reset") << response.problem.summary;
   EXPECT_EQ(perform(service, get("/")).outcome, Outcome::accepted);
   EXPECT_EQ(platform.server.counters().requests, 3U);
}

TEST(HttpService, a_connection_reset_during_the_handshake_is_told_as_that) {
   sim::ServerOptions server_options;
   server_options.greeting = sim::Greeting::reset;
   Platform platform([](const Request&) { return Reply::json("{}"); }, server_options);
   HttpService service(platform.options);
   const HttpResponse response = perform(service, get());
   EXPECT_EQ(response.outcome, Outcome::unreachable);
   EXPECT_EQ(response.problem.code, "net.reset") << response.problem.summary;
}

TEST(HttpService, says_what_stands_between_it_and_the_server) {
   Blackhole closed(Blackhole::Kind::refusing);
   struct {
      const char* name;
      std::function<void(NetworkOptions&)> change;
      std::string code;
   } const cases[] = {
       {"refused",
        [&](NetworkOptions& o) {
           o.connect_to = {std::string(kHost) + ":443:127.0.0.1:" + std::to_string(closed.port())};
        },
        "net.connect"},
       {"proxy refused", [&](NetworkOptions& o) { o.proxy = "http://127.0.0.1:" + std::to_string(closed.port()); },
        "net.proxy"},
       // A label of 64 characters: every resolver knows without asking anybody that there is no such name.
       {"name", [](NetworkOptions& o) { o.connect_to = {"::" + std::string(64, 'a') + ".invalid:443"}; }, "net.dns"},
   };
   for (const auto& c : cases) {
      NetworkOptions options;
      c.change(options);
      HttpService service(options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(response.outcome, Outcome::unreachable) << c.name;
      EXPECT_EQ(response.problem.code, c.code) << c.name << ": " << response.problem.summary;
      EXPECT_NE(response.problem.summary.find(kHost), std::string::npos) << response.problem.summary;
   }
}

TEST(HttpService, gives_a_connection_only_its_time) {
   sim::ServerOptions server_options;
   server_options.greeting = sim::Greeting::silent;
   Platform platform([](const Request&) { return Reply::json("{}"); }, server_options);
   platform.options.connect_timeout = 50ms;
   HttpService service(platform.options);
   const HttpResponse response = perform(service, get());
   EXPECT_EQ(response.outcome, Outcome::unreachable);
   EXPECT_EQ(response.problem.code, "net.timeout");
}

Reply silence(const Request&) {
   Reply reply = Reply::json("{}");
   reply.fault = sim::Fault::silent;
   return reply;
}

TEST(HttpService, ends_at_the_deadline_with_what_has_been_answered) {
   Platform platform([](const Request& arrived) { return arrived.path == "/" ? Reply::json("{}") : silence(arrived); });
   HttpService service(platform.options);
   std::vector<HttpRequest> requests;
   requests.push_back(get("/"));
   requests.push_back(get("/silent"));
   const auto responses = perform(service, std::move(requests), 500ms);
   EXPECT_EQ(responses[0].outcome, Outcome::accepted);
   EXPECT_EQ(responses[1].outcome, Outcome::timed_out);
   EXPECT_EQ(responses[1].problem.code, "host.deadline");
}

TEST(HttpService, ends_at_once_when_cancelled_while_the_server_stays_silent) {
   Platform platform(silence);
   HttpService service(platform.options);
   HttpResponse response;
   const auto took = time_to_cancel(
       service, [&] { ASSERT_TRUE(platform.server.wait_for([](const auto& c) { return c.requests == 1; })); },
       response);
   EXPECT_LT(took, kAtOnce);
   EXPECT_EQ(response.outcome, Outcome::cancelled);
   EXPECT_EQ(response.problem.code, "host.cancelled");
}

TEST(HttpService, ends_at_once_when_cancelled_during_the_handshake) {
   sim::ServerOptions server_options;
   server_options.greeting = sim::Greeting::silent;
   Platform platform(silence, server_options);
   HttpService service(platform.options);
   HttpResponse response;
   const auto took = time_to_cancel(
       service, [&] { ASSERT_TRUE(platform.server.wait_for([](const auto& c) { return c.connections == 1; })); },
       response);
   EXPECT_LT(took, kAtOnce);
   EXPECT_EQ(response.outcome, Outcome::cancelled);
}

TEST(HttpService, ends_at_once_when_cancelled_while_nobody_accepts_the_connection) {
   Blackhole full(Blackhole::Kind::never_accepting);
   NetworkOptions options;
   options.connect_to = {std::string(kHost) + ":443:127.0.0.1:" + std::to_string(full.port())};
   HttpService service(options);
   HttpResponse response;
   const auto took = time_to_cancel(
       service, [] {}, response);
   EXPECT_LT(took, kAtOnce);
   EXPECT_EQ(response.outcome, Outcome::cancelled);
}

TEST(HttpService, ends_at_once_when_cancelled_or_destroyed_while_a_name_is_looked_up) {
   NetworkOptions options;
   options.connect_to = {"::" + std::string(SlowName::kName) + ":443"};
   SlowName name;
   auto service = std::make_unique<HttpService>(options);
   HttpResponse response;
   EXPECT_LT(time_to_cancel(
                 *service, [&] { name.wait_until_asked(); }, response),
             kAtOnce);
   EXPECT_EQ(response.outcome, Outcome::cancelled);
   const auto before = Clock::now();
   service.reset();
   EXPECT_LT(Clock::now() - before, kAtOnce);
}

TEST(HttpService, sends_nothing_after_a_cancel_or_the_deadline) {
   Platform platform;
   HttpService service(platform.options);
   std::stop_source cancel;
   cancel.request_stop();
   std::vector<HttpRequest> requests;
   requests.push_back(get());
   EXPECT_EQ(perform(service, std::move(requests), 20s, cancel.get_token())[0].outcome, Outcome::cancelled);
   EXPECT_EQ(perform(service, get(), 0ms).outcome, Outcome::timed_out);
   EXPECT_EQ(perform(service, get("/third")).outcome, Outcome::accepted);
   EXPECT_EQ(platform.server.counters().requests, 1U);
}

TEST(HttpService, what_was_cancelled_takes_nobodys_place) {
   Platform platform([](const Request& arrived) { return arrived.path == "/" ? silence(arrived) : Reply::json("{}"); });
   platform.options.max_per_origin = 1;
   HttpService service(platform.options);
   HttpResponse response;
   time_to_cancel(
       service, [&] { ASSERT_TRUE(platform.server.wait_for([](const auto& c) { return c.requests == 1; })); },
       response);
   EXPECT_EQ(perform(service, get("/next")).outcome, Outcome::accepted);
   EXPECT_TRUE(platform.server.wait_for([](const auto& c) { return c.open_connections == 1; }))
       << "the cancelled connection is closed";
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

TEST(HttpService, ends_what_is_in_flight_as_cancelled_when_it_is_destroyed) {
   Platform platform(silence);
   platform.options.max_per_origin = 1;
   auto service = std::make_unique<HttpService>(platform.options);
   auto answers = std::async(std::launch::async, [&loaned = *service] {
      std::vector<HttpRequest> requests;
      requests.push_back(get("/on-its-way"));
      requests.push_back(get("/waiting"));
      return perform(loaned, std::move(requests), 60s);
   });
   ASSERT_TRUE(platform.server.wait_for([](const auto& c) { return c.requests == 1; }));
   service.reset();
   for (const auto& response : answers.get()) EXPECT_EQ(response.outcome, Outcome::cancelled);
}

}  // namespace
}  // namespace msp::host
