// The runner itself: what it loads, what it refuses, what confines it, and when it ends.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "runner_scene.hpp"

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
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
   std::unique_ptr<Runner> take(const RunnerPlugin& plugin) {
      auto taken = scene.keeper.take(plugin, soon());
      EXPECT_EQ(failure(taken), "");
      return taken.index() == 0 ? std::move(std::get<0>(taken)) : nullptr;
   }
   std::unique_ptr<Runner> take() { return take(runner_plugin(attacking_plugin("call:nothing"))); }
};

TEST_F(RunnerTest, loads_the_plugins_of_this_product) {
   for (const char* file : {MSP_TEST_AUTOTASK, MSP_TEST_KASEYA_VSA}) {
      EXPECT_NE(take(runner_plugin(test_support::read_file(file), file)), nullptr) << file;
   }
}

TEST_F(RunnerTest, says_which_symbol_a_library_lacks) {
   const NotStarted why = refusal(test_support::read_file(MSP_TEST_PLUGINS "/broken_no_entry.so"));
   EXPECT_EQ(why.cause, NotStarted::refused);
   EXPECT_EQ(why.refusal, Refused::no_symbol);
   EXPECT_EQ(why.detail, "msp_plugin_entry");
}

TEST_F(RunnerTest, says_what_the_loader_says) {
   const NotStarted missing = refusal(test_support::read_file(MSP_TEST_PLUGINS "/broken_missing_dependency.so"));
   EXPECT_EQ(missing.refusal, Refused::not_loaded);
   EXPECT_THAT(missing.detail, HasSubstr("gone_dependency"));
}

// A damaged library may crash the loader itself. That is no reason to end for anybody else.
TEST_F(RunnerTest, outlives_every_damaged_library) {
   const std::string sound = attacking_plugin("call:nothing");
   for (std::size_t at = 64; at < 4096; at += 192) {
      std::string bytes = sound;
      for (std::size_t i = at; i < at + 16; ++i) bytes[i] = static_cast<char>(~bytes[i]);
      const RunnerPlugin damaged{
          std::make_shared<const SealedPlugin>(SealedPlugin::make(bytes).value()), "/p/damaged.so", {}};
      static_cast<void>(scene.keeper.take(damaged, soon()));
   }
   EXPECT_NE(take(), nullptr);
}

TEST_F(RunnerTest, reads_the_bytes_that_were_sealed_and_never_the_file_of_that_name) {
   // The name is that of another plugin, whose entry would be a crash here.
   const auto taken = RunnerScene{MSP_TEST_ATTACKED_RUNNER}.keeper.take(
       runner_plugin(attacking_plugin("call:environment"), MSP_TEST_AUTOTASK), soon());
   ASSERT_EQ(failure(taken), "");
}

TEST_F(RunnerTest, of_another_build_is_refused) {
   auto started = start_process(scene.copy(MSP_TEST_RUNNER, "another"),
                                SealedPlugin::make(attacking_plugin("call:nothing")).value());
   ASSERT_TRUE(started);
   const auto process = started->process;
   {
      Runner runner(std::move(*started), 0);
      ASSERT_EQ(runner.send(*encode(Start{"another build", "/p.so", {}, 1U << 30U, 10, "console", "7"}), soon()),
                Transfer::done);
      Frame frame;
      ASSERT_EQ(runner.receive(frame, soon()), Transfer::done);
      const auto refused = decode<Refused>(frame);
      ASSERT_TRUE(refused);
      EXPECT_EQ(refused->cause, Refused::other_build);
   }
   pollfd ended{process->handle(), POLLIN, 0};
   ASSERT_EQ(::poll(&ended, 1, 20'000), 1) << "a runner that refused its work ends";
   EXPECT_TRUE(process->reap());
}

// The program itself is broken here: that says nothing about the plugin.
TEST_F(RunnerTest, that_ends_before_it_came_to_the_plugin_blames_no_plugin) {
   RunnerScene broken{"/bin/true"};
   const auto taken = broken.keeper.take(runner_plugin(attacking_plugin("call:nothing")), soon());
   const auto* const why = std::get_if<NotStarted>(&taken);
   ASSERT_NE(why, nullptr);
   EXPECT_EQ(why->cause, NotStarted::no_process);
   EXPECT_EQ(why->detail, "The program that runs plugins ended its process by itself (exit code 0).");
   const test_support::TempDir directory;
   test_support::write_file(directory.path() / "none", "this is no program");
   std::filesystem::permissions(directory.path() / "none", std::filesystem::perms::owner_all);
   RunnerScene none{(directory.path() / "none").c_str()};
   const auto nothing = none.keeper.take(runner_plugin(attacking_plugin("call:nothing")), soon());
   ASSERT_EQ(nothing.index(), 1U);
   EXPECT_EQ(std::get<1>(nothing).cause, NotStarted::no_process);
   EXPECT_THAT(std::get<1>(nothing).detail, HasSubstr("Exec format error"));
}

// --- what confines it

const Layer* find(const std::vector<Layer>& layers, std::string_view name) {
   const auto found = std::ranges::find(layers, name, &Layer::name);
   return found == layers.end() ? nullptr : &*found;
}

bool system_has_landlock() { return ::syscall(444, nullptr, 0, 1) >= 1; }

// In a process of its own, which ends.
template <class Attempt>
bool succeeds(Attempt attempt) {
   const pid_t child = ::fork();
   if (child == 0) ::_exit(attempt() ? 0 : 1);
   int status = 0;
   ::waitpid(child, &status, 0);
   return status == 0;
}

// Root of a container may not be allowed to.
bool has_an_unprivileged_user() {
   return ::geteuid() != 0 || succeeds([] {
             return ::setgroups(0, nullptr) == 0 && ::setresgid(65534, 65534, 65534) == 0 &&
                    ::setresuid(65534, 65534, 65534) == 0;
          });
}

bool system_has_namespaces() {
   return succeeds([] {
      const int wanted = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
      return ::unshare(::geteuid() == 0 ? wanted : wanted | CLONE_NEWUSER) == 0;
   });
}

TEST_F(RunnerTest, says_which_layers_the_system_gives_and_why_others_are_absent) {
   const auto runner = take();
   ASSERT_NE(runner, nullptr);
   const std::vector<Layer>& layers = runner->layers();
   for (const char* name : {"descriptors", "no_new_privileges", "not_dumpable", "lifeline", "limits", "seccomp"}) {
      ASSERT_NE(find(layers, name), nullptr) << name;
      EXPECT_TRUE(find(layers, name)->active) << name;
   }
   const std::pair<const char*, bool> optional[] = {{"landlock", system_has_landlock()},
                                                    {"namespaces", system_has_namespaces()},
                                                    {"unprivileged_user", has_an_unprivileged_user()}};
   for (const auto& [name, expected] : optional) {
      ASSERT_NE(find(layers, name), nullptr) << name;
      EXPECT_EQ(find(layers, name)->active, expected) << name;
      EXPECT_NE(find(layers, name)->detail, "") << name;
   }
   EXPECT_EQ(layers.size(), 9U);
}

std::string proc_file(pid_t pid, const std::string& name) {
   std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
   return {std::istreambuf_iterator<char>(file), {}};
}

std::string status_line(pid_t pid, const std::string& key) {
   std::istringstream status(proc_file(pid, "status"));
   for (std::string line; std::getline(status, line);) {
      if (line.starts_with(key + ":\t")) return line.substr(key.size() + 2);
   }
   return "";
}

TEST_F(RunnerTest, has_no_privilege_left_and_no_signal_ignored_and_a_filter) {
   if (!has_an_unprivileged_user()) GTEST_SKIP() << "Root may not become another user here.";
   ::signal(SIGPIPE, SIG_IGN);  // as consoles do
   const gid_t group = 4;       // a console that root has started may belong to some
   if (::geteuid() == 0) {
      ASSERT_EQ(::setgroups(1, &group), 0);
   }
   const auto runner = take();
   ASSERT_NE(runner, nullptr);
   const std::string user = std::to_string(::geteuid() == 0 ? 65534 : ::geteuid());
   EXPECT_EQ(status_line(runner->pid(), "Uid"), user + "\t" + user + "\t" + user + "\t" + user);
   if (::geteuid() == 0) {
      EXPECT_EQ(status_line(runner->pid(), "Groups"), " ");
   }
   EXPECT_EQ(status_line(runner->pid(), "CapPrm"), "0000000000000000");
   EXPECT_EQ(status_line(runner->pid(), "CapEff"), "0000000000000000");
   EXPECT_EQ(status_line(runner->pid(), "NoNewPrivs"), "1");
   EXPECT_EQ(status_line(runner->pid(), "Seccomp"), "2");
   EXPECT_EQ(status_line(runner->pid(), "Threads"), "1");
   EXPECT_EQ(status_line(runner->pid(), "SigBlk"), "0000000000000000");
   // Without the two that the C library keeps for itself.
   EXPECT_EQ(std::stoull(status_line(runner->pid(), "SigIgn"), nullptr, 16) & ~(std::uint64_t{3} << 31U), 0U);
}

#define SKIP_UNLESS_ROOT() \
   if (::geteuid() != 0) GTEST_SKIP() << "Only root can look into a runner, which hides from its own user."

TEST_F(RunnerTest, hides_from_its_own_user) {
   const auto runner = take();
   ASSERT_NE(runner, nullptr);
   const std::string maps = "/proc/" + std::to_string(runner->pid()) + "/maps";
   struct stat status {};
   ASSERT_EQ(::stat(maps.c_str(), &status), 0);
   EXPECT_EQ(status.st_uid, 0U);  // not the user's, although the process is
   if (::geteuid() != 0) {
      EXPECT_EQ(::open(maps.c_str(), O_RDONLY | O_CLOEXEC), -1);
   }
}

// Where this test's process has descriptors that a careless library would let its children inherit.
TEST_F(RunnerTest, has_four_descriptors_and_the_directory_of_nobody) {
   SKIP_UNLESS_ROOT();
   const Descriptor careless(::dup(0));
   const Descriptor far_away(::fcntl(0, F_DUPFD, 500));
   const auto runner = take();
   ASSERT_NE(runner, nullptr);
   const std::filesystem::path proc = "/proc/" + std::to_string(runner->pid());
   std::set<std::string> descriptors;
   for (const auto& entry : std::filesystem::directory_iterator(proc / "fd")) {
      descriptors.insert(entry.path().filename().string());
   }
   EXPECT_THAT(descriptors, testing::ElementsAre("0", "1", "2", "3"));
   EXPECT_EQ(std::filesystem::read_symlink(proc / "cwd"), "/");
   EXPECT_EQ(proc_file(runner->pid(), "environ"), "");
}

TEST_F(RunnerTest, shares_a_network_with_nothing_in_it_and_no_other_namespace) {
   SKIP_UNLESS_ROOT();
   const auto one = take();
   const auto other = take();
   ASSERT_TRUE(one && other);
   if (!find(one->layers(), "namespaces")->active) GTEST_SKIP() << "The system denies namespaces.";
   const auto of = [](pid_t pid, const char* kind) {
      return std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/ns/" + kind);
   };
   for (const char* kind : {"net", "ipc", "uts"}) EXPECT_NE(of(one->pid(), kind), of(::getpid(), kind)) << kind;
   EXPECT_EQ(of(one->pid(), "net"), of(other->pid(), "net")) << "to make one takes half as long as all else";
   EXPECT_NE(of(one->pid(), "ipc"), of(other->pid(), "ipc"));
   const Descriptor network(::open(("/proc/" + std::to_string(one->pid()) + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
   EXPECT_TRUE(succeeds([&network] {
      if (::setns(network.get(), CLONE_NEWNET) != 0) return false;
      const struct if_nameindex* const devices = ::if_nameindex();
      return devices != nullptr && devices[0].if_name == std::string_view("lo") && devices[1].if_name == nullptr;
   }));
}

TEST_F(RunnerTest, executes_nothing_but_mapped_files) {
   SKIP_UNLESS_ROOT();
   const auto runner = take(runner_plugin(test_support::read_file(MSP_TEST_AUTOTASK), MSP_TEST_AUTOTASK));
   ASSERT_NE(runner, nullptr);
   std::istringstream maps(proc_file(runner->pid(), "maps"));
   int executable = 0;
   bool of_plugin = false;
   for (std::string line; std::getline(maps, line);) {
      std::istringstream words(line);
      std::string addresses, rights, offset, device, inode, file;
      words >> addresses >> rights >> offset >> device >> inode >> file;
      if (rights.find('x') == std::string::npos) continue;
      ++executable;
      EXPECT_EQ(rights.find('w'), std::string::npos) << line;
      EXPECT_TRUE(file.starts_with('/') || file == "[vdso]" || file == "[vsyscall]") << line;
      of_plugin = of_plugin || file.starts_with("/memfd:msp-plugin");
   }
   EXPECT_GT(executable, 2);
   EXPECT_TRUE(of_plugin);
}

TEST_F(RunnerTest, has_limits_that_it_cannot_raise) {
   const auto runner = take();
   ASSERT_NE(runner, nullptr);
   const std::string limits = proc_file(runner->pid(), "limits");
   for (const char* line :
        {"Max file size             0                    0", "Max core file size        0                    0",
         "Max processes             0                    0", "Max open files            5                    5",
         "Max address space         536870912            536870912"}) {
      EXPECT_THAT(limits, HasSubstr(line));
   }
}

// --- when it ends

// Readable when the process has ended.
bool ended(pid_t pid) {
   const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
   if (!handle) return errno == ESRCH;
   pollfd wanted{handle.get(), POLLIN, 0};
   return ::poll(&wanted, 1, 60000) == 1;
}

TEST_F(RunnerTest, ends_with_its_owner) {
   auto runner = take();
   ASSERT_NE(runner, nullptr);
   const pid_t pid = runner->pid();
   runner.reset();
   EXPECT_TRUE(ended(pid));
}

TEST_F(RunnerTest, goes_on_when_the_thread_ends_that_asked_for_it) {
   std::unique_ptr<Runner> runner;
   RunnerScene attacked{MSP_TEST_ATTACKED_RUNNER};
   std::thread([&] {
      auto taken = attacked.keeper.take(runner_plugin(attacking_plugin("call:environment")), soon());
      if (taken.index() == 0) runner = std::move(std::get<0>(taken));
   }).join();
   ASSERT_NE(runner, nullptr);
   EXPECT_EQ(call_entry(*runner, soon()), (std::variant<long, RunnerEnd>(0L)));
}

// A console that is killed has no time to end anything: the system does, although the plugin loops.
TEST(Runner, ends_when_its_console_is_killed) {
   std::array<int, 2> report{};
   ASSERT_EQ(::pipe2(report.data(), O_CLOEXEC), 0);
   const pid_t console = ::fork();
   if (console == 0) {
      RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
      auto taken = scene.keeper.take(runner_plugin(attacking_plugin("call:loop")), soon());
      if (taken.index() != 0) ::_exit(1);
      Runner& runner = *std::get<0>(taken);
      static_cast<void>(runner.send(*encode(CallEntry{}), soon()));
      const pid_t pid = runner.pid();
      static_cast<void>(!::write(report[1], &pid, sizeof pid));
      for (;;) ::pause();
   }
   pid_t runner = 0;
   ::close(report[1]);
   const ssize_t read = ::read(report[0], &runner, sizeof runner);
   ::close(report[0]);
   const Descriptor handle(read == sizeof runner ? static_cast<int>(::syscall(SYS_pidfd_open, runner, 0)) : -1);
   ::kill(console, SIGKILL);
   ::waitpid(console, nullptr, 0);
   ASSERT_TRUE(handle);
   pollfd wanted{handle.get(), POLLIN, 0};
   EXPECT_EQ(::poll(&wanted, 1, 60000), 1);
}

TEST(Runner, started_by_hand_says_who_starts_it) {
   const pid_t child = ::fork();
   if (child == 0) {
      ::close(3);
      ::execl(MSP_TEST_RUNNER, MSP_TEST_RUNNER, nullptr);
      ::_exit(1);
   }
   int status = 0;
   ::waitpid(child, &status, 0);
   EXPECT_EQ(WEXITSTATUS(status), 2);
}

// --- its program and the plugin's bytes

TEST(RunnerProgram, that_others_can_change_is_not_used) {
   const test_support::TempDir directory;
   const auto file = directory.path() / "runner";
   std::filesystem::copy_file(MSP_TEST_RUNNER, file);
   EXPECT_TRUE(RunnerProgram::open(file));
   ::chmod(file.c_str(), 0775);
   EXPECT_THAT(RunnerProgram::open(file).finding().summary, HasSubstr("other users can change it"));
   ::chmod(file.c_str(), 0755);
   ::chmod(directory.path().c_str(), 0777);
   EXPECT_THAT(RunnerProgram::open(file).finding().summary, HasSubstr("its directory is not safe"));
   ::chmod(directory.path().c_str(), 0755);
   std::filesystem::create_symlink(file, directory.path() / "link");
   EXPECT_THAT(RunnerProgram::open(directory.path() / "link").finding().summary, HasSubstr("not a regular file"));
   EXPECT_THAT(RunnerProgram::open(directory.path() / "gone").finding().summary, HasSubstr("No such file"));
   EXPECT_THAT(RunnerProgram::open("runner").finding().summary, HasSubstr("not absolute"));
}

TEST(SealedPlugin, can_neither_be_changed_nor_moved_on_for_another_reader) {
   const SealedPlugin plugin = SealedPlugin::make("0123456789").value();
   EXPECT_EQ(plugin.sha256(), "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882");
   const Descriptor one = plugin.open();
   const Descriptor other = plugin.open();
   std::array<char, 10> bytes{};
   ASSERT_EQ(::read(one.get(), bytes.data(), 10), 10);
   EXPECT_EQ(::read(other.get(), bytes.data(), 10), 10);
   EXPECT_EQ(::write(one.get(), "x", 1), -1);
   const Descriptor writer(::open(("/proc/self/fd/" + std::to_string(one.get())).c_str(), O_RDWR | O_CLOEXEC));
   EXPECT_EQ(::write(writer.get(), "x", 1), -1);
   EXPECT_EQ(::ftruncate(writer.get(), 0), -1);
}

// Everything else would be in force.
TEST_F(RunnerTest, where_the_system_has_no_filters_loads_no_plugin_and_says_why) {
   constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
   if (::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kAllow) == 0) {
      GTEST_SKIP() << "This system has filters; runner_test.without_filters shows it.";
   }
   const NotStarted why = refusal(attacking_plugin("load:exit"));
   EXPECT_EQ(why.refusal, Refused::not_confined);
   EXPECT_THAT(why.detail, HasSubstr("seccomp"));
}

}  // namespace
}  // namespace msp::isolation
