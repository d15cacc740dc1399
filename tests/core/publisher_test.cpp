#include "core/publisher.hpp"

#include <gtest/gtest.h>

#include "core/plugin_changes.hpp"
#include "msp/host/digest.hpp"
#include "test_support/temp_dir.hpp"
#include "tests/core/signer.hpp"

namespace msp::console {
namespace {

using test::Signer;

TEST(Publisher, a_signature_is_112_bytes_at_the_end_and_names_the_key) {
   const Signer signer;
   const std::string file = signer.sign("the plugin");
   EXPECT_EQ(file.size(), std::string("the plugin").size() + 112);
   const auto publisher = publisher_of(file);
   ASSERT_TRUE(publisher);
   EXPECT_TRUE(publisher->genuine);
   EXPECT_EQ(publisher->key.size(), 44U);
   EXPECT_EQ(publisher_of(signer.sign("another plugin"))->key, publisher->key);
   EXPECT_NE(publisher_of(Signer().sign("the plugin"))->key, publisher->key);
}

TEST(Publisher, bytes_without_the_mark_are_not_signed) {
   EXPECT_FALSE(publisher_of(std::string_view()));
   EXPECT_FALSE(publisher_of("the plugin"));
   EXPECT_FALSE(publisher_of(std::string(500, 'x')));
   const std::string file = Signer().sign("the plugin");
   EXPECT_FALSE(publisher_of(file.substr(1).substr(0, file.size() - 2)));
   EXPECT_FALSE(publisher_of(file + ' '));
}

TEST(Publisher, no_byte_can_be_changed_and_the_signature_kept) {
   const std::string file = Signer().sign("the plugin");
   for (std::size_t at = 0; at < file.size(); ++at) {
      std::string changed = file;
      changed[at] ^= 1;
      const auto publisher = publisher_of(changed);
      EXPECT_FALSE(publisher && publisher->genuine) << at;
   }
}

TEST(Publisher, a_file_that_has_other_bytes_by_now_says_nothing) {
   const test_support::TempDir directory;
   const std::string bytes = Signer().sign("the plugin");
   const auto file = directory.path() / "plugin.so";
   test_support::write_file(file, bytes);
   EXPECT_TRUE(publisher_of(file, host::sha256_hex(bytes)));
   EXPECT_FALSE(publisher_of(file, host::sha256_hex("other bytes")));
   EXPECT_FALSE(publisher_of(directory.path() / "gone.so", host::sha256_hex(bytes)));
}

TEST(Publisher, an_update_says_whether_the_same_key_signed_it) {
   const Publisher one{"one", true};
   const Publisher other{"other", true};
   const Publisher broken{"one", false};
   EXPECT_FALSE(publisher_change({}, {}));
   EXPECT_EQ(publisher_change(one, one)->text, "Same publisher, key one");
   EXPECT_FALSE(publisher_change(one, one)->more);
   EXPECT_EQ(publisher_change(one, other)->text, "Another publisher: key other, before one");
   EXPECT_TRUE(publisher_change(one, other)->alarming);
   for (const auto& now : {std::optional<Publisher>(), std::optional<Publisher>(broken)}) {
      EXPECT_EQ(publisher_change(one, now)->text, "No longer signed by its publisher, key one");
      EXPECT_TRUE(publisher_change(one, now)->alarming);
   }
   EXPECT_EQ(publisher_change({}, one)->text, "Signed by its publisher from now on, key one");
   EXPECT_FALSE(publisher_change({}, one)->alarming);
}

}  // namespace
}  // namespace msp::console
