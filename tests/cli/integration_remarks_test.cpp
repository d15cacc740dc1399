// Between yes and no: what works with remarks, and what could not be checked just now.
#include <gtest/gtest.h>

#include "console_program.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "tests/store/plain_sqlite.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

constexpr const char* kName = "Integration with Autotask";
constexpr const char* kRestricted = "restricted@msp.example";
constexpr const char* kRestrictedSecret = "Throw$away#3";

bool says(const ProcessResult& result, const std::string& text) {
   // Lines are broken at the terminal's width.
   std::string flat;
   for (const char c : result.out) {
      if (c != '\n' && c != ' ')
         flat += c;
      else if (!flat.empty() && flat.back() != ' ')
         flat += ' ';
   }
   return flat.find(text) != std::string::npos;
}

// What stands at the end of the path; null when there is no such thing.
const rapidjson::Value& at(const rapidjson::Value& document, const std::vector<const char*>& path) {
   static const rapidjson::Value null;
   const rapidjson::Value* value = &document;
   for (const char* key : path) {
      if (!value->IsObject() || !value->HasMember(key)) return null;
      value = &(*value)[key];
   }
   return *value;
}

unsigned count(const rapidjson::Value& document, const std::vector<const char*>& path) {
   const auto& value = at(document, path);
   return value.IsUint() ? value.GetUint() : 0;
}

std::string word(const rapidjson::Value& document, const std::vector<const char*>& path) {
   const auto& value = at(document, path);
   return value.IsString() ? value.GetString() : "";
}

class Remarks : public testing::Test {
 protected:
   void SetUp() override {
      platform_becomes("");
      console_.enable_autotask();
   }

   void platform_becomes(const std::string& scenario) {
      simulator_ = std::make_unique<sim::AutotaskSimulator>(scenario);
      console_.use(*simulator_);
   }

   ProcessResult add(const std::string& user, const std::string& secret, std::vector<std::string> more = {}) {
      console_.sign_in_as(user, secret);
      return console_.run(console_.add_arguments(std::move(more)));
   }

   ProcessResult integration(std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), "integration");
      return console_.run(std::move(arguments));
   }

   rapidjson::Document entry() {
      rapidjson::Document list = document(integration({"list", "--json"}));
      rapidjson::Document first;
      if (list.HasMember("integrations") && !list["integrations"].Empty())
         first.CopyFrom(list["integrations"][0], first.GetAllocator());
      return first;
   }

   std::unique_ptr<sim::AutotaskSimulator> simulator_;
   ConsoleProgram console_;
};

TEST_F(Remarks, restricted_rights_are_saved_with_one_remark_and_told_everywhere) {
   const auto report = document(add(kRestricted, kRestrictedSecret, {"--json"}));
   const auto rights = report["permissions"]["grants"].Size();
   ASSERT_GT(rights, 1U);
   ASSERT_TRUE(at(report, {"remarks"}).IsObject());
   EXPECT_EQ(report["remarks"].MemberCount(), 1U);
   EXPECT_EQ(count(report, {"remarks", "restricted"}), rights);
   ASSERT_EQ(report["findings"].Size(), 1U) << "one finding names them all";
   EXPECT_STREQ(report["findings"][0]["code"].GetString(), "perm.restricted");

   EXPECT_TRUE(says(integration({"check", kName}), "Command: msp-console platform requirements autotask"))
       << "which says how each of them is granted";

   const auto listed = entry();
   EXPECT_EQ(word(listed, {"state"}), "active");
   EXPECT_EQ(count(listed, {"last_check", "remarks", "restricted"}), rights);
   EXPECT_TRUE(listed["not_checked"].IsNull());
   const std::string count = std::to_string(rights) + " restricted";
   EXPECT_TRUE(says(integration({"list"}), "! " + std::string(kName)) && says(integration({"list"}), "active, "))
       << integration({"list"}).out;
   EXPECT_TRUE(says(integration({"show", kName}), "! active, " + count)) << integration({"show", kName}).out;

   const ProcessResult checked = integration({"check", kName});
   EXPECT_EQ(checked.exit_code, 0);
   EXPECT_TRUE(says(checked, "! It works, with remarks: " + count + ".")) << checked.out;
   EXPECT_FALSE(says(checked, "in order"));
   const ProcessResult all = integration({"check", "--all"});
   EXPECT_EQ(all.exit_code, 0);
   EXPECT_TRUE(says(all, "Work, with remarks (1)")) << all.out;
   EXPECT_TRUE(says(all, std::string(kName) + ": active, " + count)) << all.out;
   EXPECT_FALSE(says(all, "In order"));
}

TEST_F(Remarks, what_is_in_order_has_an_empty_object_and_says_so) {
   const ProcessResult added = add(kGoodUser, kGoodSecret);
   EXPECT_TRUE(says(added, "The integration is saved. It is ready to be used.")) << added.out;
   const auto listed = entry();
   ASSERT_TRUE(at(listed, {"last_check", "remarks"}).IsObject());
   EXPECT_EQ(at(listed, {"last_check", "remarks"}).MemberCount(), 0U);
   EXPECT_TRUE(says(integration({"check", kName}), "Everything is in order."));
   EXPECT_TRUE(says(integration({"check", "--all"}), "In order (1)"));
}

TEST_F(Remarks, strict_makes_them_exit_with_5_and_nothing_else) {
   ASSERT_EQ(add(kGoodUser, kGoodSecret, {"--name", "Good"}).exit_code, 0);
   EXPECT_EQ(integration({"check", "Good", "--strict"}).exit_code, 0);
   EXPECT_EQ(integration({"check", "--all", "--strict"}).exit_code, 0);
   ASSERT_EQ(add(kRestricted, kRestrictedSecret, {"--name", "Restricted"}).exit_code, 0);
   EXPECT_EQ(integration({"check", "Restricted"}).exit_code, 0);
   EXPECT_EQ(integration({"check", "Restricted", "--strict"}).exit_code, 5);
   EXPECT_EQ(integration({"check", "Restricted", "--strict", "--json"}).exit_code, 5);
   EXPECT_EQ(integration({"check", "--all", "--strict"}).exit_code, 5);
   EXPECT_EQ(integration({"check", "--all"}).exit_code, 0);
   platform_becomes(R"({"users":[{"login":"nobody","secret":"else"}]})");
   EXPECT_EQ(integration({"check", "Good", "--strict"}).exit_code, 4) << "a refusal stays a refusal";
   EXPECT_EQ(integration({"check", "--all", "--strict"}).exit_code, 4);
}

// Each kind, on the platform that has it.
TEST_F(Remarks, a_missing_optional_right_a_right_to_confirm_and_a_method_about_to_end_are_remarks) {
   platform_becomes(R"({"users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"default_rights":{"all":"All"},
      "rights":{"ConfigurationItems":{"all":"None"}}}]})");
   const ProcessResult autotask = add(kGoodUser, kGoodSecret);
   EXPECT_EQ(autotask.exit_code, 0);
   const auto missing = count(entry(), {"last_check", "remarks", "missing_optional"});
   EXPECT_GT(missing, 0U);
   EXPECT_TRUE(says(autotask, "Saved with remarks: " + std::to_string(missing) + " optional missing. "))
       << autotask.out;
   EXPECT_FALSE(says(autotask, "ready to be used"));

   sim::KaseyaVsaSimulator vsa;
   console_.use(vsa);
   ASSERT_EQ(console_.run({"plugin", "enable", "kaseya_vsa", "--yes"}).exit_code, 0);
   console_.environment["VSA_PASSWORD"] = "Throw$away,1";
   const std::vector<std::string> vsa_arguments = {"integration", "add",
                                                   "--platform",  "kaseya_vsa",
                                                   "--no-input",  "--name",
                                                   "VSA",         "--json",
                                                   "--set",       "server=vsa.example.com",
                                                   "--set",       "auth_method=password",
                                                   "--set",       "user_name=console",
                                                   "--secret",    "password=@env:VSA_PASSWORD"};
   const ProcessResult added = console_.run(vsa_arguments);
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   const auto report = document(added);
   EXPECT_EQ(count(report, {"remarks", "deprecated"}), 1U);
   EXPECT_GE(count(report, {"remarks", "unverified"}), 1U);
   const ProcessResult shown = integration({"show", "VSA"});
   EXPECT_TRUE(says(shown, "! active, " + std::to_string(count(report, {"remarks", "unverified"})) +
                               " to confirm, sign-in method to replace"))
       << shown.out;
   EXPECT_EQ(integration({"check", "VSA", "--strict"}).exit_code, 5);
}

struct NotMade {
   const char* name;
   const char* scenario;
   const char* outcome;
   const char* why;
   int exit_code;  // of the check alone
};

TEST_F(Remarks, a_check_that_could_not_be_made_replaces_none_that_was) {
   ASSERT_EQ(add(kRestricted, kRestrictedSecret).exit_code, 0);
   const unsigned rights = count(entry(), {"last_check", "remarks", "restricted"});
   const NotMade cases[] = {
       {"throttled", R"({"faults":[{"fault":"status","status":429,"headers":{"Retry-After":"3600"}}]})", "throttled",
        "Autotask was busy", 6},
       {"unreachable", R"({"faults":[{"fault":"reset"}]})", "unreachable", "Autotask could not be reached", 6},
       {"unavailable", R"({"faults":[{"fault":"status","status":500}]})", "unavailable",
        "Autotask gave no usable answer", 6},
       {"timed out", R"({"faults":[{"fault":"silent"}]})", "timed_out", "Autotask took too long", 124},
   };
   console_.environment["MSP_CONSOLE_STEP_TIMEOUT"] = "1";
   for (const NotMade& c : cases) {
      SCOPED_TRACE(c.name);
      platform_becomes(c.scenario);
      const ProcessResult checked = integration({"check", kName});
      EXPECT_EQ(checked.exit_code, c.exit_code) << checked.out;
      EXPECT_TRUE(says(checked, "The integration stays saved, and what was found before still stands.")) << checked.out;
      EXPECT_EQ(says(checked, "Try again in 60 minutes."), std::string(c.outcome) == "throttled") << checked.out;
      const auto listed = entry();
      EXPECT_EQ(word(listed, {"state"}), "active");
      EXPECT_EQ(word(listed, {"last_check", "outcome"}), "accepted");
      EXPECT_EQ(count(listed, {"last_check", "remarks", "restricted"}), rights);
      ASSERT_TRUE(listed["not_checked"].IsObject());
      EXPECT_EQ(word(listed, {"not_checked", "outcome"}), c.outcome);
      EXPECT_TRUE(listed["not_checked"]["at"].IsString());
      for (const ProcessResult& people : {integration({"list"}), integration({"show", kName})}) {
         EXPECT_TRUE(says(people, "Could not be checked at ")) << people.out;
         EXPECT_TRUE(says(people, std::string(" UTC: ") + c.why + ".")) << people.out;
      }
      const auto shown = document(integration({"show", kName, "--json"}));
      EXPECT_STREQ(shown["history"][0]["outcome"].GetString(), c.outcome) << "the history keeps it";
      EXPECT_EQ(word(shown, {"last_report", "outcome"}), "accepted");

      const ProcessResult all = integration({"check", "--all"});
      EXPECT_EQ(all.exit_code, 6) << all.out;
      EXPECT_TRUE(says(all, "Could not be checked now (1) - try again later")) << all.out;
      EXPECT_FALSE(says(all, "Need attention")) << all.out;
      EXPECT_TRUE(says(all, "Checked 0 of 1: 1 could not be checked now.")) << all.out;
   }
   platform_becomes("");
   EXPECT_EQ(integration({"check", kName}).exit_code, 0);
   EXPECT_TRUE(entry()["not_checked"].IsNull()) << "a check that was made clears it";
}

TEST_F(Remarks, what_needs_somebody_is_not_hidden_by_a_platform_that_is_busy) {
   ASSERT_EQ(add(kGoodUser, kGoodSecret).exit_code, 0);
   platform_becomes(R"({"users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"default_rights":{"all":"None"}}]})");
   EXPECT_EQ(integration({"check", kName}).exit_code, 5);
   platform_becomes(R"({"faults":[{"fault":"status","status":500}]})");
   EXPECT_EQ(integration({"check", kName}).exit_code, 6);
   EXPECT_EQ(word(entry(), {"state"}), "needs_attention");
   EXPECT_EQ(word(entry(), {"last_check", "outcome"}), "refused");
   EXPECT_EQ(word(entry(), {"not_checked", "outcome"}), "unavailable");
}

TEST_F(Remarks, where_no_check_could_be_made_yet_nothing_is_called_active) {
   ASSERT_EQ(add(kGoodUser, kGoodSecret).exit_code, 0);
   run_sql(console_.data_dir() / "console.db", "DELETE FROM checks");
   platform_becomes(R"({"faults":[{"fault":"status","status":500}]})");
   EXPECT_EQ(integration({"check", kName}).exit_code, 6);
   EXPECT_EQ(word(entry(), {"state"}), "temporary_trouble");
   EXPECT_TRUE(entry()["last_check"].IsNull());
   EXPECT_EQ(word(entry(), {"not_checked", "outcome"}), "unavailable");
   EXPECT_EQ(integration({"list"}).exit_code, 0);
   platform_becomes("");
   EXPECT_EQ(integration({"check", kName}).exit_code, 0);
   EXPECT_EQ(word(entry(), {"state"}), "active");
}

}  // namespace
