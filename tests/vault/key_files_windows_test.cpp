// The console's key file on Windows: what DPAPI makes of a key, and files that are there whole or not at all.
#include <gtest/gtest.h>

#include "store/private_files.hpp"
#include "test_support/temp_dir.hpp"
#include "vault/key_source.hpp"

namespace msp::console {

// The console's own also reads keys in hex digits, with libsodium, which is not there for mingw-w64.
host::Result<host::SecretBytes> parse_key(std::string_view content, const std::filesystem::path&) {
   return host::SecretBytes(content);
}

namespace {

const std::string kKey = "0123456789abcdefghijklmnopqrstuv";

TEST(KeyFilesWindows, a_key_is_sealed_in_its_file_and_opens_again) {
   const auto sealed = protect_key(host::SecretBytes(kKey));
   ASSERT_TRUE(sealed) << sealed.finding().summary;
   EXPECT_EQ(sealed.value().find(kKey), std::string::npos);
   const auto opened = unprotect_key(host::SecretBytes(sealed.value()), "key");
   ASSERT_TRUE(opened) << opened.finding().summary;
   EXPECT_EQ(opened.value().view(), kKey);
}

TEST(KeyFilesWindows, what_is_no_sealed_key_is_told) {
   const auto opened = unprotect_key(host::SecretBytes("no key at all"), "some\\key");
   ASSERT_FALSE(opened);
   EXPECT_EQ(opened.finding().code, "host.secret_unreadable");
   EXPECT_NE(opened.finding().summary.find("some\\key"), std::string::npos);
}

TEST(KeyFilesWindows, of_two_first_starts_one_key_wins) {
   const test_support::TempDir directory;
   const auto file = directory.path() / "key";
   ASSERT_TRUE(create_private_file(file, "first").value());
   EXPECT_FALSE(create_private_file(file, "second").value());
   const auto kept = read_private_file(file);
   ASSERT_TRUE(kept && kept.value());
   EXPECT_EQ(kept.value()->view(), "first");

   ASSERT_TRUE(create_private_file(directory.path() / "next", "third").value());
   EXPECT_TRUE(replace_private_file(directory.path() / "next", file));
   EXPECT_EQ(read_private_file(file).value()->view(), "third");
   EXPECT_FALSE(read_private_file(directory.path() / "next").value());
}

}  // namespace
}  // namespace msp::console
