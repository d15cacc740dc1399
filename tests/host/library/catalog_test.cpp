#include "msp/host/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "msp/host/host.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;
using test_support::read_file;
using test_support::TempDir;
using test_support::write_file;
using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kAskAuthor = "Ask the plugin's author for a corrected version.";
constexpr const char* kCopyAgain = "Copy the plugin again from where you got it.";
constexpr const char* kDropLibrary = "Drop the plugin's library itself into the plugin directory.";

// What a library of this system looks like, and one of the other.
#if defined(_WIN32)
constexpr const char* kSuffix = ".dll";
constexpr const char* kSystem = "Windows";
constexpr const char* kOtherSystem = "Linux";
constexpr const char* kOtherMagic =
    "\x7F"
    "ELF";
std::size_t pe_header(const std::string& bytes) {
   return static_cast<unsigned char>(bytes.at(0x3C)) + 256U * static_cast<unsigned char>(bytes.at(0x3D));
}
std::string for_arm64(std::string bytes) { return bytes.replace(pe_header(bytes) + 4, 2, "\x64\xAA"); }
std::string with_32_bits(std::string bytes) { return bytes.replace(pe_header(bytes) + 24, 2, "\x0B\x01"); }
#else
constexpr const char* kSuffix = ".so";
constexpr const char* kSystem = "Linux";
constexpr const char* kOtherSystem = "Windows";
constexpr const char* kOtherMagic = "MZ...";
std::string for_arm64(std::string bytes) { return bytes.replace(18, 1, "\xB7"); }
std::string with_32_bits(std::string bytes) { return bytes.replace(4, 1, "\x01"); }
#endif

std::string library(const std::string& name) { return read_file(fs::path(MSP_TEST_PLUGINS) / (name + kSuffix)); }

// The sound plugin with another name of the same length in its manifest: other bytes, same plugin.
std::string changed(std::string bytes, const std::string& from = "\"Variant\"", const std::string& to = "\"Changed\"") {
   const std::size_t at = bytes.find(from);
   if (at == std::string::npos) throw std::runtime_error(from + " is not in the library");
   return bytes.replace(at, from.size(), to);
}

std::string other_plugin() { return changed(library("variant_sound"), "\"id\": \"variant\"", "\"id\": \"another\""); }

class CatalogTest : public testing::Test {
 protected:
   CatalogTest() { fs::create_directory(plugins_); }

   fs::path drop(const std::string& name, const std::string& bytes) {
      fs::path file = plugins_ / (name + kSuffix);
      write_file(file, bytes);
      fs::permissions(file, fs::perms::owner_all);
      return file;
   }

   std::vector<CatalogEntry> scan(const std::vector<Approval>& approvals = {}) {
      return Catalog({plugins_}, data_).scan(approvals);
   }

   // The one entry there is.
   CatalogEntry only(const std::vector<Approval>& approvals = {}) {
      auto entries = scan(approvals);
      EXPECT_EQ(entries.size(), 1U);
      return entries.empty() ? CatalogEntry{} : entries.front();
   }

   void expect_refused(const CatalogEntry& entry, PluginState state, const std::string& reason,
                       const std::string& remedy) {
      EXPECT_EQ(name(entry.state), name(state));
      EXPECT_EQ(entry.reason, reason);
      EXPECT_EQ(entry.remedy, remedy);
   }

   TempDir directory_;
   fs::path plugins_ = directory_.path() / "plugins";
   fs::path data_ = directory_.path() / "data";
};

Approval approve(const std::string& bytes, bool enabled = true) { return {"variant", sha256_hex(bytes), enabled}; }

TEST_F(CatalogTest, a_dropped_plugin_is_available_and_not_kept) {
   const std::string bytes = library("variant_sound");
   const fs::path file = drop("any name", bytes);
   const CatalogEntry entry = only();
   EXPECT_EQ(entry.state, PluginState::available) << entry.reason;
   EXPECT_EQ(entry.code + entry.reason + entry.remedy, "");
   EXPECT_EQ(entry.file, file);
   ASSERT_TRUE(entry.manifest);
   EXPECT_EQ(entry.manifest->id, "variant");
   EXPECT_EQ(entry.sha256, sha256_hex(bytes));
   EXPECT_TRUE(entry.copy.empty());
   EXPECT_FALSE(fs::exists(data_)) << "a copy is made of what was approved";
   EXPECT_TRUE(entry.serving_copy.empty());
   EXPECT_FALSE(entry.serving_manifest);
}

TEST_F(CatalogTest, approval_makes_the_copy_serve) {
   const std::string bytes = library("variant_sound");
   drop("variant", bytes);
   const CatalogEntry enabled = only({approve(bytes)});
   EXPECT_EQ(enabled.state, PluginState::enabled) << enabled.reason;
   EXPECT_EQ(enabled.serving_sha256, sha256_hex(bytes));
   EXPECT_EQ(enabled.copy, data_ / "plugins" / enabled.sha256 / ("variant" + std::string(kSuffix)));
   EXPECT_EQ(read_file(enabled.copy), bytes);
   EXPECT_EQ(enabled.serving_copy, enabled.copy);
   ASSERT_TRUE(enabled.serving_manifest);
   EXPECT_EQ(enabled.serving_manifest->id, "variant");

   const CatalogEntry disabled = only({approve(bytes, false)});
   EXPECT_EQ(disabled.state, PluginState::disabled);
   EXPECT_EQ(disabled.reason, "");
   EXPECT_EQ(disabled.serving_sha256, "");
   EXPECT_TRUE(disabled.serving_copy.empty());
}

// The library of this test says when its code runs.
TEST_F(CatalogTest, no_line_of_a_plugin_runs_before_the_approved_bytes_are_loaded) {
   constexpr const char* kRan = "MSP_VARIANT_RAN";
   const std::string bytes = library("variant_with_a_start");
   drop("variant", bytes);
   EXPECT_EQ(only().state, PluginState::available);
   EXPECT_EQ(only({approve(bytes, false)}).state, PluginState::disabled);
   const CatalogEntry approved = only({approve(bytes)});
   EXPECT_EQ(approved.state, PluginState::enabled);
   EXPECT_EQ(std::getenv(kRan), nullptr);

   Host host(HostOptions{});
   ASSERT_TRUE(host.load(approved));
   EXPECT_STREQ(std::getenv(kRan), "yes");
}

TEST_F(CatalogTest, only_files_with_a_librarys_suffix_are_looked_at) {
   write_file(plugins_ / "README.md", "text");
   write_file(plugins_ / "variant.so.bak", "text");
   write_file(plugins_ / kSuffix, "a hidden file without a suffix");
   EXPECT_TRUE(scan().empty());
}

TEST_F(CatalogTest, a_replaced_file_is_modified_and_the_approved_copy_keeps_serving) {
   const std::string approved = library("variant_sound");
   drop("variant", approved);
   only({approve(approved)});
   drop("variant", changed(approved));

   const CatalogEntry entry = only({approve(approved)});
   expect_refused(
       entry, PluginState::modified, "The file changed after it was approved; the approved version keeps serving.",
       "Review the change and enable the plugin again to approve the new version, or put the approved file back.");
   EXPECT_EQ(entry.code, "plugin.modified");
   EXPECT_EQ(entry.manifest->name, "Changed");
   EXPECT_EQ(entry.sha256, sha256_hex(changed(approved)));
   EXPECT_EQ(entry.serving_sha256, sha256_hex(approved));
   EXPECT_EQ(entry.serving_manifest->name, "Variant");
   EXPECT_EQ(read_file(entry.serving_copy), approved);

   const CatalogEntry again = only({approve(changed(approved))});
   EXPECT_EQ(again.state, PluginState::enabled);
   EXPECT_EQ(again.serving_manifest->name, "Changed");

   const CatalogEntry disabled = only({approve(approved, false)});
   expect_refused(
       disabled, PluginState::modified, "The file changed after it was approved.",
       "Review the change and enable the plugin again to approve the new version, or put the approved file back.");
   EXPECT_TRUE(disabled.serving_copy.empty());
   ASSERT_TRUE(disabled.approved_manifest) << "to compare with";
   EXPECT_EQ(disabled.approved_manifest->name, "Variant");

   fs::remove_all(data_ / "plugins" / sha256_hex(approved));
   EXPECT_THAT(only({approve(approved, false)}).reason, HasSubstr("What is new in it cannot be told"));
}

TEST_F(CatalogTest, a_file_overwritten_with_something_unusable_leaves_the_approved_copy_serving) {
   const std::string approved = library("variant_sound");
   drop("variant", approved);
   only({approve(approved)});
   drop("variant", approved.substr(0, 1024));  // somebody is still copying

   const CatalogEntry entry = only({approve(approved)});
   expect_refused(entry, PluginState::invalid,
                  "The file is cut off: its headers name more than the 1024 bytes that are there. The approved version "
                  "keeps serving.",
                  kCopyAgain);
   EXPECT_EQ(read_file(entry.serving_copy), approved);
   EXPECT_EQ(entry.serving_manifest->id, "variant");
   ASSERT_TRUE(entry.manifest) << "the row must still say whose it is";
   EXPECT_EQ(entry.manifest->id, "variant");

   const CatalogEntry disabled = only({approve(approved, false)});
   EXPECT_EQ(disabled.state, PluginState::invalid);
   EXPECT_EQ(disabled.manifest->id, "variant");
   EXPECT_TRUE(disabled.serving_copy.empty());
}

TEST_F(CatalogTest, an_approved_plugin_whose_file_is_gone_is_a_row_that_says_so) {
   const std::string approved = library("variant_sound");
   const fs::path file = drop("variant", approved);
   only({approve(approved)});
   fs::remove(file);

   {
      const CatalogEntry entry = only({approve(approved)});
      expect_refused(entry, PluginState::failed, "The file of the approved plugin 'variant' is gone.",
                     "Put the file back into the plugin directory, or disable the plugin and remove its integrations.");
      EXPECT_EQ(entry.code, "plugin.missing");
      EXPECT_TRUE(entry.file.empty());
      EXPECT_TRUE(entry.serving_copy.empty());
      ASSERT_TRUE(entry.manifest);
      EXPECT_EQ(entry.manifest->id, "variant");
   }
   EXPECT_TRUE(scan({approve(approved, false)}).empty()) << "nobody waits for one that is disabled";
   const CatalogEntry unknown = only({{"other", std::string(64, '0'), true}});
   EXPECT_EQ(unknown.reason, "The file of the approved plugin 'other' is gone.");
   EXPECT_FALSE(unknown.manifest);
   EXPECT_EQ(only({{"other", "../../etc", true}}).state, PluginState::failed);
}

TEST_F(CatalogTest, a_directory_that_cannot_be_looked_at_does_not_stop_an_approved_plugin) {
   const std::string approved = library("variant_sound");
   drop("variant", approved);
   only({approve(approved)});
   const fs::path other = directory_.path() / "other";
   fs::create_directory(other);
   fs::rename(plugins_, directory_.path() / "renamed");
   const std::string reason =
       "The directory does not exist. So the file of the approved plugin 'variant' was not looked for in '" +
       plugins_.string() + "'.";

   for (const bool enabled : {true, false}) {
      const auto entries = Catalog({other, plugins_}, data_).scan(std::vector{approve(approved, enabled)});
      ASSERT_EQ(entries.size(), 2U);
      EXPECT_EQ(entries[0].file, plugins_) << "the directory has its own row";
      const CatalogEntry& entry = entries[1];
      expect_refused(entry, PluginState::failed, reason + (enabled ? " The approved version keeps serving." : ""),
                     entries[0].remedy);
      EXPECT_EQ(entry.code, "plugin.missing");
      EXPECT_TRUE(entry.file.empty());
      ASSERT_TRUE(entry.manifest);
      EXPECT_EQ(entry.manifest->id, "variant");
      EXPECT_EQ(entry.serving_manifest.has_value(), enabled);
      EXPECT_EQ(entry.serving_sha256, enabled ? sha256_hex(approved) : "");
      EXPECT_EQ(enabled ? read_file(entry.serving_copy) : approved, approved);
   }
   fs::rename(directory_.path() / "renamed", plugins_);
   EXPECT_EQ(only({approve(approved)}).state, PluginState::enabled);
}

TEST_F(CatalogTest, where_a_directory_cannot_be_looked_at_a_tampered_copy_is_still_never_served) {
   const std::string approved = library("variant_sound");
   drop("variant", approved);
   const fs::path copy = only({approve(approved)}).serving_copy;
   fs::permissions(copy, fs::perms::owner_all);
   write_file(copy, changed(approved));
   fs::rename(plugins_, directory_.path() / "renamed");

   const auto entries = scan({approve(approved)});
   ASSERT_EQ(entries.size(), 2U);
   for (const CatalogEntry& entry : entries) EXPECT_TRUE(entry.serving_copy.empty());
   EXPECT_EQ(entries[0].code, "plugin.modified");
   EXPECT_EQ(entries[0].reason,
             "The directory does not exist. So the file of the approved plugin 'variant' was not looked for in '" +
                 plugins_.string() +
                 "'. The approved copy of the plugin was changed after it was approved, so it is not loaded.");
   EXPECT_THAT(entries[0].remedy, HasSubstr(copy.string()));
}

TEST_F(CatalogTest, a_copy_that_was_tampered_with_is_never_served) {
   const std::string approved = library("variant_sound");
   drop("variant", approved);
   const fs::path copy = only({approve(approved)}).serving_copy;
   fs::permissions(copy, fs::perms::owner_all);
   write_file(copy, changed(approved));

   const CatalogEntry entry = only({approve(approved)});
   expect_refused(entry, PluginState::failed,
                  "The approved copy of the plugin was changed after it was approved, so it is not loaded.",
                  "Find out who changed '" + copy.string() + "', then remove its directory: the copy is made again.");
   EXPECT_EQ(entry.code, "plugin.modified");
   EXPECT_TRUE(entry.serving_copy.empty());
   EXPECT_FALSE(entry.serving_manifest);

   fs::remove_all(copy.parent_path());
   EXPECT_EQ(only({approve(approved)}).state, PluginState::enabled);
}

TEST_F(CatalogTest, a_copy_that_is_gone_is_made_again_only_from_the_approved_bytes) {
   const std::string approved = library("variant_sound");
   drop("variant", approved);
   fs::remove_all(only({approve(approved)}).copy.parent_path());
   EXPECT_EQ(only({approve(approved)}).state, PluginState::enabled);

   drop("variant", changed(approved));
   fs::remove_all(data_ / "plugins" / sha256_hex(approved));
   expect_refused(only({approve(approved)}), PluginState::failed,
                  "The approved copy of the plugin is gone from the console's data directory.",
                  "Put the plugin into the plugin directory again, and enable it again.");
   EXPECT_EQ(only({approve(approved)}).code, "plugin.missing");
}

TEST_F(CatalogTest, two_files_with_one_id_are_both_duplicates_that_name_each_other) {
   const fs::path first = drop("a", library("variant_sound"));
   const fs::path second = drop("b", changed(library("variant_sound")));
   const auto entries = scan();
   ASSERT_EQ(entries.size(), 2U);
   expect_refused(entries[0], PluginState::duplicate,
                  "Another file has the same plugin id 'variant': " + second.string() + ".",
                  "Keep one of the two files and remove the other.");
   expect_refused(entries[1], PluginState::duplicate,
                  "Another file has the same plugin id 'variant': " + first.string() + ".",
                  "Keep one of the two files and remove the other.");
}

TEST_F(CatalogTest, of_duplicates_the_approved_one_stays_enabled) {
   const std::string approved = library("variant_sound");
   drop("a", changed(approved));
   const fs::path file = drop("b", approved);
   drop("c", changed(approved, "\"Variant\"", "\"Second1\""));
   const auto entries = scan({approve(approved)});
   ASSERT_EQ(entries.size(), 3U);
   EXPECT_EQ(entries[0].state, PluginState::duplicate);
   EXPECT_EQ(entries[1].state, PluginState::enabled) << entries[1].reason;
   EXPECT_EQ(read_file(entries[1].serving_copy), approved);
   EXPECT_EQ(entries[2].state, PluginState::duplicate);
   EXPECT_THAT(entries[2].reason, EndsWith(file.string() + "."));
   EXPECT_TRUE(entries[0].serving_copy.empty());
   EXPECT_TRUE(entries[2].serving_copy.empty());
}

TEST_F(CatalogTest, the_same_bytes_under_several_names_are_one_plugin) {
   const std::string bytes = library("variant_sound");
   drop("b", bytes);
   const fs::path first = drop("a", bytes);
   drop("c", bytes);
   EXPECT_EQ(only().state, PluginState::available) << only().reason;
   EXPECT_EQ(only().file, first);
   EXPECT_EQ(only({approve(bytes)}).state, PluginState::enabled);
   EXPECT_EQ(only({approve(bytes, false)}).state, PluginState::disabled);
   fs::remove(first);
   EXPECT_EQ(only({approve(bytes)}).state, PluginState::enabled) << "another one takes its place";

   const fs::path other = drop("d", changed(bytes));
   const auto entries = scan();
   ASSERT_EQ(entries.size(), 2U) << "what differs is told, each once";
   EXPECT_EQ(entries[0].state, PluginState::duplicate);
   EXPECT_THAT(entries[0].reason, EndsWith(other.string() + "."));
}

TEST_F(CatalogTest, two_new_versions_at_once_do_not_stop_the_approved_one) {
   const std::string approved = library("variant_sound");
   fs::remove((drop("a", approved), only({approve(approved)}).file));
   drop("a", changed(approved, "\"Variant\"", "\"Second1\""));
   drop("b", changed(approved, "\"Variant\"", "\"Second2\""));
   const auto entries = scan({approve(approved)});
   ASSERT_EQ(entries.size(), 2U);
   EXPECT_EQ(entries[0].state, PluginState::duplicate);
   EXPECT_EQ(read_file(entries[0].serving_copy), approved);
   EXPECT_EQ(entries[1].state, PluginState::duplicate);
}

TEST_F(CatalogTest, entries_are_sorted_by_plugin_then_file_and_several_directories_are_one_list) {
   const fs::path second = directory_.path() / "more";
   write_file(second / ("x" + std::string(kSuffix)), other_plugin());
   fs::permissions(second, fs::perms::owner_all);
   fs::permissions(second / ("x" + std::string(kSuffix)), fs::perms::owner_all);
   drop("a", library("variant_sound"));
   drop("z", "text");
   const auto entries = Catalog({plugins_, second}, data_).scan({});
   ASSERT_EQ(entries.size(), 3U);
   EXPECT_EQ(entries[0].file.stem(), "z");
   EXPECT_EQ(entries[1].manifest->id, "another");
   EXPECT_EQ(entries[2].manifest->id, "variant");
}

TEST_F(CatalogTest, a_directory_that_does_not_exist_is_a_row_that_says_so) {
   const fs::path missing = directory_.path() / "missing";
   const auto entries = Catalog({missing}, data_).scan({});
   ASSERT_EQ(entries.size(), 1U);
   EXPECT_EQ(entries[0].state, PluginState::invalid);
   EXPECT_EQ(entries[0].reason, "The directory does not exist.");
   EXPECT_THAT(entries[0].remedy, HasSubstr(missing.string()));
   EXPECT_EQ(entries[0].file, missing);

   write_file(missing, "a file");
   EXPECT_EQ(Catalog({missing}, data_).scan({}).at(0).reason, "It is not a directory.");
}

TEST_F(CatalogTest, a_data_directory_that_cannot_be_written_is_told) {
   const std::string bytes = library("variant_sound");
   drop("variant", bytes);
   write_file(data_, "a file where the directory should be");
   EXPECT_EQ(only().state, PluginState::available) << "looking needs no place";
   const CatalogEntry entry = only({approve(bytes)});
   EXPECT_EQ(entry.state, PluginState::failed);
   EXPECT_THAT(entry.reason, testing::StartsWith("The plugin cannot be copied to '"));
   EXPECT_EQ(entry.code, "host.storage");
   EXPECT_EQ(entry.remedy, "Make sure that the console's data directory is writable and has space left.");
   EXPECT_TRUE(entry.copy.empty());
}

TEST_F(CatalogTest, a_library_cut_off_at_every_512_bytes_is_refused_with_the_size_that_is_there) {
   const std::string whole = library("variant_sound");
   for (std::size_t size = 512; size < whole.size(); size += 512) {
      drop("variant", whole.substr(0, size));
      expect_refused(
          only(), PluginState::invalid,
          "The file is cut off: its headers name more than the " + std::to_string(size) + " bytes that are there.",
          kCopyAgain);
   }
   EXPECT_FALSE(fs::exists(data_)) << "nothing of a bad file may be kept";
}

TEST_F(CatalogTest, a_manifest_of_another_abi_is_incompatible) {
   drop("variant", changed(library("variant_sound"), "\"major\": 1", "\"major\": 2"));
   expect_refused(only(), PluginState::incompatible,
                  "The plugin needs version 2.0 of the plugin contract, this console has 1.0.",
                  "Update the plugin, or the console, whichever is older.");
   EXPECT_EQ(only().code, "plugin.incompatible");
}

TEST_F(CatalogTest, what_is_wrong_with_a_manifest_is_told_with_its_place) {
   drop("variant", changed(library("variant_sound"), "\"kind\": \"text\"", "\"kind\": \"tixt\""));
   expect_refused(only(), PluginState::incompatible,
                  "The plugin's form has a field of the kind \"tixt\", which this console does not know.",
                  "Update the plugin, or the console, whichever is older.");
   drop("variant", changed(library("variant_sound"), "\"required\": true", "\"required\":  123"));
   expect_refused(only(), PluginState::invalid,
                  "The plugin's manifest has a mistake: fields[0].required: must be true or false.", kAskAuthor);
}

TEST_F(CatalogTest, two_scans_at_once_leave_whole_copies) {
   const std::string bytes = library("variant_sound");
   drop("variant", bytes);
   std::vector<std::thread> threads;
   threads.reserve(4);
   while (threads.size() < 4) {
      threads.emplace_back([&] {
         const CatalogEntry entry = only({approve(bytes)});
         EXPECT_EQ(entry.state, PluginState::enabled) << entry.reason;
      });
   }
   for (std::thread& thread : threads) thread.join();
   const fs::path kept = data_ / "plugins" / sha256_hex(bytes);
   EXPECT_EQ(std::distance(fs::directory_iterator(kept), fs::directory_iterator()), 1);
}

TEST_F(CatalogTest, an_unchanged_directory_is_looked_at_without_reading_a_library) {
   const std::string bytes = library("variant_sound");
   drop("variant", bytes);
   drop("text", "no library");
   const std::vector<Approval> approvals = {approve(bytes)};
   const Catalog catalog({plugins_}, data_);
   (void)catalog.scan(approvals);  // reads the file, and makes the copy
   (void)catalog.scan(approvals);
   const std::uint64_t before = catalog.bytes_read();
   EXPECT_LE(before, 2 * bytes.size() + 10) << "the file and its copy once each";
   for (int i = 0; i < 3; ++i) {
      const auto entries = catalog.scan(approvals);
      ASSERT_EQ(entries.size(), 2U);
      EXPECT_EQ(entries[1].state, PluginState::enabled);
   }
   EXPECT_EQ(catalog.bytes_read(), before);

   const fs::path file = drop("variant", changed(bytes));  // as long as before
   fs::last_write_time(file, fs::last_write_time(plugins_ / ("text" + std::string(kSuffix))));
   EXPECT_EQ(catalog.scan(approvals)[1].state, PluginState::modified) << "also when its time was set back";
   EXPECT_EQ(catalog.bytes_read(), before + bytes.size());
}

// The copy was proven when it was looked at; what counts is what is loaded.
TEST_F(CatalogTest, a_copy_that_is_changed_after_the_look_is_not_loaded) {
   const std::string bytes = library("variant_sound");
   drop("variant", bytes);
   const CatalogEntry entry = only({approve(bytes)});
   ASSERT_EQ(entry.state, PluginState::enabled);
   fs::permissions(entry.serving_copy, fs::perms::owner_all);
   write_file(entry.serving_copy, changed(bytes));
   Host host(HostOptions{});
   const auto plugin = host.load(entry);
   ASSERT_FALSE(plugin);
   EXPECT_EQ(plugin.finding().code, "plugin.modified");
   EXPECT_EQ(host.load_problem(entry.serving_sha256)->code, "plugin.modified");
}

TEST_F(CatalogTest, an_approval_of_another_plugins_bytes_serves_nothing) {
   const std::string mine = library("variant_sound");
   drop("variant", mine);
   drop("another", other_plugin());
   const std::vector<Approval> approvals = {{"variant", sha256_hex(other_plugin()), true},
                                            {"another", sha256_hex(other_plugin()), true}};
   for (const bool there : {true, false}) {
      for (const CatalogEntry& entry : scan(approvals)) {
         if (!entry.manifest || entry.manifest->id != "variant") continue;
         EXPECT_EQ(name(entry.state), "failed");
         EXPECT_TRUE(entry.serving_copy.empty());
         if (there) {
            EXPECT_THAT(entry.reason, HasSubstr("What was approved for the plugin 'variant' is the plugin 'another'"));
         }
      }
      fs::remove(plugins_ / ("variant" + std::string(kSuffix)));
   }
}

TEST_F(CatalogTest, copies_that_no_approval_names_are_removed_an_hour_later) {
#ifdef _WIN32
   GTEST_SKIP() << "gcc's library cannot set the time of a directory there";
#endif
   const std::string old_bytes = library("variant_sound");
   const std::string new_bytes = changed(old_bytes);
   const Catalog catalog({plugins_}, data_);
   for (const std::string& bytes : {old_bytes, new_bytes}) {
      drop("variant", bytes);
      (void)catalog.scan(std::vector{approve(bytes)});
   }
   const auto copies = [&] {
      return std::distance(fs::directory_iterator(data_ / "plugins"), fs::directory_iterator());
   };
   const std::vector<Approval> approvals = {approve(new_bytes, false)};
   catalog.remove_unneeded_copies(approvals);
   EXPECT_EQ(copies(), 2) << "another console may be about to approve it";
   for (const auto& copy : fs::directory_iterator(data_ / "plugins")) {
      fs::last_write_time(copy, fs::file_time_type::clock::now() - std::chrono::hours(2));
   }
   catalog.remove_unneeded_copies(approvals);
   EXPECT_EQ(copies(), 1);
   EXPECT_TRUE(fs::exists(data_ / "plugins" / sha256_hex(new_bytes)));
}

TEST_F(CatalogTest, every_bad_library_has_its_own_sentence) {
   struct Case {
      std::string bytes;
      PluginState state;
      std::string reason, remedy;
   };
   const std::string system = kSystem;
   const Case cases[] = {
       {"", PluginState::invalid, "The file is empty.", kCopyAgain},
       {"<html>Not found</html>", PluginState::invalid, "The file is not a library for " + system + ".", kDropLibrary},
       {for_arm64(library("variant_sound")), PluginState::incompatible,
        "The library is for ARM64; this computer is x86-64.", "Get the plugin for x86-64."},
       {with_32_bits(library("variant_sound")), PluginState::incompatible,
        "The library is a 32-bit one; this console is 64-bit.", "Get the plugin for 64-bit x86-64."},
       {kOtherMagic, PluginState::incompatible,
        std::string("The library is for ") + kOtherSystem + "; this console runs on " + system + ".",
        "Get the plugin for " + system + "."},
       {read_file(MSP_TEST_PROGRAM), PluginState::invalid, "The file is a program, not a library.", kDropLibrary},
       {library("broken_no_plugin"), PluginState::invalid,
        "The library is not a plugin: it exports neither msp_plugin_manifest nor msp_plugin_entry.",
        "Remove it from the plugin directory."},
       {library("broken_no_manifest"), PluginState::invalid,
        "The library does not export msp_plugin_manifest, so it does not say what it is.", kAskAuthor},
       {library("broken_no_entry"), PluginState::invalid,
        "The library does not export msp_plugin_entry, so it cannot be used as a plugin.", kAskAuthor},
       {library("broken_entry_is_data"), PluginState::invalid, "The library's msp_plugin_entry is not a function.",
        kAskAuthor},
       {library("broken_writable_manifest"), PluginState::invalid,
        "The library's msp_plugin_manifest is not constant data.", kAskAuthor},
       {library("broken_endless_manifest"), PluginState::invalid,
        "The library's msp_plugin_manifest does not end within 1048576 bytes.", kAskAuthor},
       {library("broken_not_json"), PluginState::invalid,
        "The plugin's manifest has a mistake: line 1, column 1: is not JSON: Invalid value.", kAskAuthor},
   };
   for (const auto& [bytes, state, reason, remedy] : cases) {
      SCOPED_TRACE(reason);
      drop("variant", bytes);
      expect_refused(only(), state, reason, remedy);
   }
}

}  // namespace
}  // namespace msp::host
