#include "base/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace msp::host {
namespace {

TEST(Text, clean_text_leaves_what_can_be_shown_as_it_is) {
   for (const char* text : {"", "plain", "zwei Zeilen\nund mehr", "Grüße, 東京, \xF0\x9F\x94\x92"}) {
      EXPECT_EQ(clean_text(text), text);
      EXPECT_TRUE(is_clean_text(text)) << text;
   }
}

TEST(Text, clean_text_replaces_what_is_no_utf8) {
   struct Case {
      std::string_view given, wanted;
   };
   const Case cases[] = {
       {"a\xFFz", "a\uFFFDz"},                            // never a first byte
       {"a\xC3", "a\uFFFD"},                              // ends too early
       {"a\xE2\x82z", "a\uFFFDz"},                        // a prefix that could have become valid is one error
       {"\xC0\xAF", "\uFFFD\uFFFD"},                      // overlong slash
       {"\xE0\x80\xAF", "\uFFFD\uFFFD\uFFFD"},            // overlong slash, three bytes
       {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},            // a surrogate
       {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // beyond U+10FFFF
   };
   for (const auto& [given, wanted] : cases) {
      EXPECT_EQ(clean_text(given), wanted);
      EXPECT_FALSE(is_valid_utf8(given));
      EXPECT_FALSE(is_clean_text(given));
   }
}

// NOLINTBEGIN(misc-misleading-bidirectional): they are what is tested.
TEST(Text, clean_text_blanks_what_could_deceive_the_reader) {
   EXPECT_EQ(clean_text("a\x1B[31mb\rc\td\x7F"), "a [31mb c d ");
   EXPECT_EQ(clean_text("x\u202Etxt.exe\u2066y\u2028z\u0085"), "x txt.exe y z ");
   EXPECT_EQ(clean_text(std::string_view("a\0b", 3)), "a b");
   EXPECT_FALSE(is_clean_text("x\u202Ey"));
   EXPECT_TRUE(is_valid_utf8("x\u202Ey"));
}
// NOLINTEND(misc-misleading-bidirectional)

// NOLINTBEGIN(misc-misleading-bidirectional): they are what is tested.
TEST(Text, what_nobody_sees_is_left_out_and_makes_a_text_unclean) {
   const char* const unseen[] = {"\u00AD",     "\u034F",     "\u061C",     "\u115F",     "\u1160",    "\u17B4",
                                 "\u180B",     "\u180E",     "\u200B",     "\u200E",     "\u200F",    "\u2060",
                                 "\u2064",     "\u206F",     "\u3164",     "\uFEFF",     "\uFFA0",    "\uFFF9",
                                 "\U0001D173", "\U000E0001", "\U000E0041", "\U000E0100", "\U000E0FFF"};
   for (const std::string each : unseen) {
      for (const std::string& text :
           {"Auto" + each + "task", each + "Autotask", "Autotask" + each, "\u0645" + each + "\u06CC"}) {
         EXPECT_FALSE(is_clean_text(text)) << testing::PrintToString(each);
         EXPECT_EQ(clean_text(text).find(each), std::string::npos) << testing::PrintToString(each);
      }
      EXPECT_EQ(clean_text("Auto" + each + "task"), "Autotask");
   }
   for (const char* next : {"\u00AC", "\u00AE", "\u0350", "\u115E", "\u1161", "\u200A", "\u2010", "\u205F", "\u2070",
                            "\u3163", "\uFE10", "\uFF9F", "\uFFFC", "\U0001D172", "\U0001D17B", "\U000E1000"})
      EXPECT_TRUE(is_clean_text(next)) << testing::PrintToString(next) << " stands beside one";
}

TEST(Text, joiners_and_selectors_stay_where_they_are_part_of_the_writing) {
   for (const char* text : {
            "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",  // Persian, with a non-joiner
            "\u0915\u094D\u200D\u0937",                          // Hindi, with a joiner
            "\U0001F468\u200D\U0001F469\u200D\U0001F467",        // a family
            "\u2764\uFE0F\u200D\U0001F525",                      // a heart on fire
            "\u26A0\uFE0F",                                      // a warning sign in colour
        }) {
      EXPECT_TRUE(is_clean_text(text)) << text;
      EXPECT_EQ(clean_text(text), text);
   }
   struct {
      const char *given, *wanted;
   } const cases[] = {
       {"Auto\u200Dtask", "Autotask"},
       {"Auto\u200Ctask", "Autotask"},
       {"Autotask\uFE0F", "Autotask"},
       {"\u0645\u200C", "\u0645"},
       {"\u0645\u200Cx", "\u0645x"},
       {"\u200C\u0645", "\u0645"},
       {"\u0645\u200C\u200C\u06CC", "\u0645\u200C\u06CC"},
   };
   for (const auto& [given, wanted] : cases) {
      EXPECT_EQ(clean_text(given), wanted);
      EXPECT_FALSE(is_clean_text(given)) << given;
   }
}

TEST(Text, json_for_a_terminal_is_the_same_json_without_what_a_terminal_would_act_on) {
   EXPECT_EQ(escape_unseen("{\"a\": \"\\u001b gr\u00FCn \u6771 \U0001F512\"}\n"),
             "{\"a\": \"\\u001b gr\u00FCn \u6771 \U0001F512\"}\n");
   struct {
      const char *given, *wanted;
   } const cases[] = {
       {"\x7E", "~"},         {"\x7F", "\\u007F"},   {"\u0080", "\\u0080"},
       {"\u009B", "\\u009B"}, {"\u009F", "\\u009F"}, {"\u00A0", "\u00A0"},
       {"\u00AD", "\\u00AD"}, {"\u061C", "\\u061C"}, {"\u200B", "\\u200B"},
       {"\u200D", "\\u200D"}, {"\u200E", "\\u200E"}, {"\u200F", "\\u200F"},
       {"\u2010", "\u2010"},  {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"},
       {"\u202A", "\\u202A"}, {"\u202E", "\\u202E"}, {"\u2066", "\\u2066"},
       {"\u2069", "\\u2069"}, {"\uFEFF", "\\uFEFF"}, {"\U000E0041", "\\uDB40\\uDC41"},
   };
   for (const auto& [given, wanted] : cases) EXPECT_EQ(escape_unseen(given), wanted);
}
// NOLINTEND(misc-misleading-bidirectional)

TEST(Text, a_word_of_two_alphabets_only_looks_like_a_name) {
   for (const char* text :
        {"\u0410utotask", "Autot\u0430sk", "My K\u0430seya", "Aut\u03BFtask", "\u039Aaseya", "x\u0410", "\uFF21\u0410"})
      EXPECT_TRUE(mixes_alphabets(text)) << text;
   for (const char* text :
        {"Autotask", "\u041A\u0430\u0441\u0435\u044F", "Autotask \u0434\u043B\u044F \u0432\u0430\u0441",
         "\u039A\u03B1\u03BB\u03B7\u03BC\u03AD\u03C1\u03B1 Ltd", "M\u00FCller", "\u00B5Torrent",
         "\u65E5\u672C\u8A9EAutotask", "Autotask-\u041F\u043B\u044E\u0441", ""})
      EXPECT_FALSE(mixes_alphabets(text)) << text;
}

TEST(Text, clean_text_cuts_at_a_character_and_shows_that_it_did) {
   EXPECT_EQ(clean_text("abcdefgh", 8), "abcdefgh");
   EXPECT_EQ(clean_text("abcdefghi", 8), "abcde\u2026");
   EXPECT_EQ(clean_text("aaaaéé", 7), "aaaa\u2026");  // a whole é would leave no room for the ellipsis
   EXPECT_EQ(clean_text("ééééé", 9), "ééé\u2026");
   EXPECT_EQ(clean_text("abc", 2), "");
   EXPECT_EQ(clean_text("abc", 0), "");
}

TEST(Text, trim_knows_ascii_only) {
   EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
   EXPECT_EQ(trim(" \n"), "");
   EXPECT_EQ(trim("\u00A0x"), "\u00A0x");
}

}  // namespace
}  // namespace msp::host
