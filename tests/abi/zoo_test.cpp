#include <gmock/gmock.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <array>
#include <atomic>
#include <sstream>
#include <thread>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#else
#include <unistd.h>
#endif

#include "loaded.hpp"
#include "msp/host/check.hpp"
#include "test_support/latch.hpp"

namespace msp::host {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto kPassword = "p@ss w0rd!";

CheckReport check_with(Host& host, const std::string& animal, const CheckOptions& options = {}, int gate = 0) {
   Settings settings;
   settings.secrets["password"] = SecretBytes(kPassword);
   settings.values["gate"] = std::to_string(gate);
   return check(*load(host, "zoo_" + animal, "zoo/manifest.json"), std::move(settings), options);
}

TEST(Zoo, a_well_behaved_plugin_is_accepted_without_a_word) {
   Host host({});
   const auto report = check_with(host, "well_behaved");
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_TRUE(report.findings.empty());
}

struct Case {
   const char* animal;
   Outcome outcome;
   const char* step;
   const char* code;
   Severity severity;
   const char* summary;  // exactly as the administrator reads it
};

class ZooAnimal : public testing::TestWithParam<Case> {};

TEST_P(ZooAnimal, is_told_apart_in_one_sentence) {
   const auto& c = GetParam();
   Host host({});
   const auto report = check_with(host, c.animal);
   EXPECT_EQ(report.outcome, c.outcome);
   const auto told = std::ranges::find(report.findings, c.summary, &Finding::summary);
   ASSERT_NE(told, report.findings.end())
       << testing::PrintToString(report.findings.size())
       << " findings, the first: " << (report.findings.empty() ? "" : report.findings[0].summary);
   EXPECT_EQ(told->code, c.code);
   EXPECT_EQ(told->severity, c.severity);
   EXPECT_EQ(told->step, c.step);
   EXPECT_FALSE(told->remedy.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Zoo, ZooAnimal,
    testing::Values(
        Case{"throws", Outcome::failed, "validate_credentials", "plugin.defect", Severity::error,
             "The plugin Zoo threw an exception, against rule P4 of the plugin contract."},
        Case{"reports_nothing", Outcome::failed, "validate_credentials", "plugin.defect", Severity::error,
             "The plugin Zoo accepted the credentials without saying whose they are, against rule P13 of the plugin "
             "contract."},
        Case{"reports_twice", Outcome::failed, "check_permissions", "plugin.defect", Severity::error,
             "The plugin Zoo reported the permission \"tickets.read\" twice, against rule P12 of the plugin contract."},
        Case{"unknown_permission", Outcome::failed, "check_permissions", "plugin.defect", Severity::error,
             "The plugin Zoo reported the permission \"tickets.delete\", which its manifest does not name, against "
             "rule P12 of the plugin contract."},
        Case{"nonsense_outcome", Outcome::failed, "authenticate", "plugin.defect", Severity::error,
             "The plugin Zoo ended with the outcome 77, which does not exist, against rule P6 of the plugin contract."},
        Case{"invalid_utf8", Outcome::refused, "validate_credentials", "plugin.defect", Severity::warning,
             "The plugin Zoo reported a text that is not valid UTF-8, against rule P9 of the plugin contract."},
        Case{"invalid_utf8", Outcome::refused, "validate_credentials", "auth.rejected", Severity::error,
             "Mot de passe refus\xef\xbf\xbd."},
        Case{"foreign_host", Outcome::failed, "validate_credentials", "net.host_not_allowed", Severity::error,
             "The plugin Zoo wanted to connect to \"evil.example\", which its manifest does not allow; nothing was "
             "sent."},
        Case{"no_remedy", Outcome::refused, "validate_credentials", "plugin.defect", Severity::warning,
             "The plugin Zoo reported the error auth.rejected without saying what to do next, against rule P10 of the "
             "plugin contract."}),
    [](const auto& parameter) { return std::string(parameter.param.animal) + '_' + std::to_string(parameter.index); });

// Everything a console shows, logs or stores of a check, in one text.
TEST(Zoo, a_secret_that_a_plugin_tells_reaches_nobody) {
   std::ostringstream out;
   HostOptions options;
   options.log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
   options.log->set_level(spdlog::level::trace);
   Host host(options);
   CheckOptions check_options;
   check_options.on_event = [&](const CheckEvent& event) { out << event.sentence << '\n'; };
   const auto plugin = load(host, "zoo_tells_secrets", "zoo/manifest.json");
   const auto report = check_with(host, "tells_secrets", check_options);
   EXPECT_EQ(report.outcome, Outcome::refused);
   out << to_json(report, plugin->manifest(), {});
   for (const char* form : {"p@ss", "w0rd", "cEBzcyB3MHJkIQ", "p%40ss"}) EXPECT_THAT(out.str(), Not(HasSubstr(form)));
   EXPECT_THAT(out.str(), HasSubstr("\"account\": \"[redacted]\""));
}

TEST(Zoo, a_call_that_a_plugin_keeps_changes_nothing_and_is_logged) {
   std::ostringstream lines;
   HostOptions options;
   options.log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(lines));
   Host host(options);
   const auto report = check_with(host, "keeps_pointers");
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_TRUE(report.findings.empty());
   EXPECT_THAT(lines.str(), HasSubstr("used a call whose operation had ended (rule P16 of the plugin contract)"));
}

std::array<int, 2> pipe_ends() {
   std::array<int, 2> ends{};
#ifdef _WIN32
   EXPECT_EQ(_pipe(ends.data(), 16, _O_BINARY), 0);
#else
   EXPECT_EQ(pipe(ends.data()), 0);
#endif
   return ends;
}

TEST(Zoo, a_plugin_that_ignores_the_cancel_is_left_behind_until_the_console_restarts) {
   const std::array<int, 2> gate = pipe_ends();
   // A host that waits for the plugin would wait for ever, and this test with it.
   test_support::Latch over(1);
   std::thread rescue([&] {
      const bool hangs = !over.wait_for(std::chrono::seconds(10));
      EXPECT_TRUE(!hangs || write(gate[1], "x", 1) == 1);
   });
   Host host({});
   CheckOptions options;
   options.step_timeout = std::chrono::milliseconds(20);
   const auto report = check_with(host, "ignores_cancel", options, gate[0]);
   over.count_down();
   rescue.join();
   EXPECT_EQ(report.outcome, Outcome::timed_out);
   ASSERT_EQ(report.findings.size(), 2u);
   EXPECT_EQ(report.findings[0].code, "host.deadline");
   EXPECT_EQ(report.findings[1].summary,
             "The plugin Zoo did not return when it was told to, against rule P5 of the plugin contract.");

   const auto again = check_with(host, "ignores_cancel", options, gate[0]);
   EXPECT_EQ(again.outcome, Outcome::failed);
   ASSERT_EQ(again.findings.size(), 1u);
   EXPECT_EQ(again.findings[0].summary,
             "The plugin Zoo did not return from an earlier operation and is not used again.");
   EXPECT_THAT(again.findings[0].remedy, HasSubstr("Restart the console"));

   EXPECT_EQ(write(gate[1], "x", 1), 1);  // now it returns, to a host that may be gone
}

// Notes the end of a thread whose plugin returned after it was left behind.
class LeftBehindWatch : public PluginWatch {
 public:
   explicit LeftBehindWatch(test_support::Latch& thread_ended) : thread_ended_(thread_ended) {}

   std::uint64_t begin(const std::string&, const std::string&, std::string_view) override { return 1; }
   void overdue(std::uint64_t) override { overdue_ = true; }
   void end(std::uint64_t) override {
      if (!overdue_ || std::this_thread::get_id() == tests_thread_) return;
      struct AtTheEnd {
         test_support::Latch& ended;
         ~AtTheEnd() { ended.count_down(); }
      };
      thread_local const AtTheEnd at_the_end{thread_ended_};
   }

 private:
   test_support::Latch& thread_ended_;
   const std::thread::id tests_thread_ = std::this_thread::get_id();
   std::atomic<bool> overdue_{false};
};

// It may end while the process does.
TEST(Zoo, the_thread_of_a_plugin_that_was_left_behind_takes_nothing_down) {
   const std::array<int, 2> gate = pipe_ends();
   test_support::Latch thread_ended(1);
   std::weak_ptr<PluginWatch> what_the_host_holds;
   {
      HostOptions options;
      options.watch = std::make_shared<LeftBehindWatch>(thread_ended);
      what_the_host_holds = options.watch;
      Host host(std::move(options));
      CheckOptions brief;
      brief.step_timeout = std::chrono::milliseconds(20);
      EXPECT_EQ(check_with(host, "ignores_cancel", brief, gate[0]).outcome, Outcome::timed_out);
   }
   EXPECT_EQ(write(gate[1], "x", 1), 1);
   ASSERT_TRUE(thread_ended.wait_for(std::chrono::seconds(20)));
   EXPECT_FALSE(what_the_host_holds.expired());
}

}  // namespace
}  // namespace msp::host
