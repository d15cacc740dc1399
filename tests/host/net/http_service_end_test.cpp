// Deadline and cancel. Where something is cancelled, the other side never answers and the deadline is a day away: that
// the call returns at all shows that it waited for neither. How fast that is, tests/bench measures.
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>

#include "blackhole.hpp"
#include "contract/call.hpp"
#include "http_service_scene.hpp"
#include "slow_name.hpp"
#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {
namespace {

using namespace test;

// The answer of a call that is cancelled when `ready` says so.
HttpResponse cancelled(HttpService& service, const std::function<void()>& ready) {
   std::stop_source cancel;
   auto answers = std::async(std::launch::async, [&] {
      std::vector<HttpRequest> requests;
      requests.push_back(get());
      return perform(service, std::move(requests), 24h, cancel.get_token());
   });
   ready();
   cancel.request_stop();
   return std::move(answers.get().front());
}

Reply silence(const Request&) {
   Reply reply = Reply::json("{}");
   reply.fault = sim::Fault::silent;
   return reply;
}

TEST(HttpService, ends_at_the_deadline_with_what_has_been_answered) {
   Platform platform([](const Request& arrived) { return arrived.path == "/" ? Reply::json("{}") : silence(arrived); });
   HttpService service(platform.options);
   // However busy the machine is, one of these times is long enough for an answer.
   auto answered = Outcome::timed_out;
   for (std::chrono::milliseconds limit = 250ms; answered != Outcome::accepted && limit < 60s; limit *= 2) {
      std::vector<HttpRequest> requests;
      requests.push_back(get("/"));
      requests.push_back(get("/silent"));
      const auto responses = perform(service, std::move(requests), limit);
      answered = responses[0].outcome;
      EXPECT_EQ(responses[1].outcome, Outcome::timed_out);
      EXPECT_EQ(responses[1].problem.code, "host.deadline");
   }
   EXPECT_EQ(answered, Outcome::accepted);
}

TEST(HttpService, ends_when_cancelled_while_the_server_stays_silent) {
   Platform platform(silence);
   HttpService service(platform.options);
   const HttpResponse response = cancelled(
       service, [&] { ASSERT_TRUE(platform.server.wait_for([](const auto& c) { return c.requests == 1; })); });
   EXPECT_EQ(response.outcome, Outcome::cancelled);
   EXPECT_EQ(response.problem.code, "host.cancelled");
}

TEST(HttpService, ends_when_cancelled_during_the_handshake) {
   sim::ServerOptions server_options;
   server_options.greeting = sim::Greeting::silent;
   Platform platform(silence, server_options);
   platform.options.connect_timeout = 24h;
   HttpService service(platform.options);
   const HttpResponse response = cancelled(
       service, [&] { ASSERT_TRUE(platform.server.wait_for([](const auto& c) { return c.connections == 1; })); });
   EXPECT_EQ(response.outcome, Outcome::cancelled);
}

TEST(HttpService, ends_when_cancelled_while_nobody_accepts_the_connection) {
   Blackhole full(Blackhole::Kind::never_accepting);
   NetworkOptions options;
   options.connect_to = {std::string(kHost) + ":443:127.0.0.1:" + std::to_string(full.port())};
   options.connect_timeout = 24h;
   HttpService service(options);
   EXPECT_EQ(cancelled(service, [] {}).outcome, Outcome::cancelled);
}

TEST(HttpService, ends_when_cancelled_or_destroyed_while_a_name_is_looked_up) {
   NetworkOptions options;
   options.connect_to = {"::" + std::string(SlowName::kName) + ":443"};
   options.connect_timeout = 24h;
   SlowName name;  // let go after the service is destroyed
   HttpService service(options);
   EXPECT_EQ(cancelled(service, [&] { name.wait_until_asked(); }).outcome, Outcome::cancelled);
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
   (void)cancelled(service,
                   [&] { ASSERT_TRUE(platform.server.wait_for([](const auto& c) { return c.requests == 1; })); });
   EXPECT_EQ(perform(service, get("/next")).outcome, Outcome::accepted);
   EXPECT_TRUE(platform.server.wait_for([](const auto& c) { return c.open_connections == 1; }))
       << "the cancelled connection is closed";
}

TEST(HttpService, ends_what_is_in_flight_as_cancelled_when_it_is_destroyed) {
   Platform platform(silence);
   platform.options.max_per_origin = 1;
   auto service = std::make_unique<HttpService>(platform.options);
   auto answers = std::async(std::launch::async, [&loaned = *service] {
      std::vector<HttpRequest> requests;
      requests.push_back(get("/on-its-way"));
      requests.push_back(get("/waiting"));
      return perform(loaned, std::move(requests), 24h);
   });
   ASSERT_TRUE(platform.server.wait_for([](const auto& c) { return c.requests == 1; }));
   service.reset();
   for (const auto& response : answers.get()) EXPECT_EQ(response.outcome, Outcome::cancelled);
}

// The platform never answers; that the request ends by itself shows that it knows the deadline and the cancel.
TEST(Connection, a_request_of_a_plugin_ends_with_its_operation) {
   const Blackhole silent(Blackhole::Kind::never_accepting);
   for (const bool cancelled : {true, false}) {
      SCOPED_TRACE(cancelled ? "cancel" : "deadline");
      ScriptedPlugin script;
      std::stop_source cancel;
      script.validate = [&](const msp_call* call) {
         if (cancelled) cancel.request_stop();
         msp_http_request request{};
         request.struct_size = sizeof request;
         request.method = "GET";
         request.url = "https://api.example.com/";
         const msp_http_response* response = nullptr;
         http_table().send(nullptr, call, &request, 1, &response);
         EXPECT_EQ(response->outcome, cancelled ? MSP_CANCELLED : MSP_TIMED_OUT);
         call->report_finding(call, response->problem);
         return response->outcome;
      };
      HostOptions host_options;
      host_options.network.connect_to = {"api.example.com:443:127.0.0.1:" + std::to_string(silent.port())};
      host_options.network.connect_timeout = std::chrono::hours(24);
      const auto plugin = script.load(host_options);
      OperationOptions options;
      options.cancel = cancel.get_token();
      options.timeout = cancelled ? std::chrono::hours(24) : 50ms;
      auto form = check_settings(plugin->manifest(), sample_settings());
      auto connection = plugin->connect(std::move(*form.settings)).value();
      const auto report = connection.run(Operation::validate_credentials, options);
      EXPECT_EQ(report.outcome, cancelled ? Outcome::cancelled : Outcome::timed_out);
      for (const auto& finding : report.findings) EXPECT_NE(finding.code, "plugin.defect") << finding.summary;
   }
}

}  // namespace
}  // namespace msp::host
