#include "library/catalog_decision.hpp"

#include <gtest/gtest.h>

#include <string>

namespace msp::host {
namespace {

std::shared_ptr<const LibraryFile> library(const std::string& sha256, const std::string& id = "it") {
   Manifest manifest;
   manifest.id = id;
   return std::make_shared<const LibraryFile>(LibraryFile{sha256, manifest, {}, {}});
}

CatalogFacts::Found found(const char* file, Result<std::shared_ptr<const LibraryFile>> what) {
   return {file, std::move(what), {}, {}};
}

CatalogFacts::Copy copy_of(const std::string& sha256, bool enabled) {
   return {{"it", sha256, enabled, Isolation::process}, "/copies/it.so", library(sha256), {}};
}

const Finding kUnreadable{"plugin.defect", "It cannot be read.", "Let it be read."};

TEST(CatalogDecision, each_state_follows_from_what_was_found_and_what_was_approved) {
   struct Case {
      const char* what;
      CatalogFacts facts;
      PluginState state;
      const char* serving;
   };
   const CatalogFacts::Found approved = found("/p/it.so", library("old"));
   const CatalogFacts::Found changed = found("/p/it.so", library("new"));
   const CatalogFacts::Found unreadable = found("/p/it.so", kUnreadable);
   CatalogFacts::Copy lost = copy_of("old", true);
   lost.library = kUnreadable;
   CatalogFacts::Copy of_another = copy_of("old", true);
   of_another.library = library("old", "another");
   const CatalogFacts::Unseen unseen{"/p", kUnreadable};
   const Case cases[] = {
       {"nobody approved it", {{approved}, {}, {}}, PluginState::available, ""},
       {"approved", {{approved}, {copy_of("old", true)}, {}}, PluginState::enabled, "old"},
       {"approved and switched off", {{approved}, {copy_of("old", false)}, {}}, PluginState::disabled, ""},
       {"changed", {{changed}, {copy_of("old", true)}, {}}, PluginState::modified, "old"},
       {"changed and switched off", {{changed}, {copy_of("old", false)}, {}}, PluginState::modified, ""},
       {"changed, and no copy is left", {{changed}, {lost}, {}}, PluginState::failed, ""},
       {"its copy is another plugin", {{approved}, {of_another}, {}}, PluginState::failed, ""},
       {"overwritten", {{unreadable}, {copy_of("old", true)}, {}}, PluginState::invalid, "old"},
       {"unseen", {{}, {copy_of("old", true)}, {unseen}}, PluginState::failed, "old"},
       {"gone", {{}, {copy_of("old", true)}, {}}, PluginState::failed, ""},
   };
   for (const auto& [what, facts, state, serving] : cases) {
      const auto entries = decide(facts);
      ASSERT_FALSE(entries.empty()) << what;
      EXPECT_EQ(name(entries.back().state), name(state)) << what;
      EXPECT_EQ(entries.back().serving_sha256, serving) << what;
   }
   EXPECT_TRUE(decide({{}, {copy_of("old", false)}, {}}).empty()) << "nobody waits for it";
}

TEST(CatalogDecision, of_several_files_with_one_id_only_the_approved_one_is_used) {
   const CatalogFacts facts{
       {found("/p/a.so", library("new")), found("/p/b.so", library("old"))}, {copy_of("old", true)}, {}};
   const auto entries = decide(facts);
   ASSERT_EQ(entries.size(), 2U);
   EXPECT_EQ(entries[0].state, PluginState::duplicate);
   EXPECT_EQ(entries[1].state, PluginState::enabled);
}

}  // namespace
}  // namespace msp::host
