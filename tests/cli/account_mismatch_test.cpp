// Saved settings that lead to another account or user than they did, and what others do to an integration meanwhile.
#include <gtest/gtest.h>

#include "console_program.hpp"
#include "core/console.hpp"
#include "test_support/runner.hpp"
#include "tests/store/plain_sqlite.hpp"

using namespace msp;
using namespace msp::console;

namespace {

constexpr const char* kOther = "other@msp.example";

// Two users, each of a tenant.
std::string tenants(unsigned first, unsigned second = 502, const std::string& secret = "Throw$away#1") {
   const auto user = [&](const std::string& login, unsigned number) {
      return R"({"login":")" + login + R"(","secret":")" + secret + R"(","ci":)" + std::to_string(number) +
             R"(,"integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"default_rights":{"all":"All"}})";
   };
   return R"({"users":[)" + user(test::kGoodUser, first) + "," + user(kOther, second) + "]}";
}

host::Settings settings(const std::map<std::string, std::string>& values,
                        const std::map<std::string, std::string>& secrets) {
   host::Settings made;
   for (const auto& [field, value] : values) made.values[field] = value;
   for (const auto& [field, secret] : secrets) made.secrets[field] = host::SecretBytes(secret);
   return made;
}

const std::map<std::string, std::string> kSecrets = {{"password", "Throw$away#1"}, {"integration_code", test::kCode}};

bool has(const CheckedIntegration& checked, std::string_view code) { return has_error(checked.report, code); }

// A console whose platform can become another one.
class AccountMismatch : public testing::Test {
 protected:
   AccountMismatch() { program_.enable_autotask(); }

   void platform_becomes(const std::string& scenario) {
      platform_ = std::make_unique<sim::AutotaskSimulator>(scenario);
      open(*platform_);
   }

   std::int64_t add(const std::string& user = test::kGoodUser, const std::string& name = "One") {
      const auto added = integrations().add({"autotask", name, settings({{"user_name", user}}, kSecrets)}, {});
      EXPECT_TRUE(added.integration.saved) << added.to_json();
      return added.integration.id;
   }

   Integrations& integrations() { return console_->integrations(); }
   IntegrationRecord saved(std::int64_t id) { return *console_->store().integration(id); }

   std::unique_ptr<Console> console_;
   std::unique_ptr<sim::AutotaskSimulator> platform_;
   test::ConsoleProgram program_;

 private:
   void open(const sim::Simulator& simulator) {
      ConsoleOptions options;
      options.plugin_dirs = {MSP_PLUGIN_DIRECTORY};
      options.runner = test_support::runner();
      options.data_dir = program_.data_dir();
      options.network.ca_file = simulator.ca_file();
      options.network.connect_to = simulator.connect_to();
      console_ = std::make_unique<Console>(options);
   }
};

TEST_F(AccountMismatch, a_check_that_finds_another_account_is_a_conflict_and_known_from_then_on) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   platform_becomes(tenants(777));
   const auto checked = integrations().check(id, {});
   EXPECT_EQ(checked.report.outcome, host::Outcome::conflict);
   EXPECT_TRUE(has(checked, "account.mismatch"));
   EXPECT_FALSE(checked.report.session) << "nobody works with the other account";
   EXPECT_EQ(saved(id).identity.account, "501");
   EXPECT_EQ(saved(id).last_check->outcome, "conflict");
   EXPECT_NE(saved(id).last_check->codes.find("account.mismatch"), std::string::npos);
   const auto view = *integrations().find(id);
   EXPECT_EQ(view.state, IntegrationState::needs_attention);
   EXPECT_EQ(view.reason, "At the last check the credentials belonged to another account or user.");

   std::vector<host::Outcome> outcomes;
   integrations().check_all(
       {}, [&](const CheckedIntegration& each, std::size_t) { outcomes.push_back(each.report.outcome); });
   EXPECT_EQ(outcomes, std::vector{host::Outcome::conflict}) << "a check of all says the same";
   program_.use(*platform_);
   EXPECT_EQ(program_.run({"integration", "check", "One"}).exit_code, 7);

   platform_becomes(tenants(501));
   EXPECT_EQ(integrations().check(id, {}).report.outcome, host::Outcome::accepted);
}

TEST_F(AccountMismatch, a_check_that_finds_another_user_of_the_same_account_is_a_conflict) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   test::run_sql(program_.data_dir() / "console.db", "UPDATE integrations SET principal = 'former@msp.example'");
   const auto checked = integrations().check(id, {});
   EXPECT_EQ(checked.report.outcome, host::Outcome::conflict) << checked.to_json();
   EXPECT_TRUE(has(checked, "account.mismatch"));
   EXPECT_EQ(checked.report.identity->account, saved(id).identity.account) << "only the user differs";
   EXPECT_EQ(saved(id).identity.principal, "former@msp.example");
   EXPECT_EQ(saved(id).last_check->principal, test::kGoodUser) << "the history tells who was signed in";
}

TEST_F(AccountMismatch, an_edit_that_names_another_account_with_its_secrets_is_saved) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   const auto edited =
       integrations().edit(id, {.name = {}, .settings = settings({{"user_name", kOther}}, kSecrets)}, {});
   EXPECT_EQ(edited.report.outcome, host::Outcome::accepted) << edited.to_json();
   EXPECT_TRUE(edited.integration.saved);
   EXPECT_EQ(saved(id).identity.account, "502");
   EXPECT_EQ(saved(id).identity.principal, kOther);
}

TEST_F(AccountMismatch, an_edit_that_only_changes_a_secret_and_meets_another_account_is_refused) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   const IntegrationRecord before = saved(id);
   platform_becomes(tenants(777, 502, "Rotated%1"));
   const auto edited = integrations().edit(id, {.name = {}, .settings = settings({}, {{"password", "Rotated%1"}})}, {});
   EXPECT_EQ(edited.report.outcome, host::Outcome::conflict) << edited.to_json();
   EXPECT_TRUE(has(edited, "account.mismatch"));
   EXPECT_FALSE(edited.integration.saved);
   EXPECT_EQ(saved(id).identity.account, "501");
   EXPECT_EQ(saved(id).revision, before.revision);
   EXPECT_EQ(saved(id).secrets.at("password").sealed, before.secrets.at("password").sealed);
   platform_becomes(tenants(501));
   EXPECT_EQ(integrations().check(id, {}).report.outcome, host::Outcome::accepted) << "the old settings still serve";
}

TEST_F(AccountMismatch, an_edit_may_lead_to_another_user_of_the_same_account_but_not_to_one_that_is_connected) {
   platform_becomes(tenants(501, 501));
   const std::int64_t first = add();
   const auto user = [](const char* name) {
      return Edit{.name = {}, .settings = settings({{"user_name", name}}, kSecrets)};
   };
   EXPECT_EQ(integrations().edit(first, user(kOther), {}).report.outcome, host::Outcome::accepted);
   EXPECT_EQ(saved(first).identity.principal, kOther);
   EXPECT_EQ(saved(first).identity.account, "501");
   EXPECT_EQ(integrations().check(first, {}).report.outcome, host::Outcome::accepted);

   const std::int64_t second = add(test::kGoodUser, "Two");
   const auto taken = integrations().edit(second, user(kOther), {});
   EXPECT_EQ(taken.report.outcome, host::Outcome::conflict);
   EXPECT_TRUE(has(taken, "account.already_connected"));
   EXPECT_EQ(saved(second).identity.principal, test::kGoodUser);
}

TEST_F(AccountMismatch, a_name_may_be_200_bytes_long_and_not_one_more) {
   platform_becomes(tenants(501));
   const std::string longest = "\u00DC" + std::string(198, 'n');  // 199 letters
   const std::int64_t id = add(test::kGoodUser, longest);
   EXPECT_EQ(saved(id).name, longest);
   const auto renamed = integrations().edit(id, {.name = longest + "n", .settings = {}}, {});
   EXPECT_EQ(renamed.report.outcome, host::Outcome::invalid_settings);
   EXPECT_TRUE(has(renamed, "input.too_long"));
   const auto added = integrations().add({"autotask", longest + "n", settings({{"user_name", kOther}}, kSecrets)}, {});
   EXPECT_EQ(added.report.outcome, host::Outcome::invalid_settings);
   EXPECT_TRUE(has(added, "input.too_long"));
   EXPECT_EQ(saved(id).name, longest);
}

// Meanwhile somebody else takes the name, or the account.
TEST_F(AccountMismatch, what_was_taken_during_a_check_is_a_conflict) {
   platform_becomes(tenants(501, 502));
   const std::int64_t first = add();
   const auto meanwhile = [&](const std::function<void()>& act) {
      host::CheckOptions options;
      options.on_event = [act](const host::CheckEvent& event) {
         if (event.kind == host::CheckEvent::Kind::step_ended && event.step == "authenticate") act();
      };
      return options;
   };
   const auto name_taken =
       integrations().add({"autotask", "Two", settings({{"user_name", kOther}}, kSecrets)},
                          meanwhile([&] { integrations().edit(first, {.name = "Two", .settings = {}}, {}); }));
   EXPECT_EQ(name_taken.report.outcome, host::Outcome::conflict);
   EXPECT_TRUE(has(name_taken, "name.duplicate")) << name_taken.to_json();
   EXPECT_FALSE(name_taken.integration.saved);

   const auto account_taken = integrations().add({"autotask", "Three", settings({{"user_name", kOther}}, kSecrets)},
                                                 meanwhile([&] { add(kOther, "Four"); }));
   EXPECT_EQ(account_taken.report.outcome, host::Outcome::conflict);
   EXPECT_TRUE(has(account_taken, "account.already_connected"));

   const Edit rename{.name = "Five", .settings = settings({}, {{"password", "Throw$away#1"}})};
   const std::int64_t fourth = integrations().find("Four")->record.id;
   const auto edit_name_taken =
       integrations().edit(first, {.name = rename.name, .settings = rename.settings.copy()},
                           meanwhile([&] { integrations().edit(fourth, {.name = "Five", .settings = {}}, {}); }));
   EXPECT_EQ(edit_name_taken.report.outcome, host::Outcome::conflict);
   EXPECT_TRUE(has(edit_name_taken, "name.duplicate"));
   EXPECT_EQ(saved(first).name, "Two");

   // The later of two edits would undo the other.
   const auto changed = integrations().edit(
       first, {.name = {}, .settings = rename.settings.copy()}, meanwhile([&] {
          EXPECT_TRUE(
              integrations().edit(first, {.name = {}, .settings = rename.settings.copy()}, {}).integration.saved);
       }));
   EXPECT_EQ(changed.report.outcome, host::Outcome::conflict);
   EXPECT_TRUE(has(changed, "integration.changed")) << changed.to_json();
   EXPECT_FALSE(changed.integration.saved);

   // Who renames it meanwhile is not undone by an edit of something else.
   const auto renamed =
       integrations().edit(first, {.name = {}, .settings = rename.settings.copy()},
                           meanwhile([&] { integrations().edit(first, {.name = "Six", .settings = {}}, {}); }));
   EXPECT_EQ(saved(first).name, "Six") << renamed.to_json();
}

TEST_F(AccountMismatch, what_happens_to_an_integration_during_an_edit_is_not_undone_by_it) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   const auto edit_while = [&](const std::function<void()>& meanwhile) {
      host::CheckOptions options;
      options.on_event = [&](const host::CheckEvent& event) {
         if (event.kind == host::CheckEvent::Kind::step_ended && event.step == "authenticate") meanwhile();
      };
      return integrations().edit(id, {.name = {}, .settings = settings({}, {{"password", "Throw$away#1"}})}, options);
   };
   EXPECT_TRUE(edit_while([&] { integrations().set_enabled(id, false); }).integration.saved);
   EXPECT_FALSE(saved(id).enabled) << "who disabled it wanted it disabled";
   EXPECT_TRUE(edit_while([&] { integrations().set_enabled(id, true); }).integration.saved);
   EXPECT_TRUE(saved(id).enabled);
   const auto removed = edit_while([&] { integrations().remove(id); });
   EXPECT_EQ(removed.report.outcome, host::Outcome::failed);
   EXPECT_TRUE(has(removed, "integration.missing"));
   EXPECT_FALSE(removed.integration.saved);
   EXPECT_FALSE(console_->store().integration(id)) << "an edit brings nothing back";
}

// Whatever a check finds with settings that are no longer the integration's says nothing of the integration.
TEST_F(AccountMismatch, what_a_check_finds_with_former_settings_is_told_and_not_kept) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   const auto check_while = [&](const std::function<void()>& meanwhile) {
      host::CheckOptions options;
      options.on_event = [&](const host::CheckEvent& event) {
         if (event.kind == host::CheckEvent::Kind::step_ended && event.step == "authenticate") meanwhile();
      };
      return integrations().check(id, options);
   };
   const auto history = [&] { return console_->store().checks(id).size(); };
   const auto edit = [&] {
      EXPECT_TRUE(integrations()
                      .edit(id, {.name = {}, .settings = settings({{"user_name", kOther}}, kSecrets)}, {})
                      .integration.saved);
   };
   const auto tells = [](const CheckedIntegration& checked) {
      return std::ranges::any_of(checked.report.findings,
                                 [](const auto& one) { return one.code == "integration.changed"; });
   };

   std::size_t before = history();
   EXPECT_TRUE(tells(check_while(edit)));
   EXPECT_EQ(history(), before + 1) << "that of the edit";
   EXPECT_EQ(saved(id).last_check->principal, kOther);
   EXPECT_EQ(saved(id).last_check->purpose, "edit");

   // A name, and whether it is in use, are no settings.
   for (const std::function<void()>& other :
        {std::function<void()>([&] { integrations().edit(id, {.name = "Two", .settings = {}}, {}); }),
         std::function<void()>([&] { integrations().set_enabled(id, false); }),
         std::function<void()>([&] { integrations().set_enabled(id, true); })}) {
      before = history();
      EXPECT_FALSE(tells(check_while(other)));
      EXPECT_EQ(history(), before + 1);
   }
   EXPECT_EQ(saved(id).name, "Two");
   EXPECT_TRUE(tells(check_while([&] { integrations().remove(id); })));
   EXPECT_TRUE(console_->store().integrations().empty());
}

TEST_F(AccountMismatch, what_is_disabled_while_it_waits_to_be_checked_again_is_left_alone) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   platform_becomes(R"({"faults":[{"match":{"path":"/ATServicesRest/V1.0/EntityInformation"},
      "fault":"status","status":429}],)" +
                    tenants(501).substr(1));
   const std::size_t before = platform_->signed_requests();
   std::size_t told = 0;
   std::size_t asked_to_wait = 0;
   CheckAllOptions options;
   options.pause.now = [] { return std::chrono::steady_clock::time_point(std::chrono::hours(1)); };
   options.pause.until = [&](std::chrono::steady_clock::time_point time, const std::stop_token&) {
      if (time <= options.pause.now()) return;
      ++asked_to_wait;
      integrations().set_enabled(id, false);
   };
   integrations().check_all(options, [&](const CheckedIntegration& checked, std::size_t) {
      ++told;
      EXPECT_EQ(checked.report.outcome, host::Outcome::throttled);
   });
   EXPECT_EQ(asked_to_wait, 1U);
   EXPECT_EQ(told, 1U) << "what the first check found is told";
   EXPECT_EQ(platform_->signed_requests(), before + 1);
}

TEST_F(AccountMismatch, what_is_known_of_refused_credentials_outlives_disabling) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   platform_becomes(tenants(501, 502, "Rotated%1"));
   EXPECT_EQ(integrations().check(id, {}).report.outcome, host::Outcome::refused);
   integrations().set_enabled(id, false);
   integrations().set_enabled(id, true);
   EXPECT_TRUE(saved(id).refused_at);
   const std::size_t before = platform_->journal().size();
   integrations().check_all({}, [](const CheckedIntegration& checked, std::size_t) { EXPECT_FALSE(checked.tried); });
   EXPECT_EQ(platform_->journal().size(), before);
}

TEST_F(AccountMismatch, an_edit_moves_the_time_of_the_secret_that_was_typed_and_of_no_other) {
   platform_becomes(tenants(501));
   const std::int64_t id = add();
   test::run_sql(program_.data_dir() / "console.db", "UPDATE settings SET set_at = 1000");
   const auto set_at = [&](const char* secret) { return saved(id).secrets.at(secret).set_at; };

   // Empty means: keep.
   auto edited = integrations().edit(
       id, {.name = {}, .settings = settings({}, {{"password", "Throw$away#1"}, {"integration_code", ""}})}, {});
   EXPECT_TRUE(edited.integration.saved);
   EXPECT_GT(set_at("password"), 1000);
   EXPECT_EQ(set_at("integration_code"), 1000);
   EXPECT_EQ(saved(id).values.at("user_name").set_at, 1000);

   test::run_sql(program_.data_dir() / "console.db", "UPDATE settings SET set_at = 1000");
   edited = integrations().edit(id, {.name = {}, .settings = settings({}, {{"integration_code", test::kCode}})}, {});
   EXPECT_TRUE(edited.integration.saved);
   EXPECT_EQ(set_at("password"), 1000);
   EXPECT_GT(set_at("integration_code"), 1000);

   const auto shown = test::document(program_.run({"integration", "show", "One", "--json"}));
   for (const auto& secret : shown["secrets"].GetArray()) {
      const bool typed = std::string(secret["field"].GetString()) == "integration_code";
      EXPECT_EQ(std::string(secret["set_at"].GetString()) == "1970-01-01T00:16:40Z", !typed);
   }
}

}  // namespace
