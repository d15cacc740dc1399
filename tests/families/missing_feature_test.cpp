// A console without a feature that a plugin requires.
#include <gmock/gmock.h>

#include <algorithm>

#include "family.hpp"
#include "msp/host/catalog.hpp"

namespace msp::test {
namespace {

using console::test::ConsoleProgram;
using console::test::document;
using testing::HasSubstr;

constexpr const char* kReason = "The plugin needs msp.of_tomorrow/1, which this console does not have.";

// The plugin of this id in the list of the console.
const rapidjson::Value& listed(const rapidjson::Document& list, const std::string& file) {
   const auto plugins = list["plugins"].GetArray();
   const auto found = std::find_if(plugins.begin(), plugins.end(), [&](const auto& each) {
      return std::string(each["file"].GetString()).ends_with(file);
   });
   EXPECT_NE(found, plugins.end()) << file;
   return *found;
}

TEST(MissingFeature, is_named_before_anything_else_of_the_manifest_is_judged) {
   const test_support::TempDir data;
   const host::Catalog catalog({FAMILIES}, data.path());
   const auto entries = catalog.scan({});
   const auto found = std::ranges::find_if(entries, [](const host::CatalogEntry& entry) {
      return entry.file.filename() == std::string("missing_feature") + SUFFIX;
   });
   ASSERT_NE(found, entries.end());
   EXPECT_EQ(found->state, host::PluginState::incompatible);
   EXPECT_EQ(found->code, "plugin.incompatible");
   EXPECT_EQ(found->reason, kReason) << "its field of a kind that nobody knows comes with the feature";
   EXPECT_NE(found->remedy, "");
}

TEST(MissingFeature, on_the_command_line_the_plugin_is_listed_and_cannot_be_enabled) {
   const ConsoleProgram console;
   const auto list = document(console.run({"plugin", "list", "--json"}));
   const auto& plugin = listed(list, std::string("missing_feature") + SUFFIX);
   EXPECT_STREQ(plugin["state"].GetString(), "incompatible");
   EXPECT_STREQ(plugin["reason"].GetString(), kReason);
   EXPECT_FALSE(plugin["remedy"].IsNull());
   for (const std::string& name : {std::string("missing_feature"), std::string("missing_feature") + SUFFIX}) {
      const auto refused = console.run({"plugin", "enable", name, "--yes"});
      EXPECT_EQ(refused.exit_code, 9) << refused.out;
      EXPECT_THAT(refused.err, HasSubstr("The plugin needs msp.of_tomorrow/1")) << name;
   }
}

TEST(MissingFeature, on_the_command_line_an_update_that_requires_one_leaves_the_approved_plugin_serving) {
   Platform platform({"monitor.example.com"}, [](const sim::Request&) {
      return sim::Reply::json(R"({"account":"4711","user":"Console","may":"alerts"})");
   });
   ConsoleProgram console;
   const auto drop = console.directory() / "plugins";
   std::filesystem::create_directory(drop);
   std::filesystem::permissions(drop, std::filesystem::perms::owner_all);
   const auto file = drop / (std::string("query_key") + SUFFIX);
   const auto put = [&](const std::filesystem::path& from) {
      std::filesystem::copy_file(from, file, std::filesystem::copy_options::overwrite_existing);
      std::filesystem::permissions(file, std::filesystem::perms::owner_all);
   };
   console.environment["MSP_CONSOLE_PLUGIN_DIR"] = drop.string();
   console.environment["KEY"] = "key-1234567890";
   console.use(platform.simulator());
   put(std::filesystem::path(FAMILIES) / (std::string("query_key") + SUFFIX));
   EXPECT_EQ(console.run({"plugin", "enable", "query_key", "--yes"}).exit_code, 0);
   const auto added = console.run({"integration", "add", "--platform", "query_key", "--name", "Monitor", "--secret",
                                   "api_key=@env:KEY", "--no-input"});
   EXPECT_EQ(added.exit_code, 0) << added.err << added.out;

   put(UPDATED_QUERY_KEY);
   const auto list = document(console.run({"plugin", "list", "--json"}));
   EXPECT_EQ(list["plugins"][0]["reason"].GetString(), kReason + std::string(" The approved version keeps serving."));
   EXPECT_NE(console.run({"plugin", "enable", "query_key", "--yes"}).exit_code, 0);
   const auto checked = console.run({"integration", "check", "Monitor"});
   EXPECT_EQ(checked.exit_code, 0) << checked.err << checked.out;
}

}  // namespace
}  // namespace msp::test
