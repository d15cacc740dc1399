// What was saved before an update of the plugin gave its fields other names.
#include "core/renamed_fields.hpp"

#include <gtest/gtest.h>

#include "test_support/temp_dir.hpp"
#include "vault/vault.hpp"

namespace msp::console {
namespace {

host::Field field(const std::string& id, host::FieldKind kind, std::vector<std::string> was = {}) {
   host::Field result;
   result.id = id;
   result.kind = kind;
   result.was = std::move(was);
   return result;
}

host::Manifest form(std::vector<host::Field> fields) {
   host::Manifest manifest;
   manifest.fields = std::move(fields);
   return manifest;
}

class RenamedFields : public testing::Test {
 protected:
   // Saves an integration with these values and secrets.
   IntegrationRecord save(const std::map<std::string, std::string>& values,
                          const std::map<std::string, std::string>& secrets) {
      IntegrationRecord record;
      record.name = "One";
      record.platform = "desk";
      record.identity = {"1", "", "ada", ""};
      for (const auto& [id, value] : values) record.values[id] = {value, false, 1};
      Store::Change change(store_);
      auto sealer = vault_.sealer(change);
      record.id = change.insert(record);
      for (const auto& [id, secret] : secrets)
         record.secrets[id] = sealer.value().seal(record, id, host::SecretBytes(secret));
      change.replace_settings(record);
      change.commit();
      return *store_.integration(record.id);
   }

   std::string open(const IntegrationRecord& record, const std::string& id) {
      auto opened = vault_.open(record, id);
      return opened ? std::string(opened.value().view()) : opened.finding().code;
   }

   test_support::TempDir directory_;
   Store store_{directory_.path()};
   Vault vault_{store_, KeySource(directory_.path(), {}), [] { return std::int64_t{1}; }};
};

constexpr auto kText = host::FieldKind::text;
constexpr auto kSecret = host::FieldKind::secret;

TEST_F(RenamedFields, values_and_secrets_are_found_under_their_present_names_and_the_seals_hold) {
   const auto saved = save({{"server", "one"}, {"user", "ada"}}, {{"token", "the token"}, {"pin", "the pin"}});
   const auto now = under_present_names(saved, form({field("address", kText, {"host", "server"}), field("user", kText),
                                                     field("api_key", kSecret, {"token"}), field("pin", kSecret)}));
   EXPECT_EQ(now.values.at("address").value, "one");
   EXPECT_EQ(now.values.at("user").value, "ada");
   EXPECT_FALSE(now.values.contains("server"));
   EXPECT_FALSE(now.secrets.contains("token"));
   EXPECT_EQ(open(now, "api_key"), "the token");
   EXPECT_EQ(open(now, "pin"), "the pin") << "its seal holds the names of the values, too";
   const auto further = under_present_names(now, form({field("key", kSecret, {"api_key", "token"})}));
   EXPECT_EQ(open(further, "key"), "the token") << "renamed once more";
}

TEST_F(RenamedFields, the_store_stays_as_it_was_so_that_the_former_version_still_finds_it) {
   const auto saved = save({{"server", "one"}}, {{"token", "the token"}});
   const auto now = under_present_names(saved, form({field("api_key", kSecret, {"token"})}));
   ASSERT_TRUE(vault_.rotate());
   EXPECT_EQ(open(now, "api_key"), "the token") << "sealed again under its former name since it was read";
   EXPECT_EQ(open(*store_.integration(saved.id), "token"), "the token");
}

TEST_F(RenamedFields, where_both_names_have_something_the_present_one_counts_then_the_newest) {
   const auto saved = save({{"a", "oldest"}, {"b", "newer"}, {"c", "present"}}, {{"s", "old"}, {"t", "new"}});
   const auto both = under_present_names(saved, form({field("c", kText, {"b", "a"}), field("t", kSecret, {"s"})}));
   EXPECT_EQ(both.values.at("c").value, "present");
   EXPECT_EQ(both.values.size(), 1U);
   EXPECT_EQ(open(both, "t"), "new");
   EXPECT_EQ(both.secrets.size(), 1U);
   const auto newest = under_present_names(saved, form({field("d", kText, {"b", "a"})}));
   EXPECT_EQ(newest.values.at("d").value, "newer");
}

TEST_F(RenamedFields, a_secret_never_becomes_a_value_that_is_shown) {
   const auto saved = save({{"name", "ada"}}, {{"token", "the token"}});
   const auto now =
       under_present_names(saved, form({field("shown", kText, {"token"}), field("hidden", kSecret, {"name"})}));
   EXPECT_FALSE(now.values.contains("shown"));
   EXPECT_FALSE(now.secrets.contains("hidden"));
   EXPECT_EQ(open(now, "token"), "the token");
}

}  // namespace
}  // namespace msp::console
