#include "web/simulated_users.hpp"

#include <gmock/gmock.h>
#include <rapidjson/document.h>

#include "sim/autotask/autotask_sim.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::console {
namespace {

using testing::HasSubstr;

TEST(SimulatedUsers, are_those_of_the_platform_that_is_asked_for) {
   const auto users = SimulatedUsers::read(R"({"a": [{"about": "may \u201ceverything\u201d", "values": {"x": "1"}}]})");
   ASSERT_TRUE(users) << users.finding().summary;
   EXPECT_THAT(users.value().document("a"), HasSubstr("\"about\": \"may \u201ceverything\u201d\""));
   EXPECT_THAT(users.value().document("a"), HasSubstr("\"x\": \"1\""));
   EXPECT_THAT(users.value().document("b"), HasSubstr("\"users\": []"));
   EXPECT_THAT(SimulatedUsers().document("a"), HasSubstr("\"users\": []"));
}

TEST(SimulatedUsers, of_another_shape_are_refused_with_the_reason) {
   for (const auto& [text, reason] : std::initializer_list<std::pair<const char*, const char*>>{
            {"", "is no JSON object"},
            {"[]", "is no JSON object"},
            {R"({"a": {}})", "has no list of users for \"a\""},
            {R"({"a": [1]})", "has a user of \"a\" without \"about\" or \"values\""},
            {R"({"a": [{"about": "x"}]})", "has a user of \"a\" without \"about\" or \"values\""},
            {R"({"a": [{"values": {}}]})", "has a user of \"a\" without \"about\" or \"values\""},
            {R"({"a": [{"about": 1, "values": {}}]})", "has a user of \"a\" without \"about\" or \"values\""},
            {R"({"a": [{"about": "x", "values": []}]})", "has a user of \"a\" without \"about\" or \"values\""},
            {R"({"a": [{"about": "x", "values": {"f": 1}}]})", "has a value of \"f\" that is no text"}}) {
      const auto users = SimulatedUsers::read(text);
      ASSERT_FALSE(users) << text;
      EXPECT_EQ(users.finding().summary, reason) << text;
   }
}

// Their values stand in the scenarios that the simulators start with.
TEST(SimulatedUsers, of_the_demonstration_are_known_to_the_simulators) {
   rapidjson::Document parsed;
   parsed.Parse(test_support::read_file(MSP_SIMULATED_USERS));
   const rapidjson::Document& users = parsed;
   ASSERT_TRUE(users.IsObject());
   for (const auto& [platform, scenario] :
        {std::pair("autotask", std::string(sim::AutotaskSimulator::default_scenario())),
         std::pair("kaseya_vsa", std::string(sim::KaseyaVsaSimulator::default_scenario()))}) {
      ASSERT_TRUE(users.HasMember(platform));
      for (const auto& user : users[platform].GetArray()) {
         for (const auto& [field, value] : user["values"].GetObject()) {
            if (std::string(field.GetString()) == "auth_method" || std::string(field.GetString()) == "server") continue;
            EXPECT_THAT(scenario, HasSubstr(value.GetString())) << user["about"].GetString();
         }
      }
   }
}

}  // namespace
}  // namespace msp::console
