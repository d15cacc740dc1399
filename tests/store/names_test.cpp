#include "store/names.hpp"

#include <gtest/gtest.h>

using namespace msp::console;

namespace {

TEST(Names, people_take_these_for_the_same) {
   const std::pair<const char*, const char*> cases[] = {
       {"Autotask", "AUTOTASK"},
       {"  Integration   with Autotask ", "integration with autotask"},
       {"M\u00dcNCHEN", "m\u00fcnchen"},
       {"\u0141\u00d3D\u0179", "\u0142\u00f3d\u017a"},
       {"\u0391\u0398\u0397\u039d\u0391", "\u03b1\u03b8\u03b7\u03bd\u03b1"},
       {"\u041a\u0418\u0407\u0412", "\u043a\u0438\u0457\u0432"},
       {"tab\tbetween", "tab between"},
       {"\u0178", "\u00ff"},
       {"\u0386\u03a3", "\u03ac\u03c2"},
       {"\u01cd", "\u01ce"},
       {"Stra\u00dfe", "STRASSE"},
       {"M\u00fcnchen", "Mu\u0308nchen"},
       {"\uff2d\uff33\uff30", "msp"},
       {"\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0646\u0645\u06cc\u062e\u0648\u0627\u0647\u0645"},
   };
   for (const auto& [one, other] : cases) EXPECT_EQ(name_key(one), name_key(other)) << one;
}

TEST(Names, these_are_different) {
   EXPECT_NE(name_key("Autotask"), name_key("Autotask 2"));
   EXPECT_NE(name_key("M\u00fcnchen"), name_key("Munchen"));
   EXPECT_NE(name_key("\u6771\u4eac"), name_key("\u5927\u962a"));
}

TEST(Names, bytes_that_are_no_text_do_not_confuse) {
   EXPECT_EQ(name_key("\xff\xc3"), "\xff\xc3");
   EXPECT_EQ(name_key("a\xe2\x82"), "a\xe2\x82");
}

TEST(Names, a_blank_name_is_empty_when_tidied) {
   EXPECT_EQ(tidy_name(" \t\n "), "");
   EXPECT_EQ(tidy_name("\u00a0\u2003\u3000"), "");
}

TEST(Names, white_space_of_any_script_is_one_space) {
   EXPECT_EQ(tidy_name("\u3000\u6771\u00a0\u2009\u4eac\u2028"), "\u6771 \u4eac");
}

TEST(Names, what_cannot_be_seen_is_told_from_what_can) {
   for (const char* name : {"\u200b", "\u2800", "\u3164", "\u00ad", "\u115f\u1160", "\uffa0", "\ufeff", "\U000e0041"}) {
      EXPECT_FALSE(has_visible(name)) << name;
      EXPECT_TRUE(has_invisible(name)) << name;
   }
   for (const char* name : {"Autotask", "\u6771\u4eac 2", "M\u00fcnchen", "\U0001f600"}) {
      EXPECT_TRUE(has_visible(name)) << name;
      EXPECT_FALSE(has_invisible(name)) << name;
   }
   // A Persian word, a Hindi one, a family, a red heart on fire.
   for (const char* name : {"\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0915\u094d\u200d\u0937",
                            "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u2764\ufe0f\u200d\U0001f525"}) {
      EXPECT_FALSE(has_invisible(name)) << name;
      EXPECT_TRUE(has_visible(name)) << name;
   }
   // Where joiners join nothing they only deceive, and so does each change of direction.
   for (const char* name : {"a\u200db", "\u200d\u0915", "\u0915\u200d", "\u0915\u200d\u200d\u0937", "a\ufe0f",
                            "\u0915\u200d\u202e\u0937", "\u202eabc", "a\u2066b", "\u200f", "\u061ca"}) {
      EXPECT_TRUE(has_invisible(name)) << name;
   }
   EXPECT_TRUE(has_visible("a\u200d"));
   EXPECT_TRUE(has_invisible("a\u200d"));
   EXPECT_FALSE(has_visible(""));
}

}  // namespace
