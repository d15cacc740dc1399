#include "sim/wire/https_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "sim/scratch_directory.hpp"
#include "sim_client.hpp"
#include "test_support/latch.hpp"

namespace msp::sim {
namespace {

constexpr const char* kUrl = "https://api.example.com/v1/things?name=a%40b%2Bc+d&flag";

Reply echo(const Request& request) { return Reply::json(request.method + ' ' + request.path + ' ' + request.body); }

struct Served {
   explicit Served(Handler handler, const ServerOptions& options = {}, Validity validity = Validity::current,
                   const std::string& name = "api.example.com")
       : server(authority.issue({name}, validity), std::move(handler), options) {}

   SimClient client() const { return {authority.pem(), {server.connect_to("api.example.com")}}; }

   CertificateAuthority authority;
   HttpsServer server;
};

TEST(HttpsServer, a_handler_sees_the_whole_request_and_its_reply_arrives) {
   Request seen;
   Served served([&](const Request& request) {
      seen = request;
      return Reply{.status = 418, .body = "short", .headers = {{"X-Tea", "pot"}}};
   });
   auto client = served.client();

   const ClientAnswer answer = client.send("POST", kUrl, {"X-Secret: hush"}, "body");

   EXPECT_EQ(answer.code, CURLE_OK);
   EXPECT_EQ(answer.status, 418);
   EXPECT_EQ(answer.body, "short");
   EXPECT_NE(answer.headers.find("X-Tea: pot"), std::string::npos);
   EXPECT_EQ(seen.method, "POST");
   EXPECT_EQ(seen.path, "/v1/things");
   EXPECT_EQ(seen.query_value("name"), "a@b+c d");
   EXPECT_EQ(seen.query_value("flag"), "");
   EXPECT_EQ(seen.query_value("absent"), std::nullopt);
   EXPECT_EQ(seen.header("x-sECRET"), "hush");
   EXPECT_EQ(seen.header("absent"), std::nullopt);
   EXPECT_EQ(seen.body, "body");
}

TEST(HttpsServer, one_connection_serves_many_requests) {
   Served served(echo);
   auto client = served.client();
   for (int i = 0; i < 5; ++i) EXPECT_EQ(client.get(kUrl).body, "GET /v1/things ");
   EXPECT_EQ(served.server.counters().connections, 1U);
   EXPECT_EQ(served.server.counters().requests, 5U);
   EXPECT_EQ(served.server.counters().most_under_way, 1U);
}

TEST(HttpsServer, held_requests_are_handled_together) {
   Served served(echo);
   served.server.hold_until(3, [](const Request& request) { return request.path == "/held"; });
   std::vector<std::thread> clients;
   std::atomic<int> answered = 0;
   for (int i = 0; i < 3; ++i) {
      clients.emplace_back([&] {
         auto client = served.client();
         if (client.get("https://api.example.com/held").status == 200) ++answered;
      });
   }
   for (std::thread& each : clients) each.join();
   EXPECT_EQ(answered, 3);
   EXPECT_EQ(served.server.counters().most_under_way, 3U);
   auto client = served.client();
   EXPECT_EQ(client.get("https://api.example.com/free").status, 200);
}

struct FaultCase {
   const char* name;
   Reply reply;
   CURLcode expected;
};

class HttpsServerFault : public testing::TestWithParam<FaultCase> {};

TEST_P(HttpsServerFault, is_seen_by_the_client_as_such) {
   Served served([](const Request&) { return GetParam().reply; });
   auto client = served.client();
   if (GetParam().expected == CURLE_OPERATION_TIMEDOUT) client.timeout_ms = 200;
   EXPECT_EQ(client.get(kUrl).code, GetParam().expected);
   EXPECT_EQ(served.server.counters().requests, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, HttpsServerFault,
    testing::Values(FaultCase{"reset", {.fault = Fault::reset}, CURLE_RECV_ERROR},
                    FaultCase{"silent", {.fault = Fault::silent}, CURLE_OPERATION_TIMEDOUT},
                    FaultCase{"truncated", {.body = "0123456789", .fault = Fault::truncated}, CURLE_PARTIAL_FILE},
                    FaultCase{"slow", {.delay = std::chrono::hours(1)}, CURLE_OPERATION_TIMEDOUT},
                    FaultCase{"chunked", {.body = "0123456789", .chunked = true}, CURLE_OK},
                    FaultCase{"no_content", {.status = 204, .body = "never sent"}, CURLE_OK}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(HttpsServer, a_slow_answer_delays_nobody_else) {
   std::thread slow;
   {
      Served served([](const Request& request) {
         return request.path == "/slow" ? Reply{.delay = std::chrono::hours(1)} : Reply{.body = "quick"};
      });
      slow = std::thread([client = served.client()]() mutable { client.get("https://api.example.com/slow"); });
      EXPECT_TRUE(served.server.wait_for([](const Counters& counters) { return counters.requests == 1; }));
      auto client = served.client();
      EXPECT_EQ(client.get("https://api.example.com/quick").body, "quick");
   }
   slow.join();
}

struct TlsCase {
   const char* name;
   ServerOptions options;
   Validity validity;
   const char* certificate_name;
   CURLcode expected;
};

class HttpsServerTls : public testing::TestWithParam<TlsCase> {};

TEST_P(HttpsServerTls, is_refused_by_the_client_before_any_request) {
   const TlsCase& each = GetParam();
   Served served(echo, each.options, each.validity, each.certificate_name);
   auto client = served.client();
   if (each.expected == CURLE_OPERATION_TIMEDOUT) client.timeout_ms = 200;
   EXPECT_EQ(client.get(kUrl).code, each.expected);
   EXPECT_EQ(served.server.counters().requests, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, HttpsServerTls,
    testing::Values(
        TlsCase{"expired", {}, Validity::expired, "api.example.com", CURLE_PEER_FAILED_VERIFICATION},
        TlsCase{"not_yet_valid", {}, Validity::not_yet_valid, "api.example.com", CURLE_PEER_FAILED_VERIFICATION},
        TlsCase{"wrong_name", {}, Validity::current, "other.example.com", CURLE_PEER_FAILED_VERIFICATION},
        TlsCase{"tls_1_1_only",
                {.protocol = Protocol::tls11_only},
                Validity::current,
                "api.example.com",
                CURLE_SSL_CONNECT_ERROR},
        TlsCase{"reset_at_once",
                {.greeting = Greeting::reset},
                Validity::current,
                "api.example.com",
                CURLE_SSL_CONNECT_ERROR},
        TlsCase{"silent_at_once",
                {.greeting = Greeting::silent},
                Validity::current,
                "api.example.com",
                CURLE_OPERATION_TIMEDOUT}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(HttpsServer, another_authority_is_not_trusted) {
   Served served(echo);
   SimClient client(CertificateAuthority("Somebody else").pem(), {served.server.connect_to("api.example.com")});
   EXPECT_EQ(client.get(kUrl).code, CURLE_PEER_FAILED_VERIFICATION);
}

TEST(HttpsServer, ends_while_clients_wait_for_answers_that_never_come) {
   CURLcode code = CURLE_OK;
   std::thread waiting;
   {
      Served served([](const Request&) { return Reply{.fault = Fault::silent}; });
      served.server.hold_until(2, [](const Request& request) { return request.path == "/held"; });
      waiting = std::thread([&code, client = served.client()]() mutable { code = client.get(kUrl).code; });
      EXPECT_TRUE(served.server.wait_for([](const Counters& counters) { return counters.requests == 1; }));
   }
   waiting.join();
   EXPECT_NE(code, CURLE_OK);
   EXPECT_NE(code, CURLE_OPERATION_TIMEDOUT);
}

TEST(HttpsServer, ends_while_a_handler_blocks_until_it_is_told_to_stop) {
   std::atomic<bool> told = false;
   test_support::Latch blocked(1);
   std::thread waiting;
   {
      Served served([&](const Request& request) {
         blocked.count_down();
         test_support::Latch stopping(1);
         const std::stop_callback tell(request.stopping, [&] { stopping.count_down(); });
         told = stopping.wait_for(std::chrono::seconds(20));
         return Reply{};
      });
      waiting = std::thread([client = served.client()]() mutable { client.get(kUrl); });
      EXPECT_TRUE(blocked.wait_for(std::chrono::seconds(20)));
   }
   waiting.join();
   EXPECT_TRUE(told);
}

TEST(HttpsServer, notices_when_a_waiting_client_goes) {
   Served served([](const Request&) { return Reply{.fault = Fault::silent}; });
   {
      auto client = served.client();
      client.timeout_ms = 100;
      EXPECT_EQ(client.get(kUrl).code, CURLE_OPERATION_TIMEDOUT);
   }
   EXPECT_TRUE(served.server.wait_for(
       [](const Counters& counters) { return counters.connections == 1 && counters.open_connections == 0; }));
}

TEST(HttpsServer, a_handler_that_throws_answers_500) {
   Served served([](const Request&) -> Reply { throw std::runtime_error("no such user"); });
   auto client = served.client();
   const ClientAnswer answer = client.get(kUrl);
   EXPECT_EQ(answer.status, 500);
   EXPECT_EQ(answer.body, "The simulator's handler failed: no such user");
}

TEST(HttpsServer, a_port_in_use_is_reported_with_what_to_do) {
   Served served(echo);
   try {
      HttpsServer second(served.authority.issue({"api.example.com"}), echo, {.port = served.server.port()});
      FAIL() << "two servers listen on one port";
   } catch (const std::runtime_error& error) {
      EXPECT_EQ(std::string(error.what()), "Port " + std::to_string(served.server.port()) +
                                               " cannot be listened on: Address already in use. Choose another one, "
                                               "or 0 for any free one.");
   }
}

TEST(Journal, keeps_header_names_and_never_a_value) {
   const ScratchDirectory scratch;
   const auto file = scratch.path() / "journal.jsonl";
   Served served(echo, {.journal_file = file});
   auto client = served.client();
   client.send("PATCH", "https://api.example.com/V1.0/Tickets?user=someone", {"Secret: hush-hush"}, "{}");

   const std::vector<JournalEntry> entries = served.server.journal();
   ASSERT_EQ(entries.size(), 1U);
   EXPECT_EQ(entries[0].number, 1U);
   EXPECT_EQ(entries[0].method, "PATCH");
   EXPECT_EQ(entries[0].path, "/V1.0/Tickets");
   EXPECT_TRUE(entries[0].has_header("secret"));
   EXPECT_FALSE(entries[0].has_header("X-Other"));

   std::stringstream text;
   text << std::ifstream(file).rdbuf();
   EXPECT_EQ(text.str().find("hush"), std::string::npos);
   EXPECT_EQ(text.str().find("someone"), std::string::npos);
   EXPECT_NE(text.str().find(R"("method":"PATCH","path":"/V1.0/Tickets","headers":[)"), std::string::npos)
       << text.str();
   EXPECT_NE(text.str().find("\"Secret\""), std::string::npos);
}

}  // namespace
}  // namespace msp::sim
