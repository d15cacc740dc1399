#include "library/loader.hpp"
#include "library/negotiation.hpp"

#if defined(__linux__)
#include <dlfcn.h>
#include <sys/statvfs.h>
#endif
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "library/loader_system.hpp"
#include "msp/host/host.hpp"
#include "msp/host/process.hpp"
#include "test_support/guarded_memory.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;
using test_support::GuardedMemory;

constexpr const char* kUpdate = "Update the plugin, or the console, whichever is older.";
constexpr const char* kAskAuthor = "Ask the plugin's author for a corrected version.";

const void* MSP_CDECL no_service(const msp_host*, const char*) noexcept { return nullptr; }
void MSP_CDECL no_log(const msp_host*, std::int32_t, const char*) noexcept {}

constexpr msp_host kHost = {sizeof(msp_host), MSP_ABI_MAJOR, MSP_ABI_MINOR, 0,     nullptr,
                            "test",           "1",           no_service,    no_log};

msp_connection* MSP_CDECL create(const msp_host*) noexcept { return nullptr; }
void MSP_CDECL destroy(msp_connection*) noexcept {}
msp_outcome MSP_CDECL operate(msp_connection*, const msp_call*) noexcept { return MSP_FAILED; }

constexpr msp_plugin kSound = {
    sizeof(msp_plugin), MSP_ABI_MAJOR, MSP_ABI_MINOR, 0, create, destroy, operate, operate, operate, nullptr};

const msp_plugin* offered = nullptr;
const msp_plugin* MSP_CDECL offer(const msp_host*) noexcept { return offered; }

// Mapped as long as the tests run, as tables are: results point into it.
std::byte* guarded(std::size_t size) {
   static std::vector<std::unique_ptr<GuardedMemory>> mapped;
   return mapped.emplace_back(std::make_unique<GuardedMemory>(size))->data();
}

// Puts the first `size` bytes of the table right before memory that must not be read; its end is aligned as the table.
Result<const msp_plugin*> negotiate_guarded(msp_plugin table, std::uint32_t size) {
   table.struct_size = size;
   const std::size_t room = std::max<std::size_t>((std::size_t{size} + 7) / 8 * 8, 8);
   std::byte* memory = guarded(room);
   std::memset(memory, 0, room);
   std::memcpy(memory, &table, std::min(room, sizeof table));
   offered = reinterpret_cast<const msp_plugin*>(memory);
   return negotiate(&offer, kHost);
}

void expect_problem(const Result<const msp_plugin*>& result, const char* code, const std::string& summary,
                    const char* remedy) {
   ASSERT_FALSE(result) << "accepted, wanted: " << summary;
   EXPECT_EQ(result.finding().code, code);
   EXPECT_EQ(result.finding().summary, summary);
   EXPECT_EQ(result.finding().remedy, remedy);
}

TEST(Negotiate, a_table_of_1_0_is_accepted_and_not_read_beyond_its_end) {
   const auto table = negotiate_guarded(kSound, sizeof(msp_plugin));
   ASSERT_TRUE(table) << table.finding().summary;
   EXPECT_EQ(table.value(), offered);
   EXPECT_EQ(table.value()->authenticate, &operate);
}

TEST(Negotiate, a_longer_table_of_a_newer_plugin_is_accepted) {
   msp_plugin newer = kSound;
   newer.abi_minor = 7;
   EXPECT_TRUE(negotiate_guarded(newer, sizeof(msp_plugin) + 64));
}

TEST(Negotiate, a_shorter_table_is_incompatible_and_not_read_beyond_its_end) {
   for (std::uint32_t size = 16; size < sizeof(msp_plugin); size += 4) {
      expect_problem(
          negotiate_guarded(kSound, size), "plugin.incompatible",
          "The plugin's table has " + std::to_string(size) + " bytes, version 1.0 of the plugin contract needs 64.",
          kUpdate);
   }
}

TEST(Negotiate, a_table_that_does_not_hold_its_version_is_a_defect) {
   for (const std::uint32_t size : {0U, 4U, 8U, 12U}) {
      expect_problem(negotiate_guarded(kSound, size), "plugin.defect",
                     "The plugin's table has " + std::to_string(size) + " bytes and does not even hold its version.",
                     kAskAuthor);
   }
}

TEST(Negotiate, another_major_is_incompatible_whatever_its_table_looks_like) {
   msp_plugin other = kSound;
   other.abi_major = 2;
   other.abi_minor = 5;
   for (const std::uint32_t size : {16U, 64U, 128U}) {
      expect_problem(negotiate_guarded(other, size), "plugin.incompatible",
                     "The plugin was built for version 2.5 of the plugin contract, this console has 1.0.", kUpdate);
   }
}

TEST(Negotiate, a_missing_function_is_named) {
   struct Case {
      const char* name;
      void (*take_away)(msp_plugin&);
   };
   const Case cases[] = {
       {"create", [](msp_plugin& table) { table.create = nullptr; }},
       {"destroy", [](msp_plugin& table) { table.destroy = nullptr; }},
       {"validate_credentials", [](msp_plugin& table) { table.validate_credentials = nullptr; }},
       {"check_permissions", [](msp_plugin& table) { table.check_permissions = nullptr; }},
       {"authenticate", [](msp_plugin& table) { table.authenticate = nullptr; }},
   };
   for (const auto& [name, take_away] : cases) {
      msp_plugin table = kSound;
      take_away(table);
      expect_problem(negotiate_guarded(table, sizeof(msp_plugin)), "plugin.defect",
                     std::string("The plugin's table has no function ") + name + ".", kAskAuthor);
   }
}

TEST(Negotiate, an_entry_without_a_table_is_told) {
   offered = nullptr;
   expect_problem(negotiate(&offer, kHost), "plugin.defect", "The plugin's entry handed over no table.", kAskAuthor);
}

fs::path library(const std::string& name) {
#if defined(_WIN32)
   return fs::path(MSP_TEST_PLUGINS) / (name + ".dll");
#else
   return fs::path(MSP_TEST_PLUGINS) / (name + ".so");
#endif
}

TEST(Loader, a_sound_plugin_is_loaded_and_works) {
   const auto table = load_plugin(library("variant_sound"), kHost);
   ASSERT_TRUE(table) << table.finding().summary;
   msp_connection* connection = table.value()->create(&kHost);
   ASSERT_NE(connection, nullptr);
   table.value()->destroy(connection);
}

// The host's table ends where 1.0 ends: an older plugin, or one that forgets MSP_HAS, must not need more.
TEST(Loader, a_host_table_of_exactly_1_0_is_enough_for_a_newer_plugin) {
   std::byte* memory = guarded(sizeof(msp_host));
   std::memcpy(memory, &kHost, sizeof kHost);
   const auto& host = *reinterpret_cast<const msp_host*>(memory);
   for (const char* name : {"variant_sound", "variant_newer"}) EXPECT_TRUE(load_plugin(library(name), host)) << name;
}

// The table of a later minor, as plugins know it that were built for that one.
struct LaterHost : msp_host {
   void (*later)();
};

TEST(Loader, a_plugin_sees_by_its_length_what_a_host_table_has) {
   std::byte* memory = guarded(sizeof(msp_host));
   std::memcpy(memory, &kHost, sizeof kHost);
   const auto* shorter = reinterpret_cast<const LaterHost*>(memory);
   EXPECT_TRUE(MSP_HAS(shorter, get_service));
   EXPECT_FALSE(MSP_HAS(shorter, later)) << "found out without touching what is not there";

   LaterHost longer{kHost, nullptr};
   longer.struct_size = sizeof longer;
   longer.abi_minor = 1;
   EXPECT_TRUE(MSP_HAS(&longer, later));
   for (const char* name : {"variant_sound", "variant_newer"}) EXPECT_TRUE(load_plugin(library(name), longer)) << name;
}

TEST(Loader, a_plugin_stays_in_memory_when_its_file_is_gone) {
   const test_support::TempDir directory;
   const fs::path copy = directory.path() / library("variant_sound").filename();
   fs::copy_file(library("variant_sound"), copy);
   const auto table = load_plugin(copy, kHost);
   ASSERT_TRUE(table) << table.finding().summary;
   std::error_code in_use;  // Windows does not let go of a loaded library's file
   fs::remove(copy, in_use);
   msp_connection* connection = table.value()->create(&kHost);
   EXPECT_NE(connection, nullptr);
   table.value()->destroy(connection);
}

TEST(Loader, every_variant_that_cannot_be_used_says_why) {
   struct Case {
      const char *name, *code, *summary, *remedy;
   };
   const Case cases[] = {
       {"variant_shorter", "plugin.incompatible",
        "The plugin's table has 56 bytes, version 1.0 of the plugin contract needs 64.", kUpdate},
       {"variant_other_major", "plugin.incompatible",
        "The plugin was built for version 2.0 of the plugin contract, this console has 1.0.", kUpdate},
       {"variant_without_destroy", "plugin.defect", "The plugin's table has no function destroy.", kAskAuthor},
       {"variant_without_table", "plugin.defect", "The plugin's entry handed over no table.", kAskAuthor},
   };
   for (const auto& [name, code, summary, remedy] : cases) {
      SCOPED_TRACE(name);
      expect_problem(load_plugin(library(name), kHost), code, summary, remedy);
   }
}

TEST(Loader, what_the_system_does_not_find_is_named) {
   const std::string missing = library("gone_dependency").filename().string();
   const std::string remedy = "Install " + missing + ", or ask the plugin's author for a version without it.";
   expect_problem(load_plugin(library("broken_missing_dependency"), kHost), "plugin.incompatible",
                  "The plugin needs the library " + missing + ", which this computer does not have.", remedy.c_str());
   expect_problem(load_plugin(library("broken_no_entry"), kHost), "plugin.defect",
                  "The library does not export msp_plugin_entry, so it cannot be used as a plugin.", kAskAuthor);
}

#if !defined(_WIN32)
// Both export the name msp_variant_shared, as any author's library may; each uses its own.
TEST(Loader, what_one_plugin_exports_is_seen_by_no_other) {
   for (const int number : {4, 5}) {
      const auto table = load_plugin(library("variant_shares_" + std::to_string(number)), kHost);
      ASSERT_TRUE(table) << table.finding().summary;
      EXPECT_EQ(table.value()->validate_credentials(nullptr, nullptr), number);
   }
   EXPECT_EQ(::dlsym(RTLD_DEFAULT, "msp_variant_shared"), nullptr);
   EXPECT_EQ(::dlsym(RTLD_DEFAULT, MSP_ENTRY_SYMBOL), nullptr);
}
#endif

LibraryToLoad to_load(const std::string& name, const fs::path& copy) {
   return {name, copy, test_support::read_file(library(name)), std::chrono::seconds(60), nullptr};
}

// Whoever exchanges the file between the look at its bytes and their loading gains nothing.
TEST(Loader, the_bytes_that_were_read_are_loaded_whatever_the_file_is_by_now) {
   const test_support::TempDir directory;
   const fs::path copy = directory.path() / library("variant_newer").filename();
   fs::copy_file(library("variant_other_major"), copy);
   const auto table = load_plugin(to_load("variant_newer", copy), kHost);
#if defined(_WIN32)
   ASSERT_FALSE(table);
   EXPECT_EQ(table.finding().code, "plugin.modified");
#else
   ASSERT_TRUE(table) << table.finding().summary;
   EXPECT_EQ(table.value()->abi_minor, 7U);
   fs::remove(copy);
   const auto other = load_plugin(to_load("variant_sound", copy), kHost);
   ASSERT_TRUE(other) << "the file is not needed, nor taken for the one before: " << other.finding().summary;
   EXPECT_NE(other.value(), table.value());
   EXPECT_EQ(other.value()->abi_minor, 0U);
#endif
}

#if defined(__linux__)
Finding explained(const fs::path& library, const std::string& message) {
   return explain_load_error(
       library,
       std::system_error(std::make_error_code(std::errc::bad_file_descriptor),
                         "boost::dll::shared_library::load() failed (dlerror system message: " + message + ")"));
}

TEST(Loader, what_this_computer_forbids_is_no_fault_of_the_plugin) {
   const fs::path library = "/usr/lib/plugin.so";
   const std::string cases[] = {
       library.string() + ": failed to map segment from shared object: Operation not permitted",
       library.string() + ": failed to map segment from shared object: Permission denied",
       library.string() + ": cannot open shared object file: Permission denied",
       library.string() + ": cannot allocate memory for program header: Cannot allocate memory",
       library.string() + ": cannot open shared object file: Too many open files",
   };
   for (const std::string& message : cases) {
      const Finding problem = explained(library, message);
      EXPECT_EQ(problem.code, "host.storage") << message;
      EXPECT_EQ(problem.remedy.find("author"), std::string::npos) << problem.remedy;
      EXPECT_EQ(problem.summary.find("needs the library"), std::string::npos) << problem.summary;
   }
}

TEST(Loader, a_mount_without_code_is_named) {
   struct statvfs system {};
   if (::statvfs("/proc/self/stat", &system) != 0 || (system.f_flag & ST_NOEXEC) == 0) {
      GTEST_SKIP() << "/proc is mounted without noexec here";
   }
   const Finding problem = explained(
       "/proc/self/stat", "/proc/self/stat: failed to map segment from shared object: Operation not permitted");
   EXPECT_EQ(problem.summary,
             "This computer runs no code from '/proc', which is mounted with \"noexec\"; the console's data directory "
             "lies there.");
   EXPECT_NE(problem.remedy.find("another data directory"), std::string::npos);
}

// Last: from then on no other plugin is loaded by this process.
TEST(Loader, zz_one_that_does_not_come_to_an_end_is_given_up_and_named_by_every_later_load) {
   ASSERT_EQ(::setenv("MSP_VARIANT_ENDS", "hang load", 1), 0);
   testing::FLAGS_gtest_death_test_style = "threadsafe";
   EXPECT_EXIT(
       {
          LibraryToLoad hanging = to_load("variant_ends", library("variant_ends"));
          hanging.limit = std::chrono::milliseconds(100);
          const auto table = load_plugin(std::move(hanging), kHost);
          const auto next = load_plugin(to_load("variant_sound", library("variant_sound")), kHost);
          const bool told =
              !table && table.finding().code == "plugin.hung" &&
              table.finding().summary ==
                  "The plugin variant_ends does not come to an end while it is loaded; it was given up after 100 ms." &&
              !next && next.finding().code == "plugin.hung" &&
              next.finding().summary.find("because the plugin variant_ends") != std::string::npos && has_stuck_load();
          std::_Exit(told ? 7 : 1);
       },
       testing::ExitedWithCode(7), "");
   ::unsetenv("MSP_VARIANT_ENDS");
}
#endif

#if !defined(_WIN32)  // where the linker refuses it
TEST(Loader, a_symbol_that_nobody_has_is_named) {
   expect_problem(load_plugin(library("broken_undefined_symbol"), kHost), "plugin.defect",
                  "The plugin uses msp_nobody_has_this, which no library provides.", kAskAuthor);
}
#endif

}  // namespace
}  // namespace msp::host
