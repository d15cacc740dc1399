#include "loader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "test_support/guarded_memory.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;
using test_support::GuardedMemory;

constexpr const char* kUpdate = "Update the plugin, or the console, whichever is older.";
constexpr const char* kAskAuthor = "Ask the plugin's author for a corrected version.";

const void* MSP_CALL no_service(const msp_host*, const char*) noexcept { return nullptr; }
void MSP_CALL no_log(const msp_host*, std::int32_t, const char*) noexcept {}

constexpr msp_host kHost = {sizeof(msp_host), MSP_ABI_MAJOR, MSP_ABI_MINOR, 0,     nullptr,
                            "test",           "1",           no_service,    no_log};

msp_outcome MSP_CALL create(const msp_host*, msp_connection**) noexcept { return MSP_FAILED; }
void MSP_CALL destroy(msp_connection*) noexcept {}
msp_outcome MSP_CALL operate(msp_connection*, const msp_call*) noexcept { return MSP_FAILED; }

constexpr msp_plugin kSound = {
    sizeof(msp_plugin), MSP_ABI_MAJOR, MSP_ABI_MINOR, 0, create, destroy, operate, operate, operate, nullptr};

const msp_plugin* offered = nullptr;
msp_outcome answer = MSP_ACCEPTED;

msp_outcome MSP_CALL offer(const msp_host*, const msp_plugin** plugin) noexcept {
   *plugin = offered;
   return answer;
}

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
   answer = MSP_ACCEPTED;
   return negotiate(&offer, kHost);
}

void expect_problem(const Result<const msp_plugin*>& result, const char* code, const std::string& summary,
                    const char* remedy) {
   ASSERT_FALSE(result) << "accepted, wanted: " << summary;
   EXPECT_EQ(result.problem().code, code);
   EXPECT_EQ(result.problem().summary, summary);
   EXPECT_EQ(result.problem().remedy, remedy);
}

TEST(Negotiate, a_table_of_1_0_is_accepted_and_not_read_beyond_its_end) {
   const auto table = negotiate_guarded(kSound, sizeof(msp_plugin));
   ASSERT_TRUE(table) << table.problem().summary;
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

TEST(Negotiate, a_plugin_that_needs_a_newer_host_is_incompatible) {
   msp_plugin demanding = kSound;
   demanding.abi_minor = 3;
   demanding.host_minor_min = 3;
   expect_problem(negotiate_guarded(demanding, sizeof(msp_plugin)), "plugin.incompatible",
                  "The plugin needs a console with version 1.3 of the plugin contract, this console has 1.0.", kUpdate);
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

TEST(Negotiate, what_the_entry_answers_is_taken_at_its_word) {
   offered = nullptr;
   answer = MSP_ACCEPTED;
   expect_problem(negotiate(&offer, kHost), "plugin.defect",
                  "The plugin's entry was successful but handed over no table.", kAskAuthor);
   offered = &kSound;
   answer = MSP_INCOMPATIBLE;
   expect_problem(
       negotiate(&offer, kHost), "plugin.incompatible",
       "The plugin says that it cannot work with this console, which has version 1.0 of the plugin contract.", kUpdate);
   for (const msp_outcome outcome : {MSP_REFUSED, MSP_FAILED, -1, 4711}) {
      answer = outcome;
      expect_problem(negotiate(&offer, kHost), "plugin.defect",
                     "The plugin's entry answered " + std::to_string(outcome) +
                         "; it may only answer 0 (accepted) or 8 (incompatible).",
                     kAskAuthor);
   }
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
   ASSERT_TRUE(table) << table.problem().summary;
   msp_connection* connection = nullptr;
   ASSERT_EQ(table.value()->create(&kHost, &connection), MSP_ACCEPTED);
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
   ASSERT_TRUE(table) << table.problem().summary;
   std::error_code in_use;  // Windows does not let go of a loaded library's file
   fs::remove(copy, in_use);
   msp_connection* connection = nullptr;
   EXPECT_EQ(table.value()->create(&kHost, &connection), MSP_ACCEPTED);
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
       {"variant_needs_newer_host", "plugin.incompatible",
        "The plugin needs a console with version 1.3 of the plugin contract, this console has 1.0.", kUpdate},
       {"variant_without_destroy", "plugin.defect", "The plugin's table has no function destroy.", kAskAuthor},
       {"variant_without_table", "plugin.defect", "The plugin's entry was successful but handed over no table.",
        kAskAuthor},
       {"variant_refusing", "plugin.incompatible",
        "The plugin says that it cannot work with this console, which has version 1.0 of the plugin contract.",
        kUpdate},
       {"variant_nonsense", "plugin.defect",
        "The plugin's entry answered 4711; it may only answer 0 (accepted) or 8 (incompatible).", kAskAuthor},
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

#if !defined(_WIN32)  // where the linker refuses it
TEST(Loader, a_symbol_that_nobody_has_is_named) {
   expect_problem(load_plugin(library("broken_undefined_symbol"), kHost), "plugin.defect",
                  "The plugin uses msp_nobody_has_this, which no library provides.", kAskAuthor);
}
#endif

}  // namespace
}  // namespace msp::host
