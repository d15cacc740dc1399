#include "isolation/runner_end.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>

#include "isolation/call_names.hpp"

namespace msp::isolation {
namespace {

constexpr int exited(int code) { return code << 8; }
constexpr std::uint64_t kMemory = 400;

struct Case {
   const char* name;
   RunnerEvidence evidence;
   RunnerEnd end;
};

const Case kCases[] = {
    {"left", {.status = exited(3)}, {RunnerEnd::left, 3, {}}},
    {"crashed", {.status = SIGSEGV}, {RunnerEnd::crashed, SIGSEGV, {}}},
    {"status_taken_by_somebody", {}, {RunnerEnd::unknown, 0, {}}},
    {"forbidden", {.forbidden = SYS_ptrace, .status = exited(1)}, {RunnerEnd::forbidden, 0, "ptrace"}},
    {"forbidden_and_unnamed", {.status = SIGSYS}, {RunnerEnd::forbidden, 0, ""}},
    {"hung", {.hung = true, .status = SIGKILL}, {RunnerEnd::hung, 0, {}}},
    {"hung_and_status_unknown", {.hung = true}, {RunnerEnd::hung, 0, {}}},
    {"crashed_at_the_deadline", {.hung = true, .status = SIGFPE}, {RunnerEnd::crashed, SIGFPE, {}}},
    {"nonsense", {.nonsense = true, .status = exited(0)}, {RunnerEnd::misspoke, 0, {}}},
    {"closed_and_went_on", {.deserted = true, .status = SIGKILL}, {RunnerEnd::misspoke, 0, {}}},
    {"closed_and_ended_slowly", {.deserted = true, .status = SIGSEGV}, {RunnerEnd::crashed, SIGSEGV, {}}},
    {"killed_by_the_system", {.status = SIGKILL}, {RunnerEnd::exhausted, SIGKILL, {}}},
    {"used_its_time", {.status = SIGXCPU}, {RunnerEnd::exhausted, SIGXCPU, {}}},
    {"crashed_with_its_memory_used",
     {.status = SIGABRT, .peak_bytes = 300, .memory_bytes = kMemory},
     {RunnerEnd::exhausted, SIGABRT, {}}},
    {"crashed_with_memory_left",
     {.status = SIGABRT, .peak_bytes = 299, .memory_bytes = kMemory},
     {RunnerEnd::crashed, SIGABRT, {}}},
    {"crashed_and_the_peak_is_that_of_the_console",
     {.status = SIGABRT, .peak_bytes = 300, .peak_at_start = 300, .memory_bytes = kMemory},
     {RunnerEnd::crashed, SIGABRT, {}}},
};

class RunnerEnds : public testing::TestWithParam<Case> {};

TEST_P(RunnerEnds, are_judged_by_what_was_seen) { EXPECT_EQ(judge(GetParam().evidence), GetParam().end); }

INSTANTIATE_TEST_SUITE_P(Table, RunnerEnds, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(RunnerEnd, is_told_in_words_that_follow_a_subject) {
   EXPECT_EQ((RunnerEnd{RunnerEnd::crashed, SIGSEGV, {}}.in_words()), "crashed: Segmentation fault (signal 11)");
   EXPECT_EQ((RunnerEnd{RunnerEnd::forbidden, 0, "socket"}.in_words()),
             "made a system call that plugins may not make: socket");
   EXPECT_EQ((RunnerEnd{RunnerEnd::forbidden, 0, ""}.in_words()), "made a system call that plugins may not make");
   EXPECT_EQ((RunnerEnd{RunnerEnd::left, 7, {}}.in_words()), "ended its process by itself (exit code 7)");
}

TEST(RunnerEnd, system_calls_have_their_names_and_unknown_ones_their_numbers) {
   EXPECT_EQ(call_name(SYS_socket), "socket");
   EXPECT_EQ(call_name(SYS_execveat), "execveat");
   EXPECT_EQ(call_name(5000), "number 5000");
}

}  // namespace
}  // namespace msp::isolation
