#include "text.hpp"

#include <gtest/gtest.h>

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

TEST(Text, clean_text_cuts_at_a_character_and_shows_that_it_did) {
   EXPECT_EQ(clean_text("abcdefgh", 8), "abcdefgh");
   EXPECT_EQ(clean_text("abcdefghi", 8), "abcde\u2026");
   EXPECT_EQ(clean_text("aaaaéé", 7), "aaaa\u2026");  // a whole é would leave no room for the ellipsis
   EXPECT_EQ(clean_text("ééééé", 9), "ééé\u2026");
   EXPECT_EQ(clean_text("abc", 2), "");
   EXPECT_EQ(clean_text("abc", 0), "");
}

TEST(Text, trim_and_to_lower_know_ascii_only) {
   EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
   EXPECT_EQ(trim(" \n"), "");
   EXPECT_EQ(trim("\u00A0x"), "\u00A0x");
   EXPECT_EQ(to_lower("ÄBC-Xyz9"), "Äbc-xyz9");
}

}  // namespace
}  // namespace msp::host
