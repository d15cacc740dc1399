// Everything that a hostile plugin can try from inside, as a table: the exact end of each, while the plugin is loaded
// (its static initialisers) and when it is called.
#include <errno.h>
#include <signal.h>

#include <chrono>
#include <ostream>
#include <variant>

#include "runner_scene.hpp"

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

using Outcome = std::variant<long, RunnerEnd>;

RunnerEnd forbidden(std::string call) { return {RunnerEnd::forbidden, 0, std::move(call)}; }
RunnerEnd crashed(int signal) { return {RunnerEnd::crashed, signal, {}}; }

struct Attack {
   const char* name;
   Outcome outcome;
   Outcome or_else = outcome;  // where the kernel is built otherwise
};
std::ostream& operator<<(std::ostream& out, const Attack& attack) { return out << attack.name; }

std::string in_words(const Outcome& outcome) {
   if (const long* value = std::get_if<long>(&outcome)) return "returns " + std::to_string(*value);
   return std::get<RunnerEnd>(outcome).in_words();
}

const Attack kAttacks[] = {
    // files
    {"open", -EACCES},
    {"memory_file", -EACCES},
    {"write_file", -EACCES},
    {"openat2", -EACCES},
    {"open_itself", -EACCES},
    {"stat", -EACCES},
    {"fstatat_path", -EACCES},
    {"access", -EACCES},
    {"readlink", -EACCES},
    {"dlopen", -EACCES},
    {"mkdirat", forbidden("mkdirat")},
    {"unlinkat", forbidden("unlinkat")},
    {"renameat2", forbidden("renameat2")},
    {"linkat", forbidden("linkat")},
    {"getdents64", forbidden("getdents64")},
    {"chdir", forbidden("chdir")},
    {"chroot", forbidden("chroot")},
    {"mount", forbidden("mount")},
    {"open_by_handle_at", forbidden("open_by_handle_at")},
    {"inotify_init1", forbidden("inotify_init1")},
    // network
    {"socket", forbidden("socket")},
    {"unix_socket", forbidden("socket")},
    {"netlink_socket", forbidden("socket")},
    {"socketpair", forbidden("socketpair")},
    {"send_descriptor", forbidden("sendmsg")},
    {"sendto", forbidden("sendto")},
    {"recvmsg", forbidden("recvmsg")},
    {"connect", forbidden("connect")},
    {"io_uring_setup", forbidden("io_uring_setup")},
    // processes and threads
    {"execve", forbidden("execve")},
    {"execveat", forbidden("execveat")},
    {"clone_process", forbidden("clone")},
    {"libc_fork", forbidden("clone")},
    {"thread", forbidden("clone3")},
    {"system", forbidden("clone3")},
    {"ptrace", forbidden("ptrace")},
    {"process_vm_readv", forbidden("process_vm_readv")},
    {"process_vm_writev", forbidden("process_vm_writev")},
    {"pidfd_open", forbidden("pidfd_open")},
    {"getppid", forbidden("getppid")},
    {"kill", forbidden("kill")},
    {"kill_itself", forbidden("tgkill")},
    {"stop_itself", forbidden("tgkill")},
    {"tgkill_other", forbidden("tgkill")},
    {"tgkill_high_half", forbidden("tgkill")},
    {"tkill", forbidden("tkill")},
    {"clock_of_another", -EPERM},
    {"sleep_by_the_clock_of_another", -EPERM},
    {"affinity_of_another", -EPERM},
    {"own_clocks", 0},
    {"setns", forbidden("setns")},
    {"unshare", forbidden("unshare")},
    {"setuid", forbidden("setuid")},
    {"capset", forbidden("capset")},
    {"setpriority", forbidden("setpriority")},
    {"sched_setaffinity", forbidden("sched_setaffinity")},
    // the kernel's less used doors
    {"bpf", forbidden("bpf")},
    {"perf_event_open", forbidden("perf_event_open")},
    {"userfaultfd", forbidden("userfaultfd")},
    {"keyctl", forbidden("keyctl")},
    {"seccomp", forbidden("seccomp")},
    {"memfd_create", forbidden("memfd_create")},
    {"shmget", forbidden("shmget")},
    {"mq_open", forbidden("mq_open")},
    {"pipe2", forbidden("pipe2")},
    {"eventfd2", forbidden("eventfd2")},
    {"splice", forbidden("splice")},
    {"unknown_call", forbidden("number 1000")},
#if defined(__x86_64__)
    {"fork", forbidden("fork")},
    {"vfork", forbidden("vfork")},
    {"x32", forbidden("")},
    {"int80", forbidden(""), crashed(SIGSEGV)},  // a kernel without 32-bit calls has no such interrupt
#endif
    // executable memory
    {"map_writable_code", forbidden("mmap")},
    {"map_new_code", forbidden("mmap")},
    {"map_new_code_as_plugin", forbidden("mmap")},
    {"map_channel_as_code", forbidden("mmap")},
    {"map_plugin_writable", forbidden("mmap")},
    {"map_plugin_again", -EBADF},
    {"map_high_half", forbidden("mmap")},
    {"map_file_high_half", forbidden("mmap")},
    {"protect_code", forbidden("mprotect")},
    {"move_memory_over_code", crashed(SIGSEGV)},
    {"pkey_mprotect", forbidden("pkey_mprotect")},
    {"personality", forbidden("personality")},
    {"remap_file_pages", forbidden("remap_file_pages")},
    // its own cage
    {"descriptors", 0b1111},
    {"environment", 0},
    {"dumpable", -EPERM},
    {"signal_action", -EPERM},
    {"block_signals", -EPERM},
    {"close_lifeline", -EPERM},
    {"close_channel", -EPERM},
    {"lifeline_flags", -EPERM},
    {"duplicate", -EPERM},
    {"dup", forbidden("dup")},
    {"replace_lifeline", forbidden("dup3")},
    {"terminal", -EPERM},
    {"raise_limit", -EPERM},
    {"write_lifeline", -EBADF},
    {"time_zone", 0},
    // its own end
    {"null_pointer", crashed(SIGSEGV)},
    {"abort", crashed(SIGABRT)},
    {"exit", RunnerEnd{RunnerEnd::left, 7, {}}},
    {"quick_exit", RunnerEnd{RunnerEnd::left, 0, {}}},
    {"illegal", crashed(SIGILL), crashed(SIGTRAP)},
    {"stack", crashed(SIGSEGV)},
    {"loop", RunnerEnd{RunnerEnd::hung, 0, {}}},
    {"sleep", RunnerEnd{RunnerEnd::hung, 0, {}}},
    {"memory", RunnerEnd{RunnerEnd::exhausted, SIGABRT, {}}},
    // on the channel
    {"garbage", RunnerEnd{RunnerEnd::misspoke, 0, {}}},
    {"half_frame", RunnerEnd{RunnerEnd::left, 0, {}}},
    {"half_frame_and_stay", RunnerEnd{RunnerEnd::hung, 0, {}}},
    {"half_header", crashed(SIGSEGV)},
    // and what an honest plugin does
    {"nothing", 16},
};

// Those that never answer: what is waited for is the deadline.
bool waits(const Attack& attack) {
   const auto* const end = std::get_if<RunnerEnd>(&attack.outcome);
   return end != nullptr && end->how == RunnerEnd::hung;
}

constexpr milliseconds kShort{300};

class Attacks : public testing::TestWithParam<Attack> {
 protected:
   // Little memory, which is soon used up.
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER, {.memory_bytes = std::uint64_t{64} << 20}};

   static Deadline deadline() { return waits(GetParam()) ? steady_clock::now() + kShort : soon(); }

   static void expect(const Outcome& outcome) {
      EXPECT_TRUE(outcome == GetParam().outcome || outcome == GetParam().or_else)
          << "It " << in_words(outcome) << ", and should have: " << in_words(GetParam().outcome);
   }

   static RunnerPlugin plugin(const std::string& moment) {
      return runner_plugin(attacking_plugin(moment + ":" + GetParam().name));
   }
};

TEST_P(Attacks, by_a_static_initialiser_ends_as_it_should) {
   const auto taken = waits(GetParam()) ? take_impatiently(scene.keeper, plugin("load"), kShort)
                                        : scene.keeper.take(plugin("load"), soon());
   if (const auto* const why = std::get_if<NotStarted>(&taken)) {
      ASSERT_EQ(why->cause, NotStarted::ended) << why->detail;
      expect(why->end);
   } else {
      expect(call_entry(*std::get<0>(taken), soon()));
   }
}

TEST_P(Attacks, by_the_loaded_plugin_ends_as_it_should) {
   const auto taken = scene.keeper.take(plugin("call"), soon());
   if (const auto* const why = std::get_if<NotStarted>(&taken)) FAIL() << why->detail << why->end.in_words();
   expect(call_entry(*std::get<0>(taken), deadline()));
}

INSTANTIATE_TEST_SUITE_P(Table, Attacks, testing::ValuesIn(kAttacks),
                         [](const auto& test) { return std::string(test.param.name); });

// Its code is gone with the right to execute it.
TEST(Attack, a_plugin_that_makes_its_code_writable_only_harms_itself) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   const auto taken = scene.keeper.take(runner_plugin(attacking_plugin("call:protect_own_code")), soon());
   ASSERT_EQ(taken.index(), 0U);
   EXPECT_EQ(call_entry(*std::get<0>(taken), soon()), Outcome(crashed(SIGSEGV)));
}

}  // namespace
}  // namespace msp::isolation
