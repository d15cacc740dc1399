#include "sealing.hpp"

#include <gtest/gtest.h>

using namespace msp::console;

namespace {

const std::string kPlace = place_of_secret("store", 7, "password");

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
   EXPECT_FALSE(unseal(key, sealed, place_of_secret("store", 8, "password"))) << "another integration";
   EXPECT_FALSE(unseal(key, sealed, place_of_secret("store", 7, "token"))) << "another field";
   EXPECT_FALSE(unseal(key, sealed, place_of_secret("other", 7, "password"))) << "another store";
   EXPECT_FALSE(unseal(key, sealed, place_of_data_key("store", "password"))) << "another purpose";
}

TEST(Sealing, no_two_places_look_the_same) {
   EXPECT_NE(place_of_secret("a1", 2, "b"), place_of_secret("a", 12, "b"));
   EXPECT_NE(place_of_secret("a", 1, "1b"), place_of_secret("a", 11, "b"));
}

TEST(Sealing, a_fingerprint_tells_keys_apart_and_is_no_part_of_them) {
   const auto key = new_key();
   EXPECT_EQ(fingerprint(key), fingerprint(key.copy()));
   EXPECT_NE(fingerprint(key), fingerprint(new_key()));
   EXPECT_EQ(fingerprint(key).size(), 16U);
}

}  // namespace
