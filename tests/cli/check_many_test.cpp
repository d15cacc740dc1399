// Many integrations of many tenants, whose platform answers each tenant no more than three requests at a time.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "console_program.hpp"
#include "core/console.hpp"
#include "test_support/runner.hpp"
#include "words/check_counts.hpp"

using namespace msp;
using namespace msp::console;

namespace {

constexpr unsigned kTenants = 20;
constexpr unsigned kUsersOfEach = 10;

std::string login(unsigned number) { return "api" + std::to_string(number) + "@msp.example"; }

// Users that follow each other are of one tenant, as they are when a list is typed customer by customer.
std::string scenario() {
   std::string users;
   for (unsigned number = 0; number < kTenants * kUsersOfEach; ++number) {
      users += (users.empty() ? "" : ",") + std::string(R"({"login":")") + login(number) +
               R"(","secret":"Throw$away#1","ci":)" + std::to_string(500 + number / kUsersOfEach) +
               R"(,"integration_codes":[")" + test::kCode + R"("]})";
   }
   return R"({"thread_limit":3,"latency_ms":20,"users":[)" + users + "]}";
}

TEST(CheckMany, two_hundred_good_integrations_of_twenty_tenants_are_in_order_and_nothing_is_sent_away) {
   const sim::AutotaskSimulator platform(scenario());
   const test::ConsoleProgram program;
   ConsoleOptions options;
   options.plugin_dirs = {MSP_PLUGIN_DIRECTORY};
   options.runner = test_support::runner();
   options.data_dir = program.data_dir();
   options.network.ca_file = platform.ca_file();
   options.network.connect_to = platform.connect_to();
   program.enable_autotask();
   Console console(options);

   std::atomic<unsigned> tenant = 0;
   std::atomic<unsigned> added = 0;
   const auto add_tenants = [&] {
      for (unsigned one = tenant++; one < kTenants; one = tenant++) {
         for (unsigned number = one * kUsersOfEach; number < (one + 1) * kUsersOfEach; ++number) {
            NewIntegration draft{"autotask", "Customer " + std::to_string(1000 + number), {}};
            draft.settings.values["user_name"] = login(number);
            draft.settings.secrets["password"] = host::SecretBytes(std::string("Throw$away#1"));
            draft.settings.secrets["integration_code"] = host::SecretBytes(std::string(test::kCode));
            if (console.integrations().add(std::move(draft), {}).integration.saved) ++added;
         }
      }
   };
   {
      std::vector<std::jthread> threads;
      while (threads.size() < 8) threads.emplace_back(add_tenants);
   }
   ASSERT_EQ(added.load(), kTenants * kUsersOfEach);

   CheckCounts counts;
   CheckAllOptions all;
   std::atomic<unsigned> waits = 0;
   all.pause = {[] { return std::chrono::steady_clock::time_point(); },
                [&waits](auto time, const auto&) { waits += time > std::chrono::steady_clock::time_point() ? 1 : 0; }};
   const CheckAllResult result = console.integrations().check_all(
       all, [&](const CheckedIntegration& checked, std::size_t) { counts.add(checked); });
   EXPECT_EQ(counts.sentence(result.enabled, false), "Checked 200 of 200: 200 active.");
   EXPECT_EQ(waits.load(), 0U) << "checks had to be repeated";
}

}  // namespace
