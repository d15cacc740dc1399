#include "library/plugin_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;
using test_support::read_file;
using test_support::write_file;

#if defined(_WIN32)
const std::string kSuffix = ".dll";
#else
const std::string kSuffix = ".so";
#endif

class PluginStoreTest : public testing::Test {
 protected:
   fs::path drop(const std::string& bytes, const std::string& name = "plugin" + kSuffix) {
      const fs::path file = directory_.path() / "dropped" / name;
      write_file(file, bytes);
      fs::permissions(file, fs::perms::owner_all);
      fs::permissions(file.parent_path(), fs::perms::owner_all);
      return file;
   }

   test_support::TempDir directory_;
   const fs::path place_ = directory_.path() / "data" / "plugins";
   const PluginStore store_{place_};
};

TEST_F(PluginStoreTest, a_copy_lies_under_its_hash_and_has_the_name_of_the_dropped_file) {
   const std::string hash = sha256_hex("bytes");
   EXPECT_FALSE(store_.find(hash));
   const auto copy = store_.keep(drop("bytes"), hash);
   ASSERT_TRUE(copy) << copy.finding().summary;
   EXPECT_EQ(copy.value(), place_ / hash / ("plugin" + kSuffix));
   EXPECT_EQ(read_file(copy.value()), "bytes");
   EXPECT_EQ(store_.find(hash), copy.value());
   EXPECT_EQ(store_.trusted(hash).value(), copy.value());
   EXPECT_EQ(PluginStore::read(copy.value(), hash).value(), "bytes");
}

TEST_F(PluginStoreTest, the_same_bytes_are_kept_once_whatever_their_name) {
   const std::string hash = sha256_hex("bytes");
   const fs::path first = store_.keep(drop("bytes"), hash).value();
   EXPECT_EQ(store_.keep(drop("bytes", "other" + kSuffix), hash).value(), first);
   EXPECT_EQ(std::distance(fs::directory_iterator(place_ / hash), fs::directory_iterator()), 1);
}

TEST_F(PluginStoreTest, a_file_that_changed_since_it_was_looked_at_is_not_kept) {
   const fs::path file = drop("other bytes");
   const std::string hash = sha256_hex("bytes");
   const auto copy = store_.keep(file, hash);
   ASSERT_FALSE(copy);
   EXPECT_EQ(copy.finding().code, "plugin.modified");
   EXPECT_EQ(copy.finding().summary, "The file '" + file.string() + "' was changed just now.");
   EXPECT_FALSE(store_.find(hash));
}

TEST_F(PluginStoreTest, a_copy_that_is_gone_or_was_changed_is_told_and_not_read) {
   const std::string hash = sha256_hex("bytes");
   EXPECT_EQ(store_.trusted(hash).finding().code,
             PluginStore::read(place_ / hash / ("x" + kSuffix), hash).finding().code);
   const fs::path copy = store_.keep(drop("bytes"), hash).value();
   fs::permissions(copy, fs::perms::owner_all);
   write_file(copy, "tampered");
   const auto bytes = PluginStore::read(copy, hash);
   ASSERT_FALSE(bytes);
   EXPECT_EQ(bytes.finding().code, "plugin.modified");
   EXPECT_EQ(bytes.finding().remedy, PluginStore::copy_changed(copy).remedy);
}

TEST_F(PluginStoreTest, what_is_no_hash_names_no_copy) {
   write_file(place_ / "x" / ("plugin" + kSuffix), "bytes");
   for (const char* hash : {"", "x", "../plugins/x", "."}) EXPECT_FALSE(store_.find(hash)) << hash;
}

TEST_F(PluginStoreTest, copies_that_are_needed_or_new_or_not_ours_stay) {
#ifdef _WIN32
   GTEST_SKIP() << "gcc's library cannot set the time of a directory there";
#endif
   using std::chrono::hours;
   const std::string needed = sha256_hex("needed"), old = sha256_hex("old"), fresh = sha256_hex("fresh");
   for (const char* bytes : {"needed", "old", "fresh"}) ASSERT_TRUE(store_.keep(drop(bytes), sha256_hex(bytes)));
   fs::create_directories(place_ / "of somebody else");
   for (const std::string& each : {needed, old, std::string("of somebody else")})
      fs::last_write_time(place_ / each, fs::file_time_type::clock::now() - hours(2));
   const Approval approvals[] = {{"variant", needed, true}};
   store_.remove_all_but(approvals);
   EXPECT_TRUE(store_.find(needed));
   EXPECT_FALSE(store_.find(old));
   EXPECT_TRUE(store_.find(fresh)) << "another console may be about to use it";
   EXPECT_TRUE(fs::exists(place_ / "of somebody else"));
}

TEST_F(PluginStoreTest, a_directory_that_cannot_be_made_is_named) {
   write_file(directory_.path() / "data", "a file");
   const auto copy = store_.keep(drop("bytes"), sha256_hex("bytes"));
   ASSERT_FALSE(copy);
   EXPECT_EQ(copy.finding().code, "host.storage");
   // On Windows the one above it that stands in the way.
   const std::string named = "The plugin cannot be copied to '" + (directory_.path() / "data").string();
   EXPECT_TRUE(copy.finding().summary.starts_with(named)) << copy.finding().summary;
}

}  // namespace
}  // namespace msp::host
