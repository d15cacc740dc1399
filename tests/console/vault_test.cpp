#include "vault.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sealing.hpp"
#include "test_support/temp_dir.hpp"

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

   // Saves an integration with one secret; returns its id.
   std::int64_t save(const std::string& name, const std::string& secret) {
      Vault with(store_, KeySource(directory_.path(), {}), [] { return std::int64_t{1}; });
      auto sealer = with.sealer();
      EXPECT_TRUE(sealer);
      IntegrationRecord record;
      record.name = name;
      record.platform = "autotask";
      record.identity = {"1", "", name, ""};
      Store::Change change(store_);
      record.id = change.insert(record);
      record.secrets["password"] = sealer.value().seal(record.id, "password", host::SecretBytes(secret));
      change.replace_settings(record);
      change.commit();
      return record.id;
   }

   std::string open(Vault& with, std::int64_t id, std::int64_t from) {
      auto opened = with.open(id, "password", store_.integration(from)->secrets.at("password"));
      return opened ? std::string(opened.value().view()) : opened.problem().code + ": " + opened.problem().summary;
   }

   [[nodiscard]] std::filesystem::path key_file() const { return directory_.path() / "key-encryption.key"; }

   TempDir directory_;
   Store store_{directory_.path()};
};

TEST_F(VaultTest, a_secret_opens_after_a_restart) {
   const std::int64_t id = save("One", "Throw$away#1");
   Vault after = vault();
   EXPECT_EQ(open(after, id, id), "Throw$away#1");
}

TEST_F(VaultTest, the_key_file_is_made_private_at_first_use_and_not_before) {
   Vault first = vault();
   EXPECT_FALSE(std::filesystem::exists(key_file()));
   ASSERT_TRUE(first.sealer());
   struct stat status {};
   ASSERT_EQ(::stat(key_file().c_str(), &status), 0);
   EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST_F(VaultTest, a_secret_moved_to_another_integration_is_refused) {
   const std::int64_t one = save("One", "secret of one");
   const std::int64_t two = save("Two", "secret of two");
   Vault with = vault();
   EXPECT_EQ(open(with, two, one).find("host.secret_unreadable"), 0U);
   EXPECT_EQ(open(with, one, one), "secret of one");
}

TEST_F(VaultTest, a_missing_key_is_a_problem_and_never_a_new_key) {
   const std::int64_t id = save("One", "secret");
   std::filesystem::remove(key_file());
   Vault after = vault();
   EXPECT_EQ(open(after, id, id).find("host.secret_unreadable"), 0U);
   const auto sealer = after.sealer();
   ASSERT_FALSE(sealer);
   EXPECT_EQ(sealer.problem().code, "host.secret_unreadable");
   EXPECT_FALSE(std::filesystem::exists(key_file()));
}

TEST_F(VaultTest, another_key_is_as_good_as_none) {
   const std::int64_t id = save("One", "secret");
   std::filesystem::remove(key_file());
   ASSERT_TRUE(KeySource(directory_.path(), {}).create());
   Vault after = vault();
   EXPECT_EQ(open(after, id, id).find("host.secret_unreadable"), 0U);
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
   EXPECT_TRUE(after.sealer());
}

TEST_F(VaultTest, a_key_that_others_may_read_is_refused) {
   const std::int64_t id = save("One", "secret");
   ASSERT_EQ(::chmod(key_file().c_str(), 0644), 0);
   Vault after = vault();
   const std::string refusal = open(after, id, id);
   EXPECT_EQ(refusal.find("host.secret_unreadable"), 0U);
   EXPECT_NE(refusal.find("Other users may read the key file"), std::string::npos);
}

TEST_F(VaultTest, a_key_behind_a_link_is_refused) {
   save("One", "secret");
   std::filesystem::rename(key_file(), directory_.path() / "elsewhere");
   std::filesystem::create_symlink(directory_.path() / "elsewhere", key_file());
   Vault after = vault();
   EXPECT_FALSE(after.sealer());
}

TEST_F(VaultTest, a_key_file_that_holds_no_key_is_refused_and_kept) {
   save("One", "secret");
   test_support::write_file(key_file(), "not a key\n");
   ASSERT_EQ(::chmod(key_file().c_str(), 0600), 0);
   Vault after = vault();
   ASSERT_FALSE(after.sealer());
   EXPECT_EQ(test_support::read_file(key_file()), "not a key\n");
}

TEST_F(VaultTest, a_systemd_credential_takes_the_place_of_the_file) {
   const TempDir credentials;
   const std::filesystem::path credential = credentials.path() / "msp-console.kek";
   test_support::write_file(credential, std::string(64, 'a') + "\n");
   ASSERT_EQ(::chmod(credential.c_str(), 0400), 0);
   Vault with = vault(credentials.path());
   ASSERT_TRUE(with.sealer());
   EXPECT_FALSE(std::filesystem::exists(key_file()));
}

TEST_F(VaultTest, secrets_sealed_before_there_was_a_credential_still_open) {
   const std::int64_t id = save("One", "secret");
   const TempDir credentials;
   const std::filesystem::path credential = credentials.path() / "msp-console.kek";
   test_support::write_file(credential, std::string(64, 'b'));
   ASSERT_EQ(::chmod(credential.c_str(), 0400), 0);
   Vault with = vault(credentials.path());
   EXPECT_EQ(open(with, id, id), "secret");
}

}  // namespace
