#include <gtest/gtest.h>

#include "isolation/killed_windows.hpp"
#include "isolation/runner_end.hpp"

namespace msp::isolation {
namespace {

constexpr int exception(unsigned code) { return static_cast<int>(code); }
constexpr std::uint64_t kMemory = 400;

struct Case {
   const char* name;
   RunnerEvidence evidence;
   RunnerEnd end;
};

const Case kCases[] = {
    {"left", {.status = 3}, {RunnerEnd::left, 3, {}}},
    {"crashed", {.status = exception(0xC0000005)}, {RunnerEnd::crashed, exception(0xC0000005), {}}},
    {"crashed_unheard_of", {.status = exception(0xC0FFEE00)}, {RunnerEnd::crashed, exception(0xC0FFEE00), {}}},
    {"status_unknown", {}, {RunnerEnd::unknown, 0, {}}},
    {"hung", {.hung = true, .status = kKilled}, {RunnerEnd::hung, 0, {}}},
    {"hung_and_status_unknown", {.hung = true}, {RunnerEnd::hung, 0, {}}},
    {"crashed_at_the_deadline",
     {.hung = true, .status = exception(0xC0000094)},
     {RunnerEnd::crashed, exception(0xC0000094), {}}},
    {"nonsense", {.nonsense = true, .status = 0}, {RunnerEnd::misspoke, 0, {}}},
    {"told_a_call_that_nobody_can_tell_here", {.forbidden = 41, .status = 1}, {RunnerEnd::misspoke, 0, {}}},
    {"closed_and_went_on", {.deserted = true, .status = kKilled}, {RunnerEnd::misspoke, 0, {}}},
    {"used_its_time", {.status = exception(0xC0000044)}, {RunnerEnd::exhausted, exception(0xC0000044), {}}},
    {"ended_with_its_memory_used",
     {.status = 3, .peak_bytes = 300, .memory_bytes = kMemory},
     {RunnerEnd::exhausted, 3, {}}},
    {"ended_with_memory_left", {.status = 3, .peak_bytes = 299, .memory_bytes = kMemory}, {RunnerEnd::left, 3, {}}},
};

class RunnerEnds : public testing::TestWithParam<Case> {};

TEST_P(RunnerEnds, are_judged_by_what_was_seen) { EXPECT_EQ(judge(GetParam().evidence), GetParam().end); }

INSTANTIATE_TEST_SUITE_P(Table, RunnerEnds, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(RunnerEnd, is_told_in_words_that_follow_a_subject) {
   EXPECT_EQ((RunnerEnd{RunnerEnd::crashed, exception(0xC0000005), {}}.in_words()),
             "crashed: Access violation (exception 0xC0000005)");
   EXPECT_EQ((RunnerEnd{RunnerEnd::crashed, exception(0xC0FFEE00), {}}.in_words()), "crashed: exception 0xC0FFEE00");
   EXPECT_EQ((RunnerEnd{RunnerEnd::left, 7, {}}.in_words()), "ended its process by itself (exit code 7)");
}

}  // namespace
}  // namespace msp::isolation
