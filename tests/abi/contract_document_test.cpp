// ABI.md promises a test for its rules: every test that it names must exist, and every rule that the host names in a
// finding must stand there.
#include <gmock/gmock.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "test_support/temp_dir.hpp"

namespace {

namespace fs = std::filesystem;

std::string document() { return test_support::read_file(fs::path(REPOSITORY) / "host_api/docs/ABI.md"); }

std::set<std::string> matches(const std::string& text, const char* pattern) {
   const std::regex regex(pattern);
   std::set<std::string> found;
   for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
      std::string match;
      for (std::size_t group = 1; group < it->size(); ++group) match += (match.empty() ? "" : ".") + (*it)[group].str();
      found.insert(match);
   }
   return found;
}

// All files below `directory` that end in `suffix`, as one text.
std::string sources(const char* directory, const char* suffix) {
   std::string text;
   for (const auto& entry : fs::recursive_directory_iterator(fs::path(REPOSITORY) / directory))
      if (entry.path().string().ends_with(suffix)) text += test_support::read_file(entry.path());
   return text;
}

TEST(ContractDocument, every_test_that_it_names_exists) {
   const auto named = matches(document(), "`([A-Z][A-Za-z]+)\\.([a-z][a-z0-9_]+)`");
   const auto existing = matches(sources("tests", ".cpp"), "TEST(?:_F|_P)?\\(([A-Za-z]+),\\s*([a-z][a-z0-9_]+)\\)");
   EXPECT_GT(named.size(), 20u);
   for (const auto& test : named) EXPECT_TRUE(existing.contains(test)) << test;
}

TEST(ContractDocument, every_rule_that_the_host_names_stands_in_it) {
   const auto rules = matches(document(), "\\*\\*(P[0-9]+)\\*\\*");
   const auto told = matches(sources("host_api/src", ".cpp"), "\"(P[0-9]+)\"");
   EXPECT_GT(told.size(), 10u);
   for (const auto& rule : told) EXPECT_TRUE(rules.contains(rule)) << rule;
}

}  // namespace
