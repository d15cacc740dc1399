// The real plugins in processes of their own: ended before each of their messages, and looked into for what they keep.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <future>
#include <stop_token>
#include <thread>

#include "msp/host/catalog.hpp"
#include "plugin_fixture.hpp"
#include "sim/autotask/autotask_sim.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"

namespace msp::test {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;
using Texts = std::map<std::string, std::string>;

struct Platform {
   std::string name;
   const char* file;
   Texts values;
   Texts secrets;
   std::function<std::unique_ptr<sim::Simulator>()> simulator;
};

std::vector<Platform> platforms() {
   return {{"autotask",
            MSP_AUTOTASK_FILE,
            {{"user_name", "api+console@msp.example"}},
            {{"password", "Throw$away#1"}, {"integration_code", "THROWAWAYTRACKINGIDENTIFIER"}},
            [] { return std::make_unique<sim::AutotaskSimulator>(""); }},
           {"kaseya_vsa",
            MSP_KASEYA_VSA_FILE,
            {{"server", "https://vsa.example.com"}, {"auth_method", "pat"}, {"user_name", "console"}},
            {{"pat", "0f1e2d3c-0000-4000-8000-000000000001"}},
            [] { return std::make_unique<sim::KaseyaVsaSimulator>(""); }}};
}

host::NetworkOptions network_of(const sim::Simulator& simulator) {
   host::NetworkOptions network;
   network.ca_file = simulator.ca_file();
   network.connect_to = simulator.connect_to();
   return network;
}

class OwnProcess : public testing::TestWithParam<Platform> {};

TEST_P(OwnProcess, one_that_ends_before_any_of_its_messages_is_one_finding_and_the_next_check_passes) {
   const Platform& platform = GetParam();
   const auto simulator = platform.simulator();
   int message = 0;
   for (bool accepted = false; !accepted;) {
      SCOPED_TRACE("before message " + std::to_string(++message));
      ASSERT_LT(message, 200);
      const LoadedPlugin dying(platform.file, network_of(*simulator), [&](host::HostOptions& options) {
         options.runner = MSP_DYING_RUNNER;
         options.version = std::to_string(message);
      });
      const host::CheckReport report = dying.check(platform.values, platform.secrets);
      accepted = report.outcome == host::Outcome::accepted;
      if (accepted) break;
      EXPECT_EQ(report.outcome, host::Outcome::failed);
      int errors = 0;
      for (const host::Finding& finding : report.findings) {
         if (finding.severity != host::Severity::error) continue;
         ++errors;
         EXPECT_EQ(finding.code, "plugin.crashed");
         EXPECT_THAT(finding.summary, HasSubstr("crashed: Illegal instruction"));
         EXPECT_THAT(finding.summary,
                     AnyOf(HasSubstr("It had sent nothing to the platform."), HasSubstr("Before that it had sent ")));
      }
      EXPECT_EQ(errors, 1);
      EXPECT_FALSE(host::was_made(report)) << "it says nothing about the settings";
   }
   EXPECT_GT(message, 15);
   const LoadedPlugin sound(platform.file, network_of(*simulator));
   EXPECT_EQ(sound.check(platform.values, platform.secrets).outcome, host::Outcome::accepted);
}

// The processes that this one started.
std::vector<pid_t> runners() {
   std::vector<pid_t> found;
   for (const auto& entry : fs::directory_iterator("/proc")) {
      std::ifstream status(entry.path() / "status");
      std::string word;
      bool is_runner = false;
      for (std::string line; std::getline(status, line);) {
         is_runner |= line.starts_with("Name:\tmsp-plugin-runn") || line.starts_with("Name:\t3") || line == "Name:\t5";
         if (is_runner && line == "PPid:\t" + std::to_string(::getpid()))
            found.push_back(std::stoi(entry.path().filename()));
      }
   }
   return found;
}

bool holds(pid_t process, const std::string& text) {
   const fs::path directory = "/proc/" + std::to_string(process);
   std::ifstream maps(directory / "maps");
   std::ifstream memory(directory / "mem", std::ios::binary);
   EXPECT_TRUE(maps && memory) << directory;
   for (std::string line; std::getline(maps, line);) {
      if (line.find(" rw") == std::string::npos) continue;
      char* rest = nullptr;
      const std::uint64_t begin = std::strtoull(line.c_str(), &rest, 16);
      const std::uint64_t end = std::strtoull(rest + 1, nullptr, 16);
      std::string bytes(end - begin, '\0');
      memory.clear();
      memory.seekg(static_cast<std::streamoff>(begin));
      memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      if (bytes.find(text) != std::string::npos) return true;
   }
   return false;
}

TEST_P(OwnProcess, nothing_of_a_secret_is_left_in_it_after_an_operation) {
   if (::geteuid() != 0 || test_support::runner().empty()) GTEST_SKIP() << "only root can look into a runner";
   const Platform& platform = GetParam();
   const auto simulator = platform.simulator();
   const LoadedPlugin plugin(platform.file, network_of(*simulator));
   auto form = host::check_settings(plugin.plugin().manifest(), settings(platform.values, platform.secrets));
   ASSERT_TRUE(form.settings);
   auto connection = plugin.plugin().connect(std::move(*form.settings));
   ASSERT_TRUE(connection);
   for (const auto operation : {host::Operation::validate_credentials, host::Operation::check_permissions}) {
      ASSERT_EQ(connection.value().run(operation, {}).outcome, host::Outcome::accepted);
      const std::vector<pid_t> found = runners();
      ASSERT_FALSE(found.empty());
      for (const pid_t process : found) {
         for (const auto& [field, secret] : platform.secrets)
            EXPECT_FALSE(holds(process, secret)) << field << " after " << name(operation);
      }
   }
}

TEST_P(OwnProcess, an_operation_with_it_needs_no_thread_in_the_console) {
   if (test_support::runner().empty()) GTEST_SKIP() << "in the console's process each operation has a thread";
   const Platform& platform = GetParam();
   const auto simulator = platform.simulator();
   const LoadedPlugin plugin(platform.file, network_of(*simulator));
   auto form = host::check_settings(plugin.plugin().manifest(), settings(platform.values, platform.secrets));
   auto connection = plugin.plugin().connect(std::move(*form.settings)).value();
   int told = 0;
   host::OperationOptions options;
   options.on_progress = [&told, caller = std::this_thread::get_id()](const std::string&) {
      ++told;
      EXPECT_EQ(std::this_thread::get_id(), caller);
   };
   for (const auto operation : {host::Operation::validate_credentials, host::Operation::check_permissions})
      ASSERT_EQ(connection.run(operation, options).outcome, host::Outcome::accepted);
   EXPECT_GT(told, 0);
}

// Stands in for a debugger that only looks on: every signal goes where it was sent.
bool trace(pid_t process) {
   std::array<int, 2> attached{};
   if (::pipe(attached.data()) != 0) return false;
   const pid_t tracer = ::fork();
   if (tracer == 0) {
      ::close(attached[0]);
      if (::ptrace(PTRACE_SEIZE, process, 0, 0) != 0) ::_exit(1);
      static_cast<void>(!::write(attached[1], "x", 1));
      int status = 0;
      while (::waitpid(process, &status, __WALL) == process && WIFSTOPPED(status))
         ::ptrace(PTRACE_CONT, process, 0, status >> 16 == 0 ? WSTOPSIG(status) : 0);
      ::_exit(0);
   }
   ::close(attached[1]);
   char byte = 0;
   const bool done = tracer > 0 && ::read(attached[0], &byte, 1) == 1;
   ::close(attached[0]);
   return done;
}

TEST_P(OwnProcess, a_cancel_while_another_one_starts_ends_the_operation_and_blames_nobody) {
   if (test_support::runner().empty()) GTEST_SKIP() << "in the console's process nothing starts";
   const Platform& platform = GetParam();
   const auto simulator = platform.simulator();
   std::stop_source cancel;
   int started = 0;
   // The first finds its debugger. The second one waits for its own for ever.
   const LoadedPlugin plugin(platform.file, network_of(*simulator), [&](host::HostOptions& options) {
      options.debug_plugin = platform.name;
      options.on_debug = [&](int process) {
         if (++started > 1)
            cancel.request_stop();
         else if (!trace(process))
            ::kill(process, SIGKILL);
      };
   });
   const auto connect = [&] {
      auto form = host::check_settings(plugin.plugin().manifest(), settings(platform.values, platform.secrets));
      return plugin.plugin().connect(std::move(*form.settings)).value();
   };
   auto first = connect();
   ASSERT_EQ(first.run(host::Operation::validate_credentials, {}).outcome, host::Outcome::accepted);
   auto second = connect();
   host::OperationOptions options;
   options.cancel = cancel.get_token();
   options.timeout = std::chrono::hours(1);
   const host::OperationReport report = second.run(host::Operation::validate_credentials, options);
   EXPECT_EQ(report.outcome, host::Outcome::cancelled);
   ASSERT_EQ(report.findings.size(), 1U);
   EXPECT_EQ(report.findings[0].code, "host.cancelled");
}

// Holds up whoever writes a line with these words, until it is told to go on.
class Barrier : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
   explicit Barrier(std::string words) : words_(std::move(words)) {}
   std::promise<void> reached;
   std::promise<void> go_on;

 protected:
   void sink_it_(const spdlog::details::log_msg& line) override {
      if (std::string_view(line.payload.data(), line.payload.size()).find(words_) == std::string_view::npos) return;
      reached.set_value();
      go_on.get_future().wait();
   }
   void flush_() override {}

 private:
   const std::string words_;
};

TEST(Loading, nobody_waits_while_another_plugin_is_loaded_into_its_process) {
   const test_support::TempDir directory;
   const auto drop = directory.path() / "plugins";
   const auto data = directory.path() / "data";
   for (const auto& each : {drop, data}) {
      fs::create_directory(each);
      fs::permissions(each, fs::perms::owner_all);
   }
   for (const Platform& platform : platforms()) fs::copy(platform.file, drop);
   const host::Catalog catalog({drop}, data);
   std::vector<host::Approval> approvals;
   for (const auto& found : catalog.scan({})) approvals.push_back({found.manifest->id, found.sha256, true});
   const auto entries = catalog.scan(approvals);
   ASSERT_EQ(entries.size(), 2U);

   const auto barrier = std::make_shared<Barrier>("[-] " + entries[0].manifest->id + ": loaded");
   host::HostOptions options;
   options.log = std::make_shared<spdlog::logger>("test", barrier);
   options.runner = test_support::runner();
   host::Host host(std::move(options));
   auto first = std::async(std::launch::async, [&] { return static_cast<bool>(host.load(entries[0])); });
   barrier->reached.get_future().wait();
   auto second = std::async(std::launch::async, [&] { return static_cast<bool>(host.load(entries[1])); });
   EXPECT_EQ(second.wait_for(std::chrono::seconds(20)), std::future_status::ready);
   barrier->go_on.set_value();
   EXPECT_TRUE(first.get());
   EXPECT_TRUE(second.get());
}

INSTANTIATE_TEST_SUITE_P(Plugins, OwnProcess, testing::ValuesIn(platforms()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace msp::test
