#include "cli/columns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "cli/list_table.hpp"
#include "cli/output.hpp"

using namespace msp::console;

namespace {

struct Case {
   const char* text;
   std::size_t columns;
};

const Case kCases[] = {
    {"", 0},
    {"Autotask", 8},
    {"Zürich", 6},
    {"Zu\u0308rich", 6},  // the dots are a letter of their own
    {"Việt", 4},          // two accents on one letter
    {"東京", 4},          // Chinese letters are two columns wide
    {"ｱｲｳ", 3},           // half-width Japanese
    {"ＡＢ", 4},          // full-width Latin
    {"한국", 4},
    {"\u1112\u1161\u11AB", 2},  // the same first letter in its three parts
    {"Acme 🔒", 7},
    {"👨\u200D👩\u200D👧\u200D👦", 2},  // four people and three joiners: one sign
    {"👍🏽", 2},                // a thumb and its colour
    {"🇩🇪🇫🇷", 4},                    // two flags of two letters each
    {"❤", 1},
    {"❤\uFE0F", 2},  // the same sign as emoji
    {"❤\uFE0F\u200D🔥", 2},
    {"1\uFE0F\u20E3", 2},  // a key with a digit
    {"می\u200Cخواهم", 7},  // Persian, with a joiner between two parts of a word
    {"नमस्ते", 4},           // Hindi: the signs above and below take no column
    {"a\xFFz", 3},         // a byte that is no text is shown as one sign
    {"\xE2\x82", 2},       // as are two bytes of a sign that was cut
    {"\033[31mred\033[0m", 3},
    {"\033[31", 0},  // cut in the middle of a colour
};

TEST(Columns, a_text_is_as_wide_as_a_terminal_shows_it) {
   for (const Case& c : kCases) EXPECT_EQ(columns(c.text), c.columns) << c.text;
}

TEST(Columns, tables_line_up_whatever_the_names_are_written_in) {
   const Style style{false, true, 80};
   std::vector<std::vector<Cell>> rows;
   for (const Case& c : kCases)
      if (c.text[0] != '\033') rows.push_back({{c.text}, {"|"}});
   const std::string shown = table(rows, 2, style);
   std::size_t begin = 0;
   for (std::size_t end = shown.find('\n'); end != std::string::npos; end = shown.find('\n', begin)) {
      const std::string line = shown.substr(begin, end - begin);
      EXPECT_EQ(columns(line), 2U + 8 + 2 + 1) << line;
      begin = end + 1;
   }
}

// Columns go by their worth, then texts are cut; at each width every row is one line that fits.
TEST(Columns, a_list_shows_what_is_worth_most_in_the_room_that_there_is) {
   const std::vector<ListColumn> heads{{"NAME", 0, 20}, {"PLATFORM", 2}, {"STATE", 0, 20}, {"ACCOUNT", 3, 16}};
   const std::vector<std::vector<Cell>> rows{
       {{"A name of some length"}, {"autotask"}, {"active, 14 restricted"}, {"Northern office"}},
       {{"東京東京東京東京東京東京"}, {"kaseya_vsa"}, {"active"}, {""}}};
   for (const std::size_t terminal : {80U, 60U, 45U, 40U}) {
      const std::string shown = list_table(heads, rows, false, {false, true, 80, terminal});
      EXPECT_EQ(std::ranges::count(shown, '\n'), 3) << shown;
      std::istringstream lines(shown);
      for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), terminal) << line;
      EXPECT_EQ(shown.find("ACCOUNT") != std::string::npos, terminal == 80) << shown;
      EXPECT_EQ(shown.find("PLATFORM") != std::string::npos, terminal >= 60) << shown;
   }
   const std::string wide = list_table(heads, rows, true, {false, true, 80, 40});
   EXPECT_NE(wide.find("Northern office"), std::string::npos) << wide;
}

// A lead in colour has signs that take no room.
TEST(Columns, a_text_is_wrapped_at_the_same_words_with_and_without_colours) {
   const std::string plain = wrapped("one two three four", 2, 20, "lead: ");
   const std::string coloured = wrapped("one two three four", 2, 20, "\033[31mlead:\033[0m ");
   EXPECT_EQ(plain, "lead: one two three\n  four\n");
   EXPECT_EQ(coloured, "\033[31mlead:\033[0m one two three\n  four\n");
}

TEST(Columns, wide_letters_fill_a_line_twice_as_fast) {
   EXPECT_EQ(wrapped("東京 大阪", 0, 9, {}), "東京 大阪\n");
   EXPECT_EQ(wrapped("東京 大阪", 0, 8, {}), "東京\n大阪\n");
}

}  // namespace
