// Over real TLS: a scripted plugin signs in, and a server on this machine answers the requests.
#include "msp/host/integration.hpp"

#include <gmock/gmock.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <atomic>
#include <latch>
#include <sstream>
#include <thread>

#include "scripted_plugin.hpp"
#include "sim/certificate_authority.hpp"
#include "sim/https_server.hpp"
#include "sim/scratch_directory.hpp"

namespace msp::host {
namespace {

using namespace std::chrono_literals;
using sim::Reply;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

constexpr const char* kBase = "https://api.example.com/rest/v1/";
constexpr const char* kHost = "api.example.com";

// A platform that knows the sessions it gave, and a plugin that signs in to it.
class Scene : public testing::Test {
 protected:
   Scene()
       : server_(authority_.issue({kHost, "elsewhere.example.com"}),
                 [this](const sim::Request& request) { return answer(request); }) {
      authority_.write(scratch_.path() / "ca.pem");
      script_.manifest.hosts = {kHost, "elsewhere.example.com"};
      script_.authenticate = [this](const msp_call* call) {
         const int number = ++sign_ins_;
         if (on_sign_in_) on_sign_in_();
         if (sign_in_answer_ == MSP_REFUSED) {
            report_error(call, "auth.rejected", "The password \"correct horse\" is wrong.", "Enter it again.");
            return MSP_REFUSED;
         }
         if (sign_in_answer_ != MSP_ACCEPTED) {
            report_error(call, "net.connect", "There is no way to the platform.");
            return sign_in_answer_.load();
         }
         const std::string value = same_session_ ? "Bearer session-1" : "Bearer session-" + std::to_string(number);
         accept(value);
         msp_session session{};
         const msp_header headers[] = {{"Authorization", value.c_str()}, {"X-Tenant", "jane"}, {"Accept", "text/x"}};
         session.struct_size = sizeof session;
         session.base_url = kBase;
         session.headers = headers;
         session.header_count = 3;
         session.expires_at = lifetime_ == 0 ? 0 : now_ + lifetime_;
         call->report_session(call, &session);
         return MSP_ACCEPTED;
      };
      HostOptions options;
      options.network.ca_file = scratch_.path() / "ca.pem";
      options.network.connect_to = {server_.connect_to(kHost), server_.connect_to("elsewhere.example.com")};
      options.log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_));
      options.log->set_level(spdlog::level::trace);
      plugin_ = script_.load(std::move(options));
      IntegrationOptions with;
      with.now = [this] { return now_.load(); };
      with.on_session = [this](const SessionEvent& event) {
         const std::lock_guard lock(mutex_);
         events_.push_back(event.kind);
      };
      integration_ = std::make_unique<Integration>(plugin_, sample_settings(), with);
   }

   Reply answer(const sim::Request& request) {
      const std::lock_guard lock(mutex_);
      seen_.push_back(request);
      if (request.header("Authorization").value_or("") != good_) return Reply::json("{\"error\":\"who?\"}", 401);
      return reply_;
   }

   Response get(const std::string& path = "Tickets/42") { return integration_->request({"GET", path, {}, {}}); }

   std::size_t requests() {
      const std::lock_guard lock(mutex_);
      return seen_.size();
   }

   sim::Request last_request() {
      const std::lock_guard lock(mutex_);
      return seen_.back();
   }

   void answer_with(Reply reply) {
      const std::lock_guard lock(mutex_);
      reply_ = std::move(reply);
   }

   // The one session that the platform knows from now on.
   void accept(const std::string& authorization) {
      const std::lock_guard lock(mutex_);
      good_ = authorization;
   }
   void drop_sessions() { accept("nobody's"); }

   std::atomic<std::int64_t> now_{1'000'000};
   std::int64_t lifetime_ = 1200;
   bool same_session_ = false;
   std::atomic<msp_outcome> sign_in_answer_{MSP_ACCEPTED};
   std::function<void()> on_sign_in_;
   std::atomic<int> sign_ins_{0};

   std::mutex mutex_;  // guards the next four
   std::string good_;
   Reply reply_ = Reply::json("{\"id\":42}");
   std::vector<sim::Request> seen_;
   std::vector<SessionEvent::Kind> events_;
   std::ostringstream log_;

   sim::CertificateAuthority authority_;
   sim::ScratchDirectory scratch_;
   ScriptedPlugin script_;
   sim::HttpsServer server_;
   std::shared_ptr<Plugin> plugin_;
   std::unique_ptr<Integration> integration_;
};

using Kind = SessionEvent::Kind;
using IntegrationTest = Scene;

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

TEST_F(IntegrationTest, one_session_serves_many_requests) {
   for (int i = 0; i < 5; ++i) EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 1);
   EXPECT_THAT(events_, ElementsAre(Kind::opened));
}

TEST_F(IntegrationTest, a_session_is_renewed_a_minute_before_it_expires_and_not_earlier) {
   EXPECT_EQ(get().status, 200);
   now_ += lifetime_ - 61;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 1);
   now_ += 1;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_EQ(last_request().header("authorization"), "Bearer session-2");
   EXPECT_THAT(events_, ElementsAre(Kind::opened, Kind::renewed));
}

TEST_F(IntegrationTest, a_session_without_an_end_or_with_one_in_the_past_is_used_until_it_is_rejected) {
   for (const std::int64_t lifetime : {0, -3600}) {
      integration_->drop_session();
      lifetime_ = lifetime;
      const int before = sign_ins_;
      for (int i = 0; i < 3; ++i) {
         EXPECT_EQ(get().status, 200);
         now_ += 100'000;
      }
      EXPECT_EQ(sign_ins_, before + 1) << lifetime;
   }
}

TEST_F(IntegrationTest, when_renewing_in_good_time_fails_the_old_session_is_used_to_its_end) {
   EXPECT_EQ(get().status, 200);
   sign_in_answer_ = MSP_UNREACHABLE;
   now_ += lifetime_ - 30;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 2);
   now_ += 30;
   const Response late = get();
   EXPECT_EQ(late.outcome, Outcome::unreachable);
   EXPECT_EQ(late.findings.at(0).code, "net.connect");
   sign_in_answer_ = MSP_ACCEPTED;
   EXPECT_EQ(get().status, 200);
}

TEST_F(IntegrationTest, a_session_that_the_platform_dropped_is_renewed_once_and_the_request_repeated) {
   EXPECT_EQ(get().status, 200);
   drop_sessions();
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_EQ(requests(), 3u);
   EXPECT_THAT(events_, ElementsAre(Kind::opened, Kind::renewed));
}

TEST_F(IntegrationTest, a_401_under_a_new_session_is_the_answer_and_no_reason_to_sign_in_again_and_again) {
   answer_with(Reply::json("{\"error\":\"not for you\"}", 401));
   const Response response = get();
   EXPECT_EQ(response.outcome, Outcome::accepted);
   EXPECT_EQ(response.status, 401);
   EXPECT_EQ(response.body, "{\"error\":\"not for you\"}");
   EXPECT_EQ(sign_ins_, 2);
   for (int i = 0; i < 3; ++i) EXPECT_EQ(get().status, 401);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_THAT(integration_->refusal(), IsEmpty());

   answer_with(Reply::json("{}"));
   EXPECT_EQ(get().status, 200);
   drop_sessions();
   EXPECT_EQ(get().status, 200) << "once it has worked, it can be renewed again";
   EXPECT_EQ(sign_ins_, 3);
}

TEST_F(IntegrationTest, credentials_that_are_the_session_themselves_are_not_sent_again_after_a_401) {
   same_session_ = true;
   EXPECT_EQ(get().status, 200);
   drop_sessions();
   on_sign_in_ = [this] { now_ += 1; };
   const auto before = requests();
   // The plugin hands out the same credentials, which the platform no longer takes.
   script_.authenticate = [old = script_.authenticate, this](const msp_call* call) {
      const auto outcome = old(call);
      drop_sessions();
      return outcome;
   };
   const Response response = get();
   EXPECT_EQ(response.outcome, Outcome::refused);
   EXPECT_EQ(response.status, 401);
   EXPECT_EQ(response.body, "{\"error\":\"who?\"}");
   EXPECT_EQ(response.findings.at(0).code, "auth.rejected");
   EXPECT_EQ(requests(), before + 1);
   EXPECT_EQ(get().outcome, Outcome::refused);
   EXPECT_EQ(get().status, 0);
   EXPECT_EQ(requests(), before + 1);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_THAT(events_, ElementsAre(Kind::opened, Kind::rejected));
}

TEST_F(IntegrationTest, a_refused_sign_in_is_never_repeated_until_told_otherwise) {
   sign_in_answer_ = MSP_REFUSED;
   for (int i = 0; i < 3; ++i) {
      const Response response = get();
      EXPECT_EQ(response.outcome, Outcome::refused);
      EXPECT_EQ(response.status, 0);
      EXPECT_EQ(response.findings.at(0).code, "auth.rejected");
      EXPECT_EQ(response.findings.at(0).summary, "The password \"[redacted]\" is wrong.");
      EXPECT_EQ(integration_->session().outcome, Outcome::refused);
   }
   EXPECT_EQ(sign_ins_, 1);
   EXPECT_EQ(integration_->refusal().size(), 1u);
   EXPECT_THAT(events_, ElementsAre(Kind::refused));

   sign_in_answer_ = MSP_ACCEPTED;
   integration_->forget_refusal();
   EXPECT_EQ(script_.destroyed, 0);
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(script_.destroyed, 1) << "the connection that remembered the refusal is gone";
   EXPECT_EQ(sign_ins_, 2);
}

TEST_F(IntegrationTest, a_renewal_that_is_refused_ends_the_session) {
   EXPECT_EQ(get().status, 200);
   now_ += lifetime_ - 30;
   sign_in_answer_ = MSP_REFUSED;
   EXPECT_EQ(get().outcome, Outcome::refused);
   EXPECT_EQ(get().outcome, Outcome::refused);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_EQ(requests(), 1u);
   EXPECT_THAT(events_, ElementsAre(Kind::opened, Kind::refused));
}

TEST_F(IntegrationTest, an_accepted_check_hands_its_session_on_and_forgets_an_earlier_refusal) {
   sign_in_answer_ = MSP_REFUSED;
   EXPECT_EQ(get().outcome, Outcome::refused);
   sign_in_answer_ = MSP_ACCEPTED;
   const CheckReport report = integration_->check();
   EXPECT_EQ(report.outcome, Outcome::accepted);
   ASSERT_TRUE(report.session);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_THAT(events_, ElementsAre(Kind::refused, Kind::opened));
}

TEST_F(IntegrationTest, a_refused_check_ends_the_session_but_missing_rights_do_not) {
   EXPECT_EQ(get().status, 200);
   script_.permissions = [](const msp_call* call) {
      for (const auto* id : {"tickets.read", "tickets.update", "reports.read"})
         report_grant(call, id, MSP_GRANTED_NONE);
      return MSP_ACCEPTED;
   };
   EXPECT_EQ(integration_->check().outcome, Outcome::refused);
   EXPECT_EQ(get().status, 200);
   script_.validate = [](const msp_call* call) {
      report_error(call, "auth.rejected", "No.");
      return MSP_REFUSED;
   };
   EXPECT_EQ(integration_->check().outcome, Outcome::refused);
   EXPECT_EQ(get().outcome, Outcome::refused);
   EXPECT_EQ(sign_ins_, 1);
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
       {{"GET", "//elsewhere.example.com/", {}, {}}, "its path begins with a slash"},
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

TEST_F(IntegrationTest, a_cancel_ends_the_wait_for_somebody_else_s_sign_in) {
   std::latch signing_in(1), released(1);
   on_sign_in_ = [&] {
      signing_in.count_down();
      released.wait();
   };
   RequestOptions long_enough;
   long_enough.timeout = 60s;
   Response first;
   std::jthread one([&] { first = integration_->request({"GET", "a", {}, {}}, long_enough); });
   signing_in.wait();
   std::stop_source cancel;
   RequestOptions options = long_enough;
   options.cancel = cancel.get_token();
   cancel.request_stop();
   const Response second = integration_->request({"GET", "b", {}, {}}, options);
   EXPECT_EQ(second.outcome, Outcome::cancelled);
   EXPECT_EQ(second.findings.at(0).summary, "The operation was cancelled.");
   released.count_down();
   one.join();
   EXPECT_EQ(first.status, 200);
   EXPECT_EQ(sign_ins_, 1);
}

TEST_F(IntegrationTest, many_threads_that_need_a_session_make_one_sign_in) {
   constexpr int kThreads = 8;
   const auto all_at_once = [&] {
      std::latch start(kThreads);
      std::atomic<int> good{0};
      std::vector<std::jthread> threads;
      for (int i = 0; i < kThreads; ++i)
         threads.emplace_back([&] {
            start.arrive_and_wait();
            if (get().status == 200) ++good;
         });
      threads.clear();
      return good.load();
   };
   EXPECT_EQ(all_at_once(), kThreads);
   EXPECT_EQ(sign_ins_, 1);
   now_ += lifetime_ - 1;
   EXPECT_EQ(all_at_once(), kThreads);
   EXPECT_EQ(sign_ins_, 2);
   now_ += lifetime_;
   EXPECT_EQ(all_at_once(), kThreads);
   EXPECT_EQ(sign_ins_, 3);
}

TEST_F(IntegrationTest, many_threads_whose_session_was_dropped_make_one_sign_in) {
   constexpr int kThreads = 8;
   EXPECT_EQ(get().status, 200);
   drop_sessions();
   // All of them are rejected before the first one signs in anew.
   server_.hold_until(kThreads);
   std::atomic<int> good{0};
   std::vector<std::jthread> threads;
   for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] {
         if (get().status == 200) ++good;
      });
   threads.clear();
   EXPECT_EQ(good, kThreads);
   EXPECT_EQ(sign_ins_, 2);
}

TEST_F(IntegrationTest, many_threads_hear_of_one_refusal) {
   sign_in_answer_ = MSP_REFUSED;
   std::atomic<int> refused{0};
   std::vector<std::jthread> threads;
   for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
         if (get().outcome == Outcome::refused) ++refused;
      });
   threads.clear();
   EXPECT_EQ(refused, 8);
   EXPECT_EQ(sign_ins_, 1);
   EXPECT_THAT(events_, ElementsAre(Kind::refused));
}

TEST_F(IntegrationTest, whoever_is_told_of_the_session_may_use_the_integration) {
   IntegrationOptions options;
   Integration* used = nullptr;
   int status = 0;
   options.on_session = [&](const SessionEvent&) { status = used->request({"GET", "b", {}, {}}).status; };
   Integration integration(plugin_, sample_settings(), options);
   used = &integration;
   EXPECT_EQ(integration.request({"GET", "a", {}, {}}).status, 200);
   EXPECT_EQ(status, 200);
}

TEST_F(IntegrationTest, the_session_can_be_had_for_other_means_and_be_dropped) {
   const SessionReport report = integration_->session();
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_EQ(report.session->base_url, kBase);
   EXPECT_EQ(report.session->headers.at(0).second.view(), "Bearer session-1");
   EXPECT_EQ(report.session->expires_at, now_ + lifetime_);
   integration_->drop_session();
   EXPECT_EQ(integration_->session().session->headers.at(0).second.view(), "Bearer session-2");
}

TEST_F(IntegrationTest, the_session_is_redacted_as_long_as_it_lives_and_what_is_no_secret_is_not) {
   Redactor& redactor = script_.state->runtime->redactor;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(redactor.apply("Bearer session-1, session-1"), "[redacted], [redacted]");
   EXPECT_EQ(redactor.apply("jane sends text/x"), "jane sends text/x");
   integration_.reset();
   EXPECT_EQ(redactor.apply("session-1"), "session-1");
}

TEST_F(IntegrationTest, the_log_tells_the_request_without_its_query_and_without_secrets) {
   answer_with(Reply::json("{}", 404));
   EXPECT_EQ(get("Tickets/session-1?name=Miller").status, 404);
   EXPECT_THAT(log_.str(), HasSubstr("GET Tickets/[redacted]: HTTP 404 after "));
   EXPECT_THAT(log_.str(), Not(HasSubstr("Miller")));
   EXPECT_THAT(log_.str(), Not(HasSubstr("session-1")));
}

TEST_F(IntegrationTest, an_exception_of_the_console_s_own_is_told_as_such) {
   IntegrationOptions options;
   options.on_session = [](const SessionEvent&) { throw std::runtime_error("no space left"); };
   Integration integration(plugin_, sample_settings(), options);
   const Response response = integration.request({"GET", "a", {}, {}});
   EXPECT_EQ(response.outcome, Outcome::failed);
   EXPECT_THAT(response.findings.at(0).summary, HasSubstr("no space left"));
   EXPECT_EQ(integration.request({"GET", "a", {}, {}}).status, 200) << "the turn was given back";
}

}  // namespace
}  // namespace msp::host
