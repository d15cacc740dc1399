#include "vault/vault.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "test_support/temp_dir.hpp"
#include "tests/store/plain_sqlite.hpp"

using namespace msp;
using namespace msp::console;
using test_support::TempDir;

namespace {

// A store with a vault, as two starts of one console would see it.
class VaultTest : public testing::Test {
 protected:
   Vault vault(const std::filesystem::path& credentials = {}) {
      return {store_, KeySource(directory_.path(), credentials), [] { return std::int64_t{1}; }};
   }

   // Saves an integration with an address and one secret; returns its id.
   static std::int64_t save(Store& store, Vault& with, const std::string& name, const std::string& secret) {
      IntegrationRecord record;
      record.name = name;
      record.platform = "kaseya_vsa";
      record.identity = {"1", "", name, ""};
      record.values["server"] = {"https://vsa.example.com", false, 1};
      record.values["user_name"] = {name, false, 1};
      Store::Change change(store);
      auto sealer = with.sealer(change);
      EXPECT_TRUE(sealer);
      record.id = change.insert(record);
      record.secrets["password"] = sealer.value().seal(record, "password", host::SecretBytes(secret));
      change.replace_settings(record);
      change.commit();
      return record.id;
   }
   std::int64_t save(const std::string& name, const std::string& secret) {
      Vault with = vault();
      return save(store_, with, name, secret);
   }

   // The secret, or why it does not open.
   static std::string open(Store& store, Vault& with, std::int64_t id) {
      auto opened = with.open(*store.integration(id), "password");
      return opened ? std::string(opened.value().view()) : opened.finding().code + ": " + opened.finding().summary;
   }
   std::string open(Vault& with, std::int64_t id) { return open(store_, with, id); }

   [[nodiscard]] std::filesystem::path key_file() const { return directory_.path() / "key-encryption.key"; }

   TempDir directory_;
   Store store_{directory_.path()};
};

TEST_F(VaultTest, a_secret_opens_after_a_restart) {
   const std::int64_t id = save("One", "Throw$away#1");
   Vault after = vault();
   EXPECT_EQ(open(after, id), "Throw$away#1");
}

TEST_F(VaultTest, the_key_file_is_made_private_at_first_use_and_not_before) {
   Vault first = vault();
   EXPECT_FALSE(std::filesystem::exists(key_file()));
   ASSERT_TRUE(first.prepare());
   struct stat status {};
   ASSERT_EQ(::stat(key_file().c_str(), &status), 0);
   EXPECT_EQ(status.st_mode & 07777, 0600U);
}

// What somebody who can write the database could do to have a secret sent elsewhere.
TEST_F(VaultTest, a_secret_opens_only_in_the_row_and_among_the_settings_that_it_was_saved_with) {
   const std::vector<std::pair<std::string, std::string>> changes = {
       {"another address", "UPDATE settings SET value = 'https://evil.example' WHERE field = 'server'"},
       {"no address", "DELETE FROM settings WHERE field = 'server'"},
       {"another user", "UPDATE settings SET value = 'somebody' WHERE field = 'user_name'"},
       {"one more setting",
        "INSERT INTO settings (integration, field, value, from_preset, set_at) SELECT id, 'proxy', 'evil', 0, 1 "
        "FROM integrations"},
       {"another platform", "UPDATE integrations SET platform = 'evil'"},
       {"values swapped",
        "UPDATE settings SET field = 'x' WHERE field = 'server'; UPDATE settings SET field = 'server' WHERE field = "
        "'user_name'; UPDATE settings SET field = 'user_name' WHERE field = 'x'"},
       {"secrets swapped",
        "CREATE TEMP TABLE had AS SELECT * FROM settings; UPDATE settings SET sealed = (SELECT sealed FROM had WHERE "
        "had.integration = 3 - settings.integration AND had.field = 'password') WHERE field = 'password'"},
       {"settings swapped",
        "UPDATE settings SET integration = -integration; "
        "UPDATE settings SET integration = 3 + integration"},
       {"a changed secret",
        "UPDATE settings SET sealed = CAST(substr(sealed, 1, 30) AS BLOB) WHERE sealed IS NOT NULL"},
       {"a secret of the first format",
        "UPDATE settings SET sealed = CAST(x'01' || substr(sealed, 2) AS BLOB) WHERE "
        "sealed IS NOT NULL"}};
   for (const auto& [what, sql] : changes) {
      const TempDir directory;
      Store store(directory.path());
      Vault with(store, KeySource(directory.path(), {}), [] { return std::int64_t{1}; });
      const std::int64_t one = save(store, with, "One", "secret of one");
      const std::int64_t two = save(store, with, "Two", "secret of two");
      ASSERT_EQ(one + two, 3);
      ASSERT_EQ(open(store, with, one), "secret of one");
      test::run_sql(directory.path() / "console.db", sql);
      for (const std::int64_t id : {one, two}) {
         const std::string refusal = open(store, with, id);
         EXPECT_EQ(refusal.find("host.secret_unreadable: The saved secret \"password\" does not open"), 0U)
             << what << ": " << refusal;
      }
   }
}

TEST_F(VaultTest, what_is_no_setting_may_change) {
   const std::int64_t id = save("One", "secret");
   test::run_sql(directory_.path() / "console.db", "UPDATE integrations SET name = 'Two', enabled = 0, label = 'x'");
   Vault with = vault();
   EXPECT_EQ(open(with, id), "secret");
}

TEST_F(VaultTest, a_missing_key_is_a_problem_and_never_a_new_key) {
   const std::int64_t id = save("One", "secret");
   std::filesystem::remove(key_file());
   Vault after = vault();
   EXPECT_EQ(open(after, id).find("host.secret_unreadable"), 0U);
   const auto prepared = after.prepare();
   ASSERT_FALSE(prepared);
   EXPECT_EQ(prepared.finding().code, "host.secret_unreadable");
   EXPECT_FALSE(std::filesystem::exists(key_file()));
}

TEST_F(VaultTest, whether_the_keys_are_there_is_known_without_opening_any) {
   const std::int64_t id = save("One", "secret");
   test::run_sql(directory_.path() / "console.db",
                 "UPDATE data_keys SET sealed = CAST(substr(sealed, 1, 30) AS BLOB);"
                 "UPDATE settings SET sealed = CAST(substr(sealed, 1, 30) AS BLOB) WHERE sealed IS NOT NULL");
   EXPECT_TRUE(vault().has_keys(*store_.integration(id))) << "nothing that is damaged may be opened";

   std::filesystem::remove(key_file());
   const auto gone = vault().has_keys(*store_.integration(id));
   ASSERT_FALSE(gone);
   EXPECT_EQ(gone.finding().code, "host.secret_unreadable");
   EXPECT_NE(gone.finding().remedy.find(key_file().string()), std::string::npos) << gone.finding().remedy;

   ASSERT_TRUE(KeySource(directory_.path(), {}).present_or_new());
   EXPECT_FALSE(vault().has_keys(*store_.integration(id))) << "another key is as good as none";
}

TEST_F(VaultTest, another_key_is_as_good_as_none) {
   const std::int64_t id = save("One", "secret");
   std::filesystem::remove(key_file());
   ASSERT_TRUE(KeySource(directory_.path(), {}).present_or_new());
   Vault after = vault();
   EXPECT_EQ(open(after, id).find("host.secret_unreadable"), 0U);
}

TEST_F(VaultTest, without_secrets_a_lost_key_is_replaced) {
   const std::int64_t id = save("One", "secret");
   std::filesystem::remove(key_file());
   {
      Store::Change change(store_);
      change.remove(id);
      change.commit();
   }
   Vault after = vault();
   EXPECT_TRUE(after.prepare());
}

TEST_F(VaultTest, a_key_that_others_may_read_is_refused) {
   const std::int64_t id = save("One", "secret");
   ASSERT_EQ(::chmod(key_file().c_str(), 0644), 0);
   Vault after = vault();
   const std::string refusal = open(after, id);
   EXPECT_EQ(refusal.find("host.secret_unreadable"), 0U);
   EXPECT_NE(refusal.find("Other users may read the key file"), std::string::npos);
}

TEST_F(VaultTest, a_key_behind_a_link_is_refused) {
   save("One", "secret");
   std::filesystem::rename(key_file(), directory_.path() / "elsewhere");
   std::filesystem::create_symlink(directory_.path() / "elsewhere", key_file());
   Vault after = vault();
   EXPECT_FALSE(after.prepare());
}

TEST_F(VaultTest, a_key_file_that_holds_no_key_is_refused_and_kept) {
   save("One", "secret");
   test_support::write_file(key_file(), "not a key\n");
   ASSERT_EQ(::chmod(key_file().c_str(), 0600), 0);
   Vault after = vault();
   ASSERT_FALSE(after.prepare());
   EXPECT_EQ(test_support::read_file(key_file()), "not a key\n");
}

TEST_F(VaultTest, a_systemd_credential_takes_the_place_of_the_file) {
   const TempDir credentials;
   const std::filesystem::path credential = credentials.path() / "msp-console.kek";
   test_support::write_file(credential, std::string(64, 'a') + "\n");
   ASSERT_EQ(::chmod(credential.c_str(), 0400), 0);
   Vault with = vault(credentials.path());
   ASSERT_TRUE(with.prepare());
   EXPECT_FALSE(std::filesystem::exists(key_file()));
}

TEST_F(VaultTest, secrets_sealed_before_there_was_a_credential_still_open) {
   const std::int64_t id = save("One", "secret");
   const TempDir credentials;
   const std::filesystem::path credential = credentials.path() / "msp-console.kek";
   test_support::write_file(credential, std::string(64, 'b'));
   ASSERT_EQ(::chmod(credential.c_str(), 0400), 0);
   Vault with = vault(credentials.path());
   EXPECT_EQ(open(with, id), "secret");
}

TEST_F(VaultTest, of_a_credential_and_a_file_the_credential_is_for_what_is_saved_from_now_on) {
   ASSERT_TRUE(KeySource(directory_.path(), {}).present_or_new());
   const TempDir credentials;
   test_support::write_file(credentials.path() / "msp-console.kek", std::string(64, 'a'));
   ASSERT_EQ(::chmod((credentials.path() / "msp-console.kek").c_str(), 0400), 0);
   Vault with = vault(credentials.path());
   save(store_, with, "One", "secret");
   const SecretsStatus status = with.status();
   ASSERT_TRUE(status.key);
   EXPECT_EQ(status.key->from, KeyEncryptionKey::From::credential);
}

TEST_F(VaultTest, a_key_is_taken_as_bytes_or_as_digits_with_any_line_end) {
   const std::string digits(64, 'a');
   const std::pair<std::string, bool> cases[] = {{digits, true},
                                                 {digits + "\n", true},
                                                 {digits + "\r\n", true},
                                                 {std::string(32, '\xAA'), true},
                                                 {std::string(31, '\xAA') + "\n", true},  // a byte like another
                                                 {digits.substr(1), false},
                                                 {digits + "a", false},
                                                 {digits.substr(1) + "g", false},
                                                 {" " + digits, false},
                                                 {digits + " ", false},
                                                 {std::string(31, '\xAA'), false},
                                                 {std::string(33, '\xAA'), false},
                                                 {"", false},
                                                 {std::string(5'000, 'a'), false}};
   for (const auto& [content, good] : cases) {
      test_support::write_file(key_file(), content);
      ASSERT_EQ(::chmod(key_file().c_str(), 0600), 0);
      const auto keys = KeySource(directory_.path(), {}).keys();
      EXPECT_EQ(static_cast<bool>(keys), good) << content.size();
      if (!keys) {
         EXPECT_NE(keys.finding().summary.find("does not hold a key"), std::string::npos) << keys.finding().summary;
      }
   }
}

}  // namespace
