// The time of a check counts from when it was asked for.
#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "core/console.hpp"
#include "sim/autotask/autotask_service.hpp"
#include "sim/scratch_directory.hpp"
#include "sim/wire/https_server.hpp"
#include "test_support/runner.hpp"

using namespace msp;
using namespace msp::console;
using namespace std::chrono_literals;

namespace {

// A console with one saved integration, in front of a platform that can keep somebody waiting.
class CheckDeadline : public testing::Test {
 protected:
   CheckDeadline() {
      const auto plugin = console_.plugins().find("autotask");
      EXPECT_TRUE(plugin && console_.plugins().enable("autotask", plugin.value().entry.sha256));
      NewIntegration draft{.platform = "autotask", .name = "It", .settings = {}};
      draft.settings.values["user_name"] = "api+console@msp.example";
      draft.settings.secrets["password"] = host::SecretBytes("Throw$away#1");
      draft.settings.secrets["integration_code"] = host::SecretBytes("THROWAWAYTRACKINGIDENTIFIER");
      const auto added = console_.integrations().add(std::move(draft), {});
      EXPECT_EQ(added.report.outcome, host::Outcome::accepted);
      id_ = added.integration.id;
   }
   ~CheckDeadline() override { go_on(); }

   void go_on() {
      if (holds_.exchange(false)) go_on_.count_down();
   }

   sim::Reply answer(const sim::Request& request) {
      if (holds_) {
         if (!came_.exchange(true)) has_come_.set_value();
         go_on_.wait();
      }
      return platform_.answer(request);
   }

   ConsoleOptions options() {
      authority_.write(directory_.path() / "ca.pem");
      ConsoleOptions options;
      options.plugin_dirs = {MSP_PLUGIN_DIRECTORY};
      options.runner = test_support::runner();
      options.data_dir = directory_.path() / "data";
      options.network.ca_file = directory_.path() / "ca.pem";
      for (const auto& host : hosts_) options.network.connect_to.push_back(server_.connect_to(host));
      return options;
   }

   const std::vector<std::string> hosts_ = sim::autotask::read_scenario("").hosts();
   sim::autotask::Service platform_{sim::autotask::read_scenario("")};
   std::atomic<bool> holds_{false}, came_{false};
   std::latch go_on_{1};
   std::promise<void> has_come_;
   sim::ScratchDirectory directory_;
   sim::CertificateAuthority authority_;
   sim::HttpsServer server_{authority_.issue(hosts_), [this](const sim::Request& request) { return answer(request); }};
   Console console_{options()};
   std::int64_t id_ = 0;
};

TEST_F(CheckDeadline, waiting_for_another_check_of_the_account_is_a_part_of_a_check) {
   holds_ = true;
   auto first = std::async(std::launch::async, [this] { return console_.integrations().check(id_, {}); });
   ASSERT_EQ(has_come_.get_future().wait_for(20s), std::future_status::ready);
   host::CheckOptions short_of_time;
   short_of_time.timeout = 100ms;
   auto second = std::async(std::launch::async, [&] { return console_.integrations().check(id_, short_of_time); });
   const bool in_time = second.wait_for(10s) == std::future_status::ready;
   const std::size_t requests = server_.counters().requests;
   go_on();
   EXPECT_TRUE(in_time) << "it waited for the first one";
   const auto report = second.get().report;
   EXPECT_EQ(report.outcome, host::Outcome::timed_out);
   ASSERT_FALSE(report.findings.empty());
   EXPECT_EQ(report.findings[0].code, "host.deadline");
   EXPECT_EQ(requests, 3U) << "of adding it, and of the first check; none of the second";
   EXPECT_EQ(first.get().report.outcome, host::Outcome::accepted);
}

TEST_F(CheckDeadline, what_was_waited_for_is_no_time_that_is_left) {
   holds_ = true;
   auto first = std::async(std::launch::async, [this] { return console_.integrations().check(id_, {}); });
   ASSERT_EQ(has_come_.get_future().wait_for(20s), std::future_status::ready);
   host::CheckOptions in_time;
   in_time.timeout = 60s;
   auto second = std::async(std::launch::async, [&] { return console_.integrations().check(id_, in_time); });
   go_on();
   EXPECT_EQ(first.get().report.outcome, host::Outcome::accepted);
   EXPECT_EQ(second.get().report.outcome, host::Outcome::accepted);
}

}  // namespace
