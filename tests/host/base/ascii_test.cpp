#include "msp/host/ascii.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

namespace msp::host {
namespace {

TEST(Ascii, lower_case_is_ascii_only) {
   EXPECT_EQ(to_lower("ÄBC-Xyz9@[`{"), "Äbc-xyz9@[`{");
   EXPECT_EQ(to_lower(""), "");
}

TEST(Ascii, only_the_case_of_ascii_letters_is_ignored) {
   EXPECT_TRUE(equal_ignoring_case("Content-Type", "content-TYPE"));
   EXPECT_TRUE(equal_ignoring_case("", ""));
   EXPECT_FALSE(equal_ignoring_case("Ä", "ä"));
   EXPECT_FALSE(equal_ignoring_case("host", "hosts"));
   EXPECT_FALSE(equal_ignoring_case("@", "`"));  // one bit apart, as letters are
}

TEST(Ascii, hex_is_lower_case_and_two_digits_for_each_byte) {
   EXPECT_EQ(hex(std::array<std::uint8_t, 4>{0x00, 0x0F, 0xA5, 0xFF}), "000fa5ff");
   EXPECT_EQ(hex("az"), "617a");
   EXPECT_EQ(hex(""), "");
}

TEST(Ascii, an_escape_is_a_percent_sign_and_two_digits) {
   struct Case {
      std::string_view given, wanted;
   };
   const Case cases[] = {
       {"a%40b", "a@b"},
       {"%c3%A4", "ä"},
       {"%2540", "%40"},  // one layer
       {"%zz%4", "%zz%4"},
       {"%", "%"},
       {"100%", "100%"},
       {"%4g%g4", "%4g%g4"},
       {"%%34%31", "%41"},
       {"a+b", "a+b"},
       {"", ""},
       {"%41%4", "A%4"},
       {"%:0%/9%@A%GG", "%:0%/9%@A%GG"},  // beside the digits and letters
   };
   for (const auto& [given, wanted] : cases) EXPECT_EQ(percent_decoded(given), wanted) << given;
   EXPECT_EQ(percent_decoded("%00"), std::string(1, '\0'));
}

TEST(Ascii, an_appended_escape_is_read_back_whatever_the_byte) {
   for (int byte = 0; byte < 256; ++byte) {
      std::string text = "x";
      append_percent_escape(text, static_cast<char>(byte));
      EXPECT_EQ(text.size(), 4U);
      EXPECT_EQ(percent_decoded(text), std::string("x") + static_cast<char>(byte)) << text;
   }
   std::string text;
   append_percent_escape(text, '\xAB');
   EXPECT_EQ(text, "%AB");
}

}  // namespace
}  // namespace msp::host
