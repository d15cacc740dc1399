// ABI.md promises a test for its rules: every test that it names must exist, and every rule that the host names in a
// finding must stand there.
#include <gmock/gmock.h>

#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "test_support/temp_dir.hpp"

namespace {

namespace fs = std::filesystem;

constexpr const char* kTestName = "`([A-Z][A-Za-z]+)\\.([a-z][a-z0-9_]+)`";

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
   const auto named = matches(document(), kTestName);
   const auto existing = matches(sources("tests", ".cpp"), "TEST(?:_F|_P)?\\(([A-Za-z]+),\\s*([a-z][a-z0-9_]+)\\)");
   EXPECT_GT(named.size(), 20u);
   for (const auto& test : named) EXPECT_TRUE(existing.contains(test)) << test;
}

// Only a rule that the host cannot notice breaking may go without.
TEST(ContractDocument, every_rule_names_a_test) {
   std::istringstream lines(document());
   int rules = 0;
   for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("| **")) continue;
      ++rules;
      const bool unnoticed = line.starts_with("| **P") && line.find("| Not noticed") != std::string::npos;
      EXPECT_TRUE(unnoticed || !matches(line, kTestName).empty()) << line;
   }
   EXPECT_GT(rules, 30);
}

TEST(ContractDocument, every_family_of_sign_in_has_its_plugin_and_its_test) {
   const std::string text = document();
   const auto begin = text.find("\n## How each family signs in");
   ASSERT_NE(begin, std::string::npos);
   const auto section = text.substr(begin, text.find("\n## ", begin + 1) - begin);
   const auto in_rows = matches(section, "\\| `([a-z0-9_]+)` \\|\n");
   std::set<std::string> sources, plugins;
   for (const auto& entry : fs::directory_iterator(fs::path(REPOSITORY) / "tests/plugins_under_test/families")) {
      const std::string file = entry.path().filename().string();
      plugins.insert(file.substr(0, file.find('.')));
      if (file.ends_with(".cpp")) sources.insert(entry.path().stem().string());
   }
   EXPECT_EQ(in_rows, sources);
   for (const auto& name : plugins) {
      EXPECT_NE(section.find('`' + name + '`'), std::string::npos) << name;
      EXPECT_TRUE(fs::exists(fs::path(REPOSITORY) / "tests/families" / (name + "_test.cpp"))) << name;
   }
}

TEST(ContractDocument, every_rule_that_the_host_names_stands_in_it) {
   const auto rules = matches(document(), "\\*\\*(P[0-9]+)\\*\\*");
   const auto told = matches(sources("host_api/src", ".cpp"), "\"(P[0-9]+)\"");
   EXPECT_GT(told.size(), 10u);
   for (const auto& rule : told) EXPECT_TRUE(rules.contains(rule)) << rule;
}

TEST(ContractDocument, its_finding_codes_are_those_that_the_host_knows) {
   const std::string text = document();
   const auto begin = text.find("## Finding codes");
   const auto end = text.find("## How it evolves");
   ASSERT_LT(begin, end);
   const auto table = text.substr(text.find("| group", begin), end - text.find("| group", begin));
   const auto known = matches(sources("host_api/src", "finding_codes.cpp"), "\"([a-z]+(?:\\.[a-z_]+)?)\"");
   EXPECT_EQ(matches(table, "`([a-z]+(?:\\.[a-z_]+)?)`"), known);

   // Host, console and page say no code that is not in the list.
   constexpr const char* kSaid =
       "[\"'](usage|(?:access|account|auth|check|host|input|integration|name|net|page|perm|platform|plugin|request)"
       "\\.[a-z_]+)[\"']";
   for (const char* room : {"base", "contract", "isolation", "library", "manifest", "net", "work"})
      for (const char* file : {".cpp", ".hpp"})
         for (const auto& code : matches(sources((std::string("host_api/src/") + room).c_str(), file), kSaid))
            EXPECT_TRUE(known.contains(code)) << code;
   for (const char* room : {"cli", "core", "store", "vault", "web", "words"})
      for (const char* file : {".cpp", ".hpp", ".js"}) {
         const auto codes = matches(sources((std::string("host_stub/") + room).c_str(), file), kSaid);
         for (const auto& code : codes) EXPECT_TRUE(known.contains(code)) << room << " says " << code;
      }
}

}  // namespace
