// What stands between the service and an answer: servers that nobody vouches for, and answers that are none.
#include <gtest/gtest.h>

#include <functional>

#include "blackhole.hpp"
#include "http_service_scene.hpp"
#include "msp/http.h"

namespace msp::host {
namespace {

using namespace test;

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

TEST(HttpService, answers_that_share_a_bound_end_where_it_is_used_up) {
   Platform platform([](const Request&) { return Reply::json("{\"a\":1}"); });  // seven bytes
   HttpService service(platform.options);
   for (const std::size_t bound : {20U, 21U}) {
      const auto left = std::make_shared<std::atomic<std::size_t>>(bound);
      const std::size_t all_that_fit = bound / 7;
      for (std::size_t number = 0; number <= all_that_fit; ++number) {
         const bool fits = number < all_that_fit;
         HttpRequest request = get();
         request.bodies_left = left;
         const HttpResponse response = perform(service, std::move(request));
         EXPECT_EQ(response.outcome == Outcome::accepted, fits) << bound;
         EXPECT_EQ(response.beyond_bodies, !fits) << bound;
         EXPECT_FALSE(response.not_sent);
      }
      EXPECT_EQ(left->load(), bound % 7);
   }
}

TEST(HttpService, reads_headers_of_the_limit_and_not_a_byte_more) {
   for (const std::size_t size : {65535U, 65536U, 65537U}) {
      SCOPED_TRACE(size);
      Platform platform([size](const Request&) {
         std::string head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n";
         while (size - head.size() > 2000) head += "X-Filler: " + std::string(1000, 'x') + "\r\n";
         head += "X-Last: " + std::string(size - head.size() - 12, 'x') + "\r\n\r\n";
         EXPECT_EQ(head.size(), size);
         return Reply::bytes(head + "{}");
      });
      HttpService service(platform.options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(response.outcome, size <= 65536 ? Outcome::accepted : Outcome::unavailable) << response.problem.summary;
      EXPECT_EQ(response.problem.summary.find("64 KiB") != std::string::npos, size > 65536);
   }
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
   // However busy the machine is, in one of these attempts it notices within a second that 50 ms are over.
   HttpResponse response = perform(service, get(), 1s);
   for (int attempt = 0; attempt < 9 && response.outcome == Outcome::timed_out; ++attempt)
      response = perform(service, get(), 1s);
   EXPECT_EQ(response.outcome, Outcome::unreachable);
   EXPECT_EQ(response.problem.code, "net.timeout");
   EXPECT_NE(response.problem.summary.find("accepted the connection, but"), std::string::npos)
       << response.problem.summary;
}

}  // namespace
}  // namespace msp::host
