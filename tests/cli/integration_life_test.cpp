#include <gtest/gtest.h>

#include <algorithm>

#include "console_program.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

constexpr const char* kDefaultName = "Integration with Autotask";

// The scenario's only user, who has `key` as `value` in place of what he had.
std::string with_user(const std::string& extra, const std::string& secret = kGoodSecret) {
   return R"({"users":[{"login":")" + std::string(kGoodUser) + R"(","secret":")" + secret +
          R"(","integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],)" + extra + "}]}";
}
const std::string kEveryRight = R"("default_rights":{"all":"All"})";
const std::string kNoTicketUpdates =
    R"("default_rights":{"all":"All"},"rights":{"Tickets":{"create":"All","delete":"None","query":"All","update":"None"}})";

// The one array of the object that standard output must be, beside its schema.
rapidjson::Document checks(const ProcessResult& result) {
   rapidjson::Document all;
   all.Parse(result.out);
   const bool holds_one = !all.HasParseError() && all.IsObject() && all.MemberCount() == 2;
   rapidjson::Document array(rapidjson::kArrayType);
   if (holds_one && all.HasMember("checks") && all["checks"].IsArray())
      array.CopyFrom(all["checks"], array.GetAllocator());
   else
      ADD_FAILURE() << result.out << result.err;
   return array;
}

class IntegrationLife : public testing::Test {
 protected:
   void SetUp() override {
      platform_becomes("");
      console_.enable_autotask();
      add(kGoodUser, kGoodSecret, kDefaultName);
   }

   // The platform is another one from now on, with a journal of its own.
   void platform_becomes(const std::string& scenario) {
      simulator_ = std::make_unique<sim::AutotaskSimulator>(scenario);
      console_.use(*simulator_);
   }

   void add(const std::string& user, const std::string& secret, const std::string& name) {
      console_.sign_in_as(user, secret);
      const ProcessResult added = console_.run(console_.add_arguments({"--name", name}));
      ASSERT_EQ(added.exit_code, 0) << added.out << added.err;
   }

   ProcessResult integration(std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), "integration");
      return console_.run(std::move(arguments));
   }

   rapidjson::Document show(const std::string& name = kDefaultName) {
      return document(integration({"show", name, "--json"}));
   }

   std::unique_ptr<sim::AutotaskSimulator> simulator_;
   ConsoleProgram console_;
};

TEST_F(IntegrationLife, a_disabled_one_stays_and_is_not_checked_with_the_others) {
   const ProcessResult disabled = integration({"disable", kDefaultName});
   EXPECT_EQ(disabled.exit_code, 0) << disabled.err;
   EXPECT_NE(disabled.out.find("Paused: "), std::string::npos) << disabled.out;
   EXPECT_STREQ(show()["state"].GetString(), "disabled");

   const std::size_t before = simulator_->journal().size();
   const ProcessResult all = integration({"check", "--all"});
   EXPECT_EQ(all.exit_code, 0);
   EXPECT_NE(all.out.find("no enabled integrations"), std::string::npos) << all.out;
   EXPECT_EQ(checks(integration({"check", "--all", "--json"})).Size(), 0U);
   EXPECT_EQ(simulator_->journal().size(), before);

   const auto enabled = document(integration({"enable", kDefaultName, "--json"}));
   EXPECT_STREQ(enabled["state"].GetString(), "active");
   EXPECT_EQ(checks(integration({"check", "--all", "--json"})).Size(), 1U);
   EXPECT_EQ(integration({"disable", "No such thing"}).exit_code, 8);
}

TEST_F(IntegrationLife, a_check_of_all_tells_each_and_counts_the_outcomes) {
   add("restricted@msp.example", "Throw$away#3", "Second");
   platform_becomes(with_user(kEveryRight));  // the second user is gone
   const ProcessResult all = integration({"check", "--all", "--parallel", "2"});
   EXPECT_EQ(all.exit_code, 4) << all.out << all.err;
   EXPECT_EQ(all.out.find("Integration with Autotask: active"), std::string::npos) << all.out;
   const ProcessResult verbose = integration({"check", "--all", "--verbose"});
   EXPECT_NE(verbose.out.find("Integration with Autotask: active"), std::string::npos) << verbose.out;
   EXPECT_LT(all.out.find("In order (1)"), all.out.find("Need attention (1)")) << all.out;
   EXPECT_NE(all.out.find("Second: needs sign in. "), std::string::npos) << all.out;
   EXPECT_NE(all.out.find("Checked 2 of 2: 1 active, 1 needs sign in."), std::string::npos) << all.out;
   EXPECT_EQ(show()["history"].Size(), 3U);
   EXPECT_EQ(show("Second")["history"].Size(), 2U) << "refused before, so not tried again";
}

TEST_F(IntegrationLife, refused_credentials_are_left_alone_until_somebody_asks) {
   platform_becomes(with_user(kEveryRight, "Rotated%1"));
   EXPECT_EQ(integration({"check", "--all"}).exit_code, 4);
   EXPECT_EQ(simulator_->signed_requests(), 1U);
   EXPECT_STREQ(show()["state"].GetString(), "needs_sign_in");

   const ProcessResult again = integration({"check", "--all"});
   EXPECT_EQ(again.exit_code, 4);
   EXPECT_NE(again.out.find("Not tried again"), std::string::npos) << again.out;
   EXPECT_NE(again.out.find("Checked 0 of 1: 1 not tried again"), std::string::npos) << again.out;
   const auto documents = checks(integration({"check", "--all", "--json"}));
   ASSERT_EQ(documents.Size(), 1U);
   EXPECT_STREQ(documents[0]["outcome"].GetString(), "refused");
   EXPECT_STREQ(documents[0]["steps"][1]["status"].GetString(), "skipped");
   EXPECT_EQ(simulator_->signed_requests(), 1U) << "refused credentials were sent again";

   EXPECT_EQ(integration({"check", kDefaultName}).exit_code, 4);
   EXPECT_EQ(simulator_->signed_requests(), 2U) << "asked for by its name it is tried";

   console_.environment["THE_PASSWORD"] = "Rotated%1";
   const ProcessResult edited = integration({"edit", kDefaultName, "--secret", "password=@env:THE_PASSWORD"});
   EXPECT_EQ(edited.exit_code, 0) << edited.out << edited.err;
   EXPECT_STREQ(show()["state"].GetString(), "active");
   EXPECT_EQ(integration({"check", "--all"}).exit_code, 0);
}

TEST_F(IntegrationLife, an_edit_by_which_saved_credentials_prove_refused_is_remembered) {
   platform_becomes(with_user(kEveryRight, "Rotated%1"));
   EXPECT_EQ(integration({"edit", kDefaultName, "--set", "user_name=" + std::string(kGoodUser)}).exit_code, 4);
   EXPECT_EQ(simulator_->signed_requests(), 1U);
   EXPECT_STREQ(show()["state"].GetString(), "needs_sign_in");
   EXPECT_STREQ(show()["history"][0]["purpose"].GetString(), "edit");
   EXPECT_EQ(integration({"edit", kDefaultName, "--name", "Renamed"}).exit_code, 0);
   EXPECT_STREQ(show("Renamed")["state"].GetString(), "needs_sign_in") << "another name is no other password";
   EXPECT_EQ(integration({"check", "--all"}).exit_code, 4);
   EXPECT_EQ(simulator_->signed_requests(), 1U) << "refused credentials were sent again";
}

TEST_F(IntegrationLife, what_stays_on_the_platform_is_told) {
   const auto removed = document(integration({"remove", kDefaultName, "--yes", "--json"}));
   EXPECT_STREQ(removed["removed"]["principal"].GetString(), kGoodUser);
   EXPECT_NE(std::string(removed["removed"]["remains"].GetString()).find(kGoodUser), std::string::npos);
}

TEST_F(IntegrationLife, trouble_that_passes_does_not_hide_a_refusal) {
   platform_becomes(with_user(kEveryRight, "Rotated%1"));
   EXPECT_EQ(integration({"check", kDefaultName}).exit_code, 4);
   platform_becomes(R"({"faults":[{"fault":"status","status":503}]})");
   EXPECT_EQ(integration({"check", kDefaultName}).exit_code, 6);
   EXPECT_STREQ(show()["state"].GetString(), "needs_sign_in");
   platform_becomes("");
   EXPECT_EQ(integration({"check", kDefaultName}).exit_code, 0);
   EXPECT_STREQ(show()["state"].GetString(), "active");
}

TEST_F(IntegrationLife, trouble_that_passes_is_told_apart_from_what_needs_somebody) {
   platform_becomes(R"({"faults":[{"fault":"status","status":503}]})");
   const ProcessResult unavailable = integration({"check", "--all"});
   EXPECT_EQ(unavailable.exit_code, 6) << unavailable.out;
   EXPECT_NE(unavailable.out.find("Could not be checked now (1) - try again later"), std::string::npos)
       << unavailable.out;
   EXPECT_EQ(unavailable.out.find("Need attention"), std::string::npos) << unavailable.out;
   EXPECT_STREQ(show()["state"].GetString(), "active") << "what was found before still stands";
   EXPECT_STREQ(show()["not_checked"]["outcome"].GetString(), "unavailable");

   platform_becomes(with_user(kNoTicketUpdates));
   const ProcessResult denied = integration({"check", "--all"});
   EXPECT_EQ(denied.exit_code, 5) << denied.out;
   EXPECT_NE(denied.out.find("needs attention"), std::string::npos) << denied.out;
   EXPECT_STREQ(show()["state"].GetString(), "needs_attention");
   EXPECT_EQ(integration({"check", "--all"}).exit_code, 5) << "a missing right is asked about again";
   EXPECT_EQ(simulator_->signed_requests(), 2U);
}

TEST_F(IntegrationLife, what_is_granted_otherwise_than_at_saving_is_shown) {
   EXPECT_EQ(show()["drift"].Size(), 0U);
   platform_becomes(with_user(kNoTicketUpdates));
   const auto check = document(integration({"check", kDefaultName, "--json"}));
   ASSERT_EQ(check["integration"]["drift"].Size(), 1U);
   EXPECT_STREQ(check["integration"]["drift"][0]["permission"].GetString(), "tickets.update");
   EXPECT_STREQ(check["integration"]["drift"][0]["at_saving"].GetString(), "all");
   EXPECT_STREQ(check["integration"]["drift"][0]["now"].GetString(), "none");
   EXPECT_NE(integration({"check", kDefaultName}).out.find("granted, now not granted"), std::string::npos);

   // What cannot be learned now is no drift; what was learned last is still shown.
   platform_becomes(R"({"faults":[{"fault":"reset"}]})");
   EXPECT_EQ(document(integration({"check", kDefaultName, "--json"}))["integration"]["drift"].Size(), 0U);
   EXPECT_EQ(show()["drift"].Size(), 1U);
   const ProcessResult people = integration({"show", kDefaultName});
   EXPECT_NE(people.out.find("Changed since it was saved"), std::string::npos) << people.out;
   EXPECT_NE(people.out.find("granted, now not granted"), std::string::npos) << people.out;

   platform_becomes("");
   EXPECT_EQ(integration({"check", kDefaultName}).exit_code, 0);
   EXPECT_EQ(show()["drift"].Size(), 0U);
}

TEST_F(IntegrationLife, more_than_at_saving_is_drift_too) {
   add("restricted@msp.example", "Throw$away#3", "Second");
   platform_becomes(R"({"users":[{"login":"restricted@msp.example","secret":"Throw$away#3",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"default_rights":{"all":"All"}}]})");
   const auto check = document(integration({"check", "Second", "--json"}));
   ASSERT_GT(check["integration"]["drift"].Size(), 0U);
   EXPECT_STREQ(check["integration"]["drift"][0]["at_saving"].GetString(), "restricted");
   EXPECT_STREQ(check["integration"]["drift"][0]["now"].GetString(), "all");
}

TEST_F(IntegrationLife, without_its_plugin_it_is_shown_disabled_and_removed) {
   console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = console_.directory().string() + "/empty";
   std::filesystem::create_directory(console_.directory() / "empty");
   std::filesystem::remove_all(console_.data_dir() / "plugins");
   EXPECT_STREQ(show()["state"].GetString(), "needs_attention");
   EXPECT_EQ(integration({"check", "--all"}).exit_code, 9);
   EXPECT_EQ(integration({"disable", kDefaultName}).exit_code, 0);
   EXPECT_EQ(integration({"remove", kDefaultName, "--yes"}).exit_code, 0);
}

TEST_F(IntegrationLife, what_to_check_has_to_be_said) {
   EXPECT_EQ(integration({"check"}).exit_code, 2);
   EXPECT_EQ(integration({"check", kDefaultName, "--all"}).exit_code, 2);
   EXPECT_EQ(integration({"check", "--all", "--parallel", "0"}).exit_code, 2);
   EXPECT_EQ(integration({"check", kDefaultName, "--parallel", "2"}).exit_code, 2);
}

}  // namespace
