#include "core/settings_merge.hpp"

#include <gtest/gtest.h>

using namespace msp;
using namespace msp::console;

namespace {

// An address, two ways to sign in, and a code that the console may supply.
host::Manifest form() {
   const auto made = host::parse_manifest(R"({
     "manifest": 1, "id": "example", "name": "Example", "version": "1.0.0", "vendor": "Tests",
     "abi": { "major": 1, "minor_min": 0 }, "network": { "hosts": [], "hosts_from": ["server"] },
     "fields": [
       { "id": "server", "label": "Server", "kind": "url", "required": true, "identity": true },
       { "id": "method", "label": "Method", "kind": "choice", "required": true, "default": "token",
         "choices": [ { "value": "token", "label": "Token" }, { "value": "password", "label": "Password" } ] },
       { "id": "token", "label": "Token", "kind": "secret", "required": true,
         "visible_when": { "field": "method", "is": ["token"] } },
       { "id": "password", "label": "Password", "kind": "secret", "required": true,
         "visible_when": { "field": "method", "is": ["password"] } },
       { "id": "code", "label": "Code", "kind": "secret", "required": true, "preset": true } ],
     "permissions": [] })");
   EXPECT_TRUE(made) << (made ? "" : made.finding().summary);
   return made ? made.value() : host::Manifest{};
}

IntegrationRecord saved() {
   IntegrationRecord record;
   record.values["server"] = {"https://one.example", false, 1};
   record.values["method"] = {"password", false, 1};
   record.secrets["password"] = {"sealed password", 1, false, 1};
   record.secrets["code"] = {"sealed code", 1, true, 1};
   return record;
}

host::Result<host::SecretBytes> open_all(const IntegrationRecord& record, const std::string& field) {
   return host::SecretBytes("opened " + record.secrets.at(field).sealed);
}

std::string secret(const MergedSettings& merged, const std::string& field) {
   const auto found = merged.settings.secrets.find(field);
   return found == merged.settings.secrets.end() ? "(none)" : std::string(found->second.view());
}

host::Settings typed(std::map<std::string, std::string, std::less<>> values) { return {std::move(values), {}}; }

TEST(SettingsMerge, saved_settings_serve_as_they_are) {
   const IntegrationRecord before = saved();
   const auto merged = merge_settings(form(), {}, &before, {}, open_all);
   EXPECT_EQ(merged.settings.values.at("server"), "https://one.example");
   EXPECT_EQ(secret(merged, "password"), "opened sealed password");
   EXPECT_EQ(secret(merged, "code"), "opened sealed code");
   EXPECT_TRUE(merged.from_preset.contains("code"));
   EXPECT_TRUE(missing_fields(form(), {}, &before, {}).empty());
}

TEST(SettingsMerge, another_way_to_sign_in_leaves_the_old_secret_behind) {
   const IntegrationRecord before = saved();
   host::Settings edit = typed({{"method", "token"}});
   const auto missing = missing_fields(form(), {}, &before, edit);
   ASSERT_EQ(missing.size(), 1U);
   EXPECT_EQ(missing[0].id, "token");
   edit.secrets["token"] = host::SecretBytes("new token");
   const auto merged = merge_settings(form(), {}, &before, std::move(edit), open_all);
   EXPECT_FALSE(merged.account_changes);
   EXPECT_EQ(secret(merged, "token"), "new token");
   EXPECT_EQ(secret(merged, "password"), "(none)");
}

TEST(SettingsMerge, no_saved_secret_goes_to_another_address) {
   const IntegrationRecord before = saved();
   const auto never = [](const IntegrationRecord&, const std::string& field) -> host::Result<host::SecretBytes> {
      ADD_FAILURE() << field << " was opened";
      return host::SecretBytes("");
   };
   const auto merged = merge_settings(form(), {}, &before, typed({{"server", "https://two.example"}}), never);
   EXPECT_TRUE(merged.account_changes);
   EXPECT_TRUE(merged.settings.secrets.empty());
   EXPECT_TRUE(merged.to_type_again.contains("password"));
   EXPECT_TRUE(merged.to_type_again.contains("code"));
}

TEST(SettingsMerge, the_same_address_typed_again_is_no_change) {
   const IntegrationRecord before = saved();
   const auto merged = merge_settings(form(), {}, &before, typed({{"server", " https://one.example "}}), open_all);
   EXPECT_FALSE(merged.account_changes);
   EXPECT_EQ(secret(merged, "password"), "opened sealed password");
}

// A tenant within the server: it may be left out, and then it is "main".
host::Manifest form_with_tenant() {
   host::Manifest manifest = form();
   host::Field tenant;
   tenant.id = "tenant";
   tenant.label = "Tenant";
   tenant.kind = host::FieldKind::text;
   tenant.identity = true;
   tenant.default_value = "main";
   manifest.fields.insert(manifest.fields.begin() + 2, tenant);
   return manifest;
}

TEST(SettingsMerge, a_field_that_says_which_account_counts_also_when_it_may_be_left_out) {
   const struct {
      const char* saved;  // nullptr: left out
      const char* typed;
      bool changes;
   } cases[] = {
       {"main", nullptr, false}, {"main", "", false},      {"main", " ", false},      {"main", " main ", false},
       {"main", "other", true},  {"main", "Main", true},   {"other", nullptr, false}, {"other", "other ", false},
       {"other", "", true},      {"other", "main", true},  {nullptr, nullptr, false}, {nullptr, "", false},
       {nullptr, "main", false}, {nullptr, "other", true}, {"", "main", false},       {"", nullptr, false}};
   for (const auto& one : cases) {
      SCOPED_TRACE(std::string(one.saved ? one.saved : "(none)") + " -> " + (one.typed ? one.typed : "(none)"));
      IntegrationRecord before = saved();
      if (one.saved) before.values["tenant"] = {one.saved, false, 1};
      host::Settings edit;
      if (one.typed) edit.values["tenant"] = one.typed;
      const auto merged = merge_settings(form_with_tenant(), {}, &before, std::move(edit), open_all);
      EXPECT_EQ(merged.account_changes, one.changes);
      EXPECT_EQ(secret(merged, "password"), one.changes ? "(none)" : "opened sealed password");
      EXPECT_EQ(merged.to_type_again.contains("password"), one.changes);
   }
}

TEST(SettingsMerge, a_field_that_says_which_account_counts_only_while_it_is_seen) {
   host::Manifest manifest = form_with_tenant();
   manifest.fields[2].visible_when = {{"method", {"password"}}};
   IntegrationRecord before = saved();
   before.values["tenant"] = {"other", false, 1};
   EXPECT_TRUE(merge_settings(manifest, {}, &before, typed({{"method", "token"}}), open_all).account_changes)
       << "it is not sent any more, and that is another account";
   before.values["method"].value = "token";
   EXPECT_FALSE(merge_settings(manifest, {}, &before, typed({{"tenant", "third"}}), open_all).account_changes)
       << "nobody sees it";
}

TEST(SettingsMerge, an_empty_secret_keeps_the_saved_one) {
   const IntegrationRecord before = saved();
   host::Settings edit;
   edit.secrets["password"] = host::SecretBytes("");
   EXPECT_EQ(secret(merge_settings(form(), {}, &before, std::move(edit), open_all), "password"),
             "opened sealed password");
}

TEST(SettingsMerge, a_newer_preset_replaces_the_saved_copy_but_nothing_that_was_typed) {
   Presets presets;
   presets.add("example", "code", host::SecretBytes("newer code"));
   presets.add("example", "password", host::SecretBytes("no preset field"));
   IntegrationRecord before = saved();
   EXPECT_EQ(secret(merge_settings(form(), presets, &before, {}, open_all), "code"), "newer code");
   EXPECT_EQ(secret(merge_settings(form(), presets, &before, {}, open_all), "password"), "opened sealed password");
   before.secrets["code"].from_preset = false;
   EXPECT_EQ(secret(merge_settings(form(), presets, &before, {}, open_all), "code"), "opened sealed code");
}

TEST(SettingsMerge, a_secret_that_does_not_open_is_a_finding_of_its_field) {
   const IntegrationRecord before = saved();
   const auto closed = [](const IntegrationRecord&, const std::string&) -> host::Result<host::SecretBytes> {
      return host::Finding{"host.secret_unreadable", "It does not open.", "Enter it again."};
   };
   const auto merged = merge_settings(form(), {}, &before, {}, closed);
   ASSERT_EQ(merged.findings.size(), 2U);
   EXPECT_EQ(merged.findings[0].field, "password");
   EXPECT_EQ(merged.findings[0].code, "host.secret_unreadable");
}

TEST(SettingsMerge, a_new_integration_lacks_what_is_visible_and_required) {
   const auto missing = missing_fields(form(), {}, nullptr, {});
   ASSERT_EQ(missing.size(), 3U);
   EXPECT_EQ(missing[0].id, "server");
   EXPECT_EQ(missing[1].id, "token");
   EXPECT_EQ(missing[2].id, "code");
}

}  // namespace
