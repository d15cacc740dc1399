// Who may change a plugin's file, as the modes of POSIX systems say it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "library/file_trust.hpp"
#include "msp/host/catalog.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;
using test_support::read_file;
using test_support::TempDir;
using test_support::write_file;

constexpr uid_t kNobody = 65534;

struct Mode {
   int bits;
   const char* text;
};

class CatalogTrust : public testing::Test {
 protected:
   CatalogTrust() {
      write_file(file_, bytes_);
      fs::permissions(plugins_, fs::perms(0755));
      fs::permissions(file_, fs::perms(0644));
   }

   CatalogEntry only(const std::vector<Approval>& approvals = {}) {
      auto entries = Catalog({plugins_}, data_).scan(approvals);
      EXPECT_EQ(entries.size(), 1U);
      return entries.empty() ? CatalogEntry{} : entries.front();
   }

   static void expect_refused(const CatalogEntry& entry, const std::string& reason, const std::string& remedy) {
      EXPECT_EQ(name(entry.state), name(PluginState::invalid));
      EXPECT_EQ(entry.reason, reason);
      EXPECT_EQ(entry.remedy, remedy);
      EXPECT_EQ(entry.sha256, "");
      EXPECT_TRUE(entry.copy.empty());
   }

   TempDir directory_;
   fs::path plugins_ = directory_.path() / "plugins";
   fs::path data_ = directory_.path() / "data";
   fs::path file_ = plugins_ / "variant.so";
   std::string bytes_ = read_file(std::string(MSP_TEST_PLUGINS) + "/variant_sound.so");
};

TEST_F(CatalogTrust, a_file_that_others_can_change_is_not_read) {
   for (const auto& [mode, octal] : {Mode{0666, "0666"}, Mode{0664, "0664"}, Mode{0646, "0646"}, Mode{0777, "0777"}}) {
      fs::permissions(file_, fs::perms(mode));
      expect_refused(only(), std::string("The file can be changed by other users (its mode is ") + octal + ").",
                     "Take that right away: chmod go-w '" + file_.string() + "'");
   }
   fs::permissions(file_, fs::perms(0444));
   EXPECT_EQ(only().state, PluginState::available);
}

TEST_F(CatalogTrust, nothing_in_a_directory_that_others_can_change_is_looked_at) {
   for (const auto& [mode, octal] : {Mode{0777, "0777"}, Mode{0775, "0775"}, Mode{01777, "1777"}}) {
      fs::permissions(plugins_, fs::perms(mode));
      const CatalogEntry entry = only();
      expect_refused(entry, std::string("The directory can be changed by other users (its mode is ") + octal + ").",
                     "Take that right away: chmod go-w '" + plugins_.string() + "'");
      EXPECT_EQ(entry.file, plugins_);
   }
}

TEST_F(CatalogTrust, a_directory_that_others_can_change_does_not_stop_what_was_approved_before) {
   const Approval approval{"variant", sha256_hex(bytes_), true};
   const fs::path copy = only({approval}).serving_copy;
   fs::permissions(plugins_, fs::perms(0777));
   const auto entries = Catalog({plugins_}, data_).scan({&approval, 1});
   ASSERT_EQ(entries.size(), 2U);
   EXPECT_EQ(name(entries[1].state), "failed");
   EXPECT_EQ(entries[1].reason,
             "The directory can be changed by other users (its mode is 0777). So the file of the approved plugin "
             "'variant' was not looked for in '" +
                 plugins_.string() + "'. The approved version keeps serving.");
   EXPECT_EQ(entries[1].remedy, "Take that right away: chmod go-w '" + plugins_.string() + "'");
   EXPECT_EQ(entries[1].serving_copy, copy);
   EXPECT_FALSE(copy.empty());
}

TEST_F(CatalogTrust, a_library_is_not_run_that_has_others_searched_where_others_can_put_them) {
   const fs::path place = directory_.path() / "lib";
   bytes_ = read_file(std::string(MSP_TEST_PLUGINS) + "/variant_runs_anywhere.so");
   const std::size_t at = bytes_.find("/replaced-by-a-test");
   ASSERT_NE(at, std::string::npos);
   const std::string written = (place / "deeper").string();
   bytes_.replace(at, written.size() + 1, written.c_str(), written.size() + 1);
   write_file(file_, bytes_);
   fs::create_directory(place);
   const Approval approval{"variant", sha256_hex(bytes_), true};
   for (const int mode : {0777, 01777, 0775}) {  // below the sticky bit anybody may make "deeper"
      SCOPED_TRACE(mode);
      fs::permissions(place, fs::perms(mode));
      const CatalogEntry entry = only();
      EXPECT_EQ(name(entry.state), "invalid");
      EXPECT_EQ(entry.reason.find("The library has others searched in '" + written +
                                  "', where other users could put some: The directory can be changed"),
                0U)
          << entry.reason;
      EXPECT_EQ(entry.remedy, "Take that right away: chmod go-w '" + place.string() + "'");
      EXPECT_TRUE(only({approval}).serving_copy.empty());
   }
   fs::permissions(place, fs::perms(0755));
   EXPECT_EQ(only({approval}).state, PluginState::enabled);
   fs::permissions(place, fs::perms(0777));
   fs::remove(file_);  // its copy is left
   write_file(file_, "no library");
   EXPECT_TRUE(only({approval}).serving_copy.empty());
}

TEST_F(CatalogTrust, a_link_is_reported_and_never_followed) {
   const fs::path target = directory_.path() / "target.so";
   fs::rename(file_, target);
   fs::create_symlink(target, file_);
   expect_refused(only(), "The file is a symbolic link, and links are not followed.",
                  "Put the plugin's library itself into the plugin directory.");
   fs::remove(target);  // dangling
   expect_refused(only(), "The file is a symbolic link, and links are not followed.",
                  "Put the plugin's library itself into the plugin directory.");
}

TEST_F(CatalogTrust, what_is_no_regular_file_is_reported_and_does_not_make_anybody_wait) {
   fs::remove(file_);
   fs::create_directory(file_);
   expect_refused(only(), "It is not a regular file.", "Remove it from the plugin directory.");
   fs::remove(file_);
   ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
   expect_refused(only(), "It is not a regular file.", "Remove it from the plugin directory.");
}

TEST_F(CatalogTrust, a_file_longer_than_64_MiB_is_not_read_to_its_end) {
   fs::permissions(file_, fs::perms(0644));
   fs::resize_file(file_, 64UL * 1024 * 1024 + 1);  // sparse
   expect_refused(only(), "The file is longer than the 67108864 bytes that a plugin may have.",
                  "Drop the plugin's library itself into the plugin directory.");
}

TEST_F(CatalogTrust, copies_are_for_this_user_only_and_nobody_changes_them) {
   const CatalogEntry entry = only({{"variant", sha256_hex(bytes_), true}});
   ASSERT_EQ(entry.state, PluginState::enabled) << entry.reason;
   EXPECT_EQ(fs::status(entry.copy).permissions(), fs::perms(0500));
   EXPECT_EQ(fs::status(entry.copy.parent_path()).permissions(), fs::perms(0700));
   EXPECT_EQ(fs::status(data_ / "plugins").permissions(), fs::perms(0700));
   EXPECT_EQ(fs::status(data_).permissions(), fs::perms(0700));
}

TEST_F(CatalogTrust, a_copy_that_others_could_change_is_never_served) {
   const Approval approval{"variant", sha256_hex(bytes_), true};
   const fs::path copy = only({approval}).serving_copy;
   ASSERT_FALSE(copy.empty());
   for (const fs::path& opened : {copy, copy.parent_path(), data_ / "plugins"}) {
      const fs::perms before = fs::status(opened).permissions();
      fs::permissions(opened, fs::perms(0777));
      const CatalogEntry entry = only({approval});
      EXPECT_EQ(name(entry.state), "failed") << opened;
      EXPECT_THAT(entry.reason, testing::HasSubstr("can be changed by other users (its mode is 0777).")) << opened;
      EXPECT_TRUE(entry.serving_copy.empty()) << opened;
      fs::permissions(opened, before);
   }
   EXPECT_EQ(only({approval}).state, PluginState::enabled);
}

// Whoever may write above a directory puts another one in its place.
TEST_F(CatalogTrust, a_directory_that_others_can_exchange_is_not_looked_at) {
   const fs::path above = directory_.path() / "above";
   fs::create_directories(above / "between");
   fs::rename(plugins_, above / "between" / "plugins");
   plugins_ = above / "between" / "plugins";
   for (const auto& [mode, octal] : {Mode{0777, "0777"}, Mode{0775, "0775"}}) {
      fs::permissions(above, fs::perms(mode));
      expect_refused(only(),
                     "The directory '" + above.string() +
                         "', which leads there, can be changed by other users (its mode is " + octal +
                         "), who could put something else in place of what is in it.",
                     "Take that right away: chmod go-w '" + above.string() + "'");
   }
   fs::permissions(above, fs::perms(01777));
   EXPECT_EQ(only().state, PluginState::available) << "the sticky bit lets nobody move what is another's";

   // Through a link, both ways are looked at.
   const fs::path target = plugins_;
   plugins_ = directory_.path() / "link";
   fs::create_directory_symlink(target, plugins_);
   EXPECT_EQ(only().state, PluginState::available) << only().reason;
   fs::permissions(above, fs::perms(0777));
   EXPECT_EQ(name(only().state), "invalid");
   fs::permissions(above, fs::perms(0755));
   fs::create_directory(directory_.path() / "open");
   fs::rename(plugins_, directory_.path() / "open" / "link");
   plugins_ = directory_.path() / "open" / "link";
   EXPECT_EQ(only().state, PluginState::available);
   fs::permissions(directory_.path() / "open", fs::perms(0777));
   EXPECT_EQ(name(only().state), "invalid") << "the link can be exchanged";
   fs::permissions(directory_.path() / "open", fs::perms(01777));
   if (::geteuid() == 0) {
      ASSERT_EQ(::lchown(plugins_.c_str(), kNobody, kNobody), 0);
      EXPECT_EQ(name(only().state), "invalid") << "the link is another's";
   }
}

TEST_F(CatalogTrust, a_data_directory_that_others_can_exchange_serves_nothing) {
   const Approval approval{"variant", sha256_hex(bytes_), true};
   const fs::path above = directory_.path() / "shared";
   data_ = above / "data";
   ASSERT_EQ(only({approval}).state, PluginState::enabled);
   fs::permissions(above, fs::perms(0777));
   const CatalogEntry entry = only({approval});
   EXPECT_EQ(name(entry.state), "failed");
   EXPECT_TRUE(entry.serving_copy.empty());
}

// Rights of others are seen only by one who is not root: a child process gives root up.
TEST_F(CatalogTrust, a_file_that_cannot_be_read_is_told_with_the_systems_reason) {
   fs::permissions(file_, fs::perms(0));
   fs::permissions(directory_.path(), fs::perms(0711));
   const pid_t child = ::fork();
   ASSERT_GE(child, 0);
   if (child == 0) {
      if (::geteuid() == 0 && ::seteuid(kNobody) != 0) ::_exit(2);
      const auto read = read_trusted_file(file_, 1024);
      ::_exit(!read && read.finding().summary == "The file cannot be read: Permission denied." &&
                      read.finding().remedy == "Let the console's user read it: chmod a+r '" + file_.string() + "'"
                  ? 0
                  : 1);
   }
   int status = 0;
   ASSERT_EQ(::waitpid(child, &status, 0), child);
   EXPECT_TRUE(WIFEXITED(status));
   EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(CatalogTrust, a_file_of_another_user_is_not_read) {
   if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
   ASSERT_EQ(::chown(file_.c_str(), kNobody, kNobody), 0);
   expect_refused(only(), "The file belongs to another user (uid 65534), who could change it at any time.",
                  "Make root or the console's user its owner: chown root '" + file_.string() + "'");
   ASSERT_EQ(::chown(plugins_.c_str(), kNobody, kNobody), 0);
   expect_refused(only(), "The directory belongs to another user (uid 65534), who could change it at any time.",
                  "Make root or the console's user its owner: chown root '" + plugins_.string() + "'");
}

}  // namespace
}  // namespace msp::host
