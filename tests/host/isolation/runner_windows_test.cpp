// The runner itself on Windows: what it loads, what it refuses, which layers it reports, and when it ends.
#include <windows.h>

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "runner_scene.hpp"
#include "test_support/process.hpp"

namespace msp::isolation {
namespace {

using testing::HasSubstr;

std::string failure(const std::variant<std::unique_ptr<Runner>, NotStarted>& taken) {
   const auto* const why = std::get_if<NotStarted>(&taken);
   return why == nullptr ? "" : why->detail + " " + why->end.in_words();
}

class RunnerTest : public testing::Test {
 protected:
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};

   NotStarted refusal(std::string_view bytes) {
      auto taken = scene.keeper.take(runner_plugin(bytes), soon());
      auto* const why = std::get_if<NotStarted>(&taken);
      return why == nullptr ? NotStarted{NotStarted::no_process, 0, "it was started", {}} : std::move(*why);
   }
   std::unique_ptr<Runner> take(std::string_view bytes) {
      auto taken = scene.keeper.take(runner_plugin(bytes), soon());
      EXPECT_EQ(failure(taken), "");
      return taken.index() == 0 ? std::move(std::get<0>(taken)) : nullptr;
   }
};

TEST_F(RunnerTest, loads_the_plugins_of_this_product) {
   for (const char* file : {MSP_TEST_AUTOTASK, MSP_TEST_KASEYA_VSA}) {
      EXPECT_NE(take(test_support::read_file(file)), nullptr) << file;
   }
}

TEST_F(RunnerTest, says_which_symbol_a_library_lacks) {
   const NotStarted why = refusal(test_support::read_file(MSP_TEST_PLUGINS "/broken_no_entry.dll"));
   EXPECT_EQ(why.refusal, Refused::no_symbol);
   EXPECT_EQ(why.detail, "msp_plugin_entry");
}

TEST_F(RunnerTest, says_what_the_loader_says) {
   const NotStarted missing = refusal(test_support::read_file(MSP_TEST_PLUGINS "/broken_missing_dependency.dll"));
   EXPECT_EQ(missing.refusal, Refused::not_loaded);
   EXPECT_EQ(missing.detail, std::to_string(ERROR_MOD_NOT_FOUND));
}

TEST_F(RunnerTest, of_another_build_is_refused) {
   auto started = start_process(scene.copy(MSP_TEST_RUNNER, "another.exe"),
                                *runner_plugin(attacking_plugin("call:nothing")).bytes);
   ASSERT_TRUE(started) << why_not_started();
   Runner runner(std::move(*started), 0);
   ASSERT_EQ(runner.send(*encode(Start{"another build", "p.dll", {}, 1U << 30U, 10, "console", "7"}), soon()),
             Transfer::done);
   Frame frame;
   ASSERT_EQ(runner.receive(frame, soon()), Transfer::done);
   ASSERT_TRUE(decode<Refused>(frame));
   EXPECT_EQ(decode<Refused>(frame)->cause, Refused::other_build);
}

TEST_F(RunnerTest, that_is_no_program_blames_no_plugin) {
   const test_support::TempDir directory;
   test_support::write_file(directory.path() / "none.exe", "this is no program");
   RunnerScene none{(directory.path() / "none.exe").string().c_str()};
   const auto nothing = none.keeper.take(runner_plugin(attacking_plugin("call:nothing")), soon());
   ASSERT_EQ(nothing.index(), 1U);
   EXPECT_EQ(std::get<1>(nothing).cause, NotStarted::no_process);
   EXPECT_NE(std::get<1>(nothing).detail, "");
}

const Layer* find(const std::vector<Layer>& layers, std::string_view name) {
   const auto found = std::ranges::find(layers, name, &Layer::name);
   return found == layers.end() ? nullptr : &*found;
}

TEST_F(RunnerTest, has_the_least_that_it_needs_and_reports_every_other_layer) {
   const auto runner = take(attacking_plugin("call:nothing"));
   ASSERT_NE(runner, nullptr);
   for (const char* name : {"handles", "job"}) {
      ASSERT_NE(find(runner->layers(), name), nullptr) << name;
      EXPECT_TRUE(find(runner->layers(), name)->active) << name;
   }
   for (const char* name : {"one_process", "memory_limit", "time_limit", "app_container", "low_integrity",
                            "no_child_processes", "no_new_code", "no_window_calls", "no_extension_points",
                            "strict_handles", "no_foreign_fonts", "no_remote_libraries"}) {
      const Layer* const layer = find(runner->layers(), name);
      ASSERT_NE(layer, nullptr) << name;
      EXPECT_TRUE(layer->active || !layer->detail.empty()) << name;
   }
}

// --- when it ends

bool ended(const Handle& process) { return ::WaitForSingleObject(process.get(), 60'000) == WAIT_OBJECT_0; }
Handle open_process(long long number) { return Handle(::OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(number))); }

TEST_F(RunnerTest, ends_with_its_owner) {
   auto runner = take(attacking_plugin("call:nothing"));
   ASSERT_NE(runner, nullptr);
   const Handle process = open_process(runner->pid());
   ASSERT_TRUE(process);
   runner.reset();
   EXPECT_TRUE(ended(process));
}

TEST_F(RunnerTest, goes_on_when_the_thread_ends_that_asked_for_it) {
   std::unique_ptr<Runner> runner;
   std::thread([&] { runner = take(attacking_plugin("call:environment")); }).join();
   ASSERT_NE(runner, nullptr);
   EXPECT_EQ(call_entry(*runner, soon()), (std::variant<long, RunnerEnd>(0L)));
}

// This very program is the console: it says the number of its runner, and hangs with it.
TEST_F(RunnerTest, DISABLED_as_a_console) {
   auto runner = take(attacking_plugin("call:loop"));
   ASSERT_NE(runner, nullptr);
   static_cast<void>(runner->send(*encode(CallEntry{}), soon()));
   const char* const file = std::getenv("MSP_TEST_TOLD");
   test_support::write_file(std::string(file) + ".new", std::to_string(runner->pid()));
   std::filesystem::rename(std::string(file) + ".new", file);
   ::Sleep(INFINITE);
}

// A console that is killed has no time to end anything: the system does, although the plugin loops.
TEST(Runner, ends_when_its_console_is_killed) {
   const test_support::TempDir directory;
   const auto told = directory.path() / "told";
   ::SetEnvironmentVariableW(L"MSP_TEST_TOLD", told.c_str());
   std::wstring program(MAX_PATH, L'\0');
   program.resize(::GetModuleFileNameW(nullptr, program.data(), MAX_PATH));
   std::wstring command = L"x --gtest_also_run_disabled_tests --gtest_filter=RunnerTest.DISABLED_as_a_console";
   STARTUPINFOW start{};
   start.cb = sizeof start;
   PROCESS_INFORMATION made{};
   ASSERT_TRUE(
       ::CreateProcessW(program.c_str(), command.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &made));
   const Handle console(made.hProcess);
   const Handle thread(made.hThread);
   while (!std::filesystem::exists(told) && ::WaitForSingleObject(console.get(), 10) == WAIT_TIMEOUT) {
   }
   ASSERT_TRUE(std::filesystem::exists(told)) << "the console has started no runner";
   const Handle runner = open_process(std::stoll(test_support::read_file(told)));
   ::TerminateProcess(console.get(), 1);
   ASSERT_TRUE(runner);
   EXPECT_TRUE(ended(runner));
}

TEST(Runner, started_by_hand_ends_at_once) {
   test_support::Process process({.program = MSP_TEST_RUNNER, .arguments = {}, .environment = {}, .input = {}});
   EXPECT_EQ(process.wait().exit_code, 2);
}

// --- its program and the plugin's bytes

TEST(RunnerProgram, that_is_not_there_or_not_named_in_full_is_not_used) {
   const test_support::TempDir directory;
   EXPECT_FALSE(RunnerProgram::open(directory.path() / "gone.exe"));
   EXPECT_THAT(RunnerProgram::open("runner.exe").finding().summary, HasSubstr("not absolute"));
}

TEST(SealedPlugin, is_a_file_that_nobody_changes_while_it_is_held) {
   const test_support::TempDir directory;
   const auto file = directory.path() / "plugin.dll";
   test_support::write_file(file, "0123456789");
   const auto open_for = [&file](DWORD access) {
      return Handle(::CreateFileW(file.c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_EXISTING, 0, nullptr));
   };
   {
      const auto plugin = SealedPlugin::make("0123456789", file);
      ASSERT_TRUE(plugin);
      EXPECT_EQ(plugin.value().sha256(), "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882");
      EXPECT_FALSE(open_for(GENERIC_WRITE));
      EXPECT_FALSE(open_for(DELETE));
      EXPECT_TRUE(open_for(GENERIC_READ));
   }
   EXPECT_TRUE(open_for(GENERIC_WRITE));
}

TEST(SealedPlugin, of_a_file_that_was_changed_meanwhile_is_none) {
   const test_support::TempDir directory;
   const auto file = directory.path() / "plugin.dll";
   for (const char* other : {"012345678", "0123456780", "01234567890"}) {
      test_support::write_file(file, other);
      EXPECT_EQ(SealedPlugin::make("0123456789", file).finding().code, "plugin.modified") << other;
   }
   EXPECT_EQ(SealedPlugin::make("0123456789", directory.path() / "gone.dll").finding().code, "host.storage");
}

}  // namespace
}  // namespace msp::isolation
