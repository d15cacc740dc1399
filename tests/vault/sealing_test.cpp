#include "vault/sealing.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "vault/vault_keys.hpp"

using namespace msp::console;

namespace {

IntegrationRecord record(std::int64_t id = 7, const std::string& platform = "kaseya_vsa") {
   IntegrationRecord made;
   made.id = id;
   made.platform = platform;
   made.values["server"] = {"https://vsa.example.com", false, 0};
   made.values["user_name"] = {"console", false, 0};
   return made;
}

std::string from_hex(std::string_view digits) {
   std::string bytes;
   for (std::size_t i = 0; i < digits.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
   }
   return bytes;
}

const std::string kPlace = place_of_secret("store", record(), "password");

TEST(Sealing, a_sealed_secret_opens_with_its_key_in_its_place) {
   const auto key = new_key();
   const std::string sealed = seal(key, "Throw$away#1", kPlace);
   EXPECT_EQ(sealed.find("Throw"), std::string::npos);
   const auto opened = unseal(key, sealed, kPlace);
   ASSERT_TRUE(opened);
   EXPECT_EQ(opened->view(), "Throw$away#1");
}

TEST(Sealing, an_empty_secret_can_be_sealed) {
   const auto key = new_key();
   const auto opened = unseal(key, seal(key, "", kPlace), kPlace);
   ASSERT_TRUE(opened);
   EXPECT_TRUE(opened->empty());
}

TEST(Sealing, the_same_secret_never_looks_the_same_twice) {
   const auto key = new_key();
   EXPECT_NE(seal(key, "secret", kPlace), seal(key, "secret", kPlace));
}

TEST(Sealing, another_key_opens_nothing) { EXPECT_FALSE(unseal(new_key(), seal(new_key(), "secret", kPlace), kPlace)); }

TEST(Sealing, every_changed_byte_is_noticed) {
   const auto key = new_key();
   const std::string sealed = seal(key, "secret", kPlace);
   for (std::size_t i = 0; i < sealed.size(); ++i) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      EXPECT_FALSE(unseal(key, changed, kPlace)) << "byte " << i;
   }
}

TEST(Sealing, every_truncation_is_noticed) {
   const auto key = new_key();
   const std::string sealed = seal(key, "secret", kPlace);
   for (std::size_t size = 0; size < sealed.size(); ++size) {
      EXPECT_FALSE(unseal(key, sealed.substr(0, size), kPlace)) << size << " bytes";
   }
}

TEST(Sealing, a_secret_moved_to_another_place_does_not_open) {
   const auto key = new_key();
   const std::string sealed = seal(key, "secret", kPlace);
   EXPECT_FALSE(unseal(key, sealed, place_of_secret("store", record(8), "password"))) << "another integration";
   EXPECT_FALSE(unseal(key, sealed, place_of_secret("store", record(7, "autotask"), "password"))) << "another platform";
   EXPECT_FALSE(unseal(key, sealed, place_of_secret("store", record(), "token"))) << "another field";
   EXPECT_FALSE(unseal(key, sealed, place_of_secret("other", record(), "password"))) << "another store";
   EXPECT_FALSE(unseal(key, sealed, place_of_data_key("store", "password"))) << "another purpose";
}

TEST(Sealing, no_two_places_look_the_same) {
   EXPECT_NE(place_of_secret("a1", record(2), "b"), place_of_secret("a", record(12), "b"));
   EXPECT_NE(place_of_secret("a", record(1), "1b"), place_of_secret("a", record(11), "b"));
   EXPECT_NE(first_place_of_secret("a1", 2, "b"), first_place_of_secret("a", 12, "b"));
   EXPECT_NE(first_place_of_secret("a", 1, "1b"), first_place_of_secret("a", 11, "b"));
}

TEST(Sealing, every_plain_setting_is_part_of_the_place) {
   const std::map<std::string, std::function<void(IntegrationRecord&)>> changes = {
       {"another value", [](IntegrationRecord& one) { one.values["server"].value = "https://elsewhere.example"; }},
       {"a setting less", [](IntegrationRecord& one) { one.values.erase("user_name"); }},
       {"a setting more",
        [](IntegrationRecord& one) {
           one.values["port"] = {"443", false, 0};
        }},
       {"an empty setting more",
        [](IntegrationRecord& one) {
           one.values[""] = {"", false, 0};
        }},
       {"values swapped", [](IntegrationRecord& one) { std::swap(one.values["server"], one.values["user_name"]); }},
       {"a letter moved", [](IntegrationRecord& one) {
           one.values["server"].value.pop_back();
           one.values["user_name"].value.insert(0, "m");
        }}};
   for (const auto& [what, change] : changes) {
      IntegrationRecord changed = record();
      change(changed);
      EXPECT_NE(place_of_secret("store", changed, "password"), kPlace) << what;
   }
   IntegrationRecord same = record();
   same.name = "renamed";
   same.values["server"].set_at = 9;
   EXPECT_EQ(place_of_secret("store", same, "password"), kPlace) << "what is no setting may change";
}

TEST(Sealing, the_first_format_still_opens_and_none_passes_for_the_other) {
   // Sealed by the first console, with the key of the bytes 0, 1, 2 ... 31.
   std::string bytes;
   for (char byte = 0; byte < 32; ++byte) bytes += byte;
   const msp::host::SecretBytes key{std::string_view(bytes)};
   std::string sealed = from_hex(
       "01b12bb1481089d6eb531897d9c6133f7c7fb90277e37347f3d7cf1c1e15e55697051ecd6da84024a0e71201bdd2369db1833c7e5e");
   EXPECT_EQ(seal_format(sealed), SealFormat::first);
   const auto opened = unseal(key, sealed, first_place_of_secret("store", 7, "password"));
   ASSERT_TRUE(opened);
   EXPECT_EQ(opened->view(), "Throw$away#1");
   sealed[0] = 2;
   EXPECT_FALSE(unseal(key, sealed, first_place_of_secret("store", 7, "password")));
   std::string present = seal(key, "Throw$away#1", "anywhere");
   EXPECT_EQ(seal_format(present), SealFormat::present);
   present[0] = 1;
   EXPECT_FALSE(unseal(key, present, "anywhere"));
}

// Nobody can put a secret of the first format back once the keys are of the present one.
TEST(Sealing, a_data_key_of_the_present_format_opens_no_secret_of_the_first) {
   std::string bytes;
   for (char byte = 0; byte < 32; ++byte) bytes += byte;
   const SealedSecret sealed{from_hex("01b12bb1481089d6eb531897d9c6133f7c7fb90277e37347f3d7cf1c1e15e55697051ecd6da84024"
                                      "a0e71201bdd2369db1833c7e5e"),
                             1, false, 0};
   IntegrationRecord of_it;
   of_it.id = 7;
   EXPECT_TRUE(unseal_secret("store", of_it, "password", sealed, {msp::host::SecretBytes(bytes), true}))
       << "this would prove nothing";
   std::vector<KeyEncryptionKey> keys;
   keys.push_back({KeyEncryptionKey::From::file, "key", new_key(), "the key"});
   DataKeyRecord data_key = seal_data_key("store", msp::host::SecretBytes(bytes), keys.front());
   data_key.id = 1;
   const DataKeys opened = open_data_keys("store", {data_key}, keys);
   ASSERT_TRUE(opened.find(1));
   EXPECT_FALSE(unseal_secret("store", of_it, "password", sealed, *opened.find(1)));
}

TEST(Sealing, a_fingerprint_tells_keys_apart_and_is_no_part_of_them) {
   const auto key = new_key();
   EXPECT_EQ(fingerprint(key), fingerprint(key.copy()));
   EXPECT_NE(fingerprint(key), fingerprint(new_key()));
   EXPECT_EQ(fingerprint(key).size(), 16U);
}

}  // namespace
