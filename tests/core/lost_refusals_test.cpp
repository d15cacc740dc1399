// A rejected credential is not tried again by itself, in whatever state its refusal arrives: checks of all in a row
// send it once.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <optional>

#include "core/console.hpp"
#include "sim/autotask/autotask_service.hpp"
#include "sim/kaseya_vsa/kaseya_service.hpp"
#include "sim/scratch_directory.hpp"
#include "sim/wire/https_server.hpp"
#include "test_support/runner.hpp"
#include "tests/host/net/broken_refusals.hpp"

using namespace msp;
using namespace msp::console;
using namespace std::chrono_literals;

namespace {

struct Platform {
   std::string id;
   std::vector<std::string> hosts;
   sim::Handler answer;
   std::string signed_by;  // the header that only a request with credentials has
   std::map<std::string, std::string> values, secrets;
};

Platform autotask() {
   auto scenario = sim::autotask::read_scenario("");
   const auto hosts = scenario.hosts();
   auto service = std::make_shared<sim::autotask::Service>(std::move(scenario));
   return {"autotask",
           hosts,
           [service](const sim::Request& request) { return service->answer(request); },
           "Secret",
           {{"user_name", "api+console@msp.example"}},
           {{"password", "Throw$away#1"}, {"integration_code", "THROWAWAYTRACKINGIDENTIFIER"}}};
}

Platform kaseya_vsa() {
   auto scenario = sim::kaseya::read_scenario("");
   const std::string host = scenario.host;
   auto service = std::make_shared<sim::kaseya::Service>(std::move(scenario));
   return {"kaseya_vsa",
           {host},
           [service](const sim::Request& request) { return service->answer(request); },
           "Authorization",
           {{"server", "https://" + host}, {"auth_method", "pat"}, {"user_name", "console"}},
           {{"pat", "0f1e2d3c-0000-4000-8000-000000000001"}}};
}

// A console with one saved integration, in front of a platform that can begin to refuse.
class Scene {
 public:
   explicit Scene(Platform platform)
       : platform_(std::move(platform)),
         server_(authority_.issue(platform_.hosts), [this](const sim::Request& request) { return answer(request); }),
         console_(options()) {
      const auto plugin = console_.plugins().find(platform_.id);
      EXPECT_TRUE(plugin && console_.plugins().enable(platform_.id, plugin.value().entry.sha256));
      NewIntegration draft{.platform = platform_.id, .name = "It", .settings = settings()};
      const auto added = console_.integrations().add(std::move(draft), {});
      EXPECT_EQ(added.report.outcome, host::Outcome::accepted);
      id_ = added.integration.id;
   }

   // How many signed requests each of three checks of all sends while the platform answers them so.
   std::vector<std::size_t> signed_requests(const sim::Reply& refusal, std::chrono::milliseconds step_timeout) {
      become(refusal);
      std::vector<std::size_t> counts;
      for (int round = 0; round < 3; ++round) {
         signed_ = 0;
         CheckAllOptions all;
         all.each.step_timeout = step_timeout;
         console_.integrations().check_all(
             all, [this](const CheckedIntegration& checked, std::size_t) { findings_ = checked.report.findings; });
         counts.push_back(signed_);
         if (round == 0) first_ = findings_;
      }
      become(std::nullopt);
      return counts;
   }

   // What the first of the three checks found.
   [[nodiscard]] const std::vector<host::Finding>& findings() const { return first_; }

   // Asked for by name, what was refused is tried again, and works again.
   void recover() { EXPECT_EQ(console_.integrations().check(id_, {}).report.outcome, host::Outcome::accepted); }

 private:
   ConsoleOptions options() {
      authority_.write(directory_.path() / "ca.pem");
      ConsoleOptions options;
      options.plugin_dirs = {MSP_PLUGIN_DIRECTORY};
      options.runner = test_support::runner();
      options.data_dir = directory_.path() / "data";
      options.network.ca_file = directory_.path() / "ca.pem";
      for (const auto& host : platform_.hosts) options.network.connect_to.push_back(server_.connect_to(host));
      return options;
   }

   [[nodiscard]] host::Settings settings() const {
      host::Settings settings;
      settings.values.insert(platform_.values.begin(), platform_.values.end());
      for (const auto& [id, secret] : platform_.secrets) settings.secrets[id] = host::SecretBytes(secret);
      return settings;
   }

   void become(std::optional<sim::Reply> refusal) {
      const std::lock_guard lock(mutex_);
      refusal_ = std::move(refusal);
   }

   sim::Reply answer(const sim::Request& request) {
      if (!request.header(platform_.signed_by)) return platform_.answer(request);
      ++signed_;
      {
         const std::lock_guard lock(mutex_);
         if (refusal_) return *refusal_;
      }
      return platform_.answer(request);
   }

   const Platform platform_;
   std::mutex mutex_;
   std::optional<sim::Reply> refusal_;
   std::atomic<std::size_t> signed_{0};
   std::vector<host::Finding> findings_, first_;
   sim::ScratchDirectory directory_;
   sim::CertificateAuthority authority_;
   sim::HttpsServer server_;
   Console console_;
   std::int64_t id_ = 0;
};

class LostRefusals : public testing::TestWithParam<Platform (*)()> {};

TEST_P(LostRefusals, are_remembered_whatever_became_of_their_rest) {
   Scene scene(GetParam()());
   const std::vector<std::size_t> once{1, 0, 0};
   for (const auto& c : msp::test::broken_refusals())
      for (const int status : {401, 403}) {
         SCOPED_TRACE(std::string(c.name) + ", " + std::to_string(status));
         const auto counts = scene.signed_requests(c.reply(status), c.endless ? 2s : 20s);
         EXPECT_EQ(counts, once);
         ASSERT_FALSE(scene.findings().empty());
         EXPECT_EQ(scene.findings()[0].code, "auth.rejected") << scene.findings()[0].summary;
         scene.recover();
      }
}

TEST_P(LostRefusals, whose_status_is_lost_are_unclear_and_not_tried_again_at_once) {
   Scene scene(GetParam()());
   for (const auto& c : msp::test::lost_statuses()) {
      SCOPED_TRACE(c.name);
      const auto counts = scene.signed_requests(c.reply(), c.endless ? 2s : 20s);
      EXPECT_EQ(counts, (std::vector<std::size_t>{1, 0, 0}));
      ASSERT_EQ(scene.findings().size(), 2U);
      EXPECT_EQ(scene.findings()[0].code, "auth.unclear") << scene.findings()[0].summary;
      EXPECT_EQ(scene.findings()[1].code, c.endless ? "host.deadline" : "platform.unexpected_response")
          << scene.findings()[1].summary;
      scene.recover();
   }
}

// Nobody said anything then, and nothing is known but that there was no answer.
TEST_P(LostRefusals, a_connection_that_breaks_without_a_word_is_no_refusal) {
   Scene scene(GetParam()());
   sim::Reply reset;
   reset.fault = sim::Fault::reset;
   EXPECT_EQ(scene.signed_requests(reset, 20s), (std::vector<std::size_t>{1, 1, 1}));
   ASSERT_FALSE(scene.findings().empty());
   EXPECT_EQ(scene.findings()[0].code, "net.reset") << scene.findings()[0].summary;
}

INSTANTIATE_TEST_SUITE_P(Platforms, LostRefusals, testing::Values(&autotask, &kaseya_vsa),
                         [](const auto& tested) { return tested.index == 0 ? "Autotask" : "KaseyaVsa"; });

}  // namespace
