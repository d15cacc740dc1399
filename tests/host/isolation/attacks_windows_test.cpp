// What a hostile plugin can do to its own process on Windows, as a table: the exact end of each, while the plugin is
// loaded and when it is called. What it cannot do to others is verify_isolation.cpp's, because Wine denies nothing.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <variant>

#include "runner_scene.hpp"

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

using Outcome = std::variant<long, RunnerEnd>;

RunnerEnd crashed(unsigned exception) { return {RunnerEnd::crashed, static_cast<int>(exception), {}}; }
RunnerEnd left(int code) { return {RunnerEnd::left, code, {}}; }

struct Attack {
   const char* name;
   Outcome outcome;
};
std::ostream& operator<<(std::ostream& out, const Attack& attack) { return out << attack.name; }

std::string in_words(const Outcome& outcome) {
   if (const long* value = std::get_if<long>(&outcome)) return "returns " + std::to_string(*value);
   return std::get<RunnerEnd>(outcome).in_words();
}

const Attack kAttacks[] = {
    {"null_pointer", crashed(0xC0000005)},
    {"illegal", crashed(0xC000001D)},
    {"stack", crashed(0xC00000FD)},
    {"abort", left(3)},
    {"exit", left(7)},
    {"terminate", left(9)},
    {"loop", RunnerEnd{RunnerEnd::hung, 0, {}}},
    {"sleep", RunnerEnd{RunnerEnd::hung, 0, {}}},
    {"garbage", RunnerEnd{RunnerEnd::misspoke, 0, {}}},
    {"half_frame", left(9)},
    {"half_frame_and_stay", RunnerEnd{RunnerEnd::hung, 0, {}}},
    {"half_header", crashed(0xC0000005)},
    {"close_channel", RunnerEnd{RunnerEnd::misspoke, 0, {}}},
    {"environment", 0},
    {"handles", 1},
    {"nothing", 16},
};

bool waits(const Attack& attack) {
   const auto* const end = std::get_if<RunnerEnd>(&attack.outcome);
   return end != nullptr && end->how == RunnerEnd::hung;
}

constexpr milliseconds kShort{1000};

class Attacks : public testing::TestWithParam<Attack> {
 protected:
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};

   static Deadline deadline() { return waits(GetParam()) ? steady_clock::now() + kShort : soon(); }

   static void expect(const Outcome& outcome) {
      EXPECT_TRUE(outcome == GetParam().outcome)
          << "It " << in_words(outcome) << ", and should have: " << in_words(GetParam().outcome);
   }

   static RunnerPlugin plugin(const std::string& moment) {
      return runner_plugin(attacking_plugin(moment + ":" + GetParam().name));
   }
};

TEST_P(Attacks, while_the_plugin_is_loaded_end_as_they_should) {
   const auto taken = waits(GetParam()) ? take_impatiently(scene.keeper, plugin("load"), kShort)
                                        : scene.keeper.take(plugin("load"), soon());
   if (const auto* const why = std::get_if<NotStarted>(&taken)) {
      ASSERT_EQ(why->cause, NotStarted::ended) << why->detail;
      expect(why->end);
   } else {
      expect(call_entry(*std::get<0>(taken), soon()));
   }
}

TEST_P(Attacks, by_the_loaded_plugin_end_as_they_should) {
   const auto taken = scene.keeper.take(plugin("call"), soon());
   if (const auto* const why = std::get_if<NotStarted>(&taken)) FAIL() << why->detail << why->end.in_words();
   expect(call_entry(*std::get<0>(taken), deadline()));
}

INSTANTIATE_TEST_SUITE_P(Table, Attacks, testing::ValuesIn(kAttacks),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace msp::isolation
