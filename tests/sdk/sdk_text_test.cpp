#include "msp/sdk/text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace {

using namespace msp::sdk;

TEST(SdkText, a_sign_in_page_is_a_page_with_a_field_for_a_password) {
   for (const char* page : {"<html><form><input name=\"p\" type=\"password\"></form></html>",
                            "\n<!DOCTYPE html><INPUT TYPE='Password'>", "<input type=password >"})
      EXPECT_TRUE(is_sign_in_page(page)) << page;
   for (const char* text : {"", "<html><h1>Sign in</h1></html>", R"({"type=\"password\"":1})", "type=password",
                            "<input type=\"text\" name=\"password\">"})
      EXPECT_FALSE(is_sign_in_page(text)) << text;
}

// The test vectors of RFC 4648.
TEST(SdkText, base64_pads_as_the_standard_says) {
   EXPECT_EQ(base64(""), "");
   EXPECT_EQ(base64("f"), "Zg==");
   EXPECT_EQ(base64("fo"), "Zm8=");
   EXPECT_EQ(base64("foo"), "Zm9v");
   EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
   EXPECT_EQ(base64("\xFF\xFE\xFD"), "//79");
}

TEST(SdkText, percent_encoding_escapes_all_but_the_unreserved_characters) {
   EXPECT_EQ(percent_encode("abc-._~XYZ019"), "abc-._~XYZ019");
   EXPECT_EQ(percent_encode("a+b@c.de/ %&?"), "a%2Bb%40c.de%2F%20%25%26%3F");
   EXPECT_EQ(percent_encode("\xC3\xBC"), "%C3%BC");
}

TEST(SdkText, hex_is_lower_case) {
   const std::array<std::uint8_t, 4> bytes{0x00, 0x0F, 0xA5, 0xFF};
   EXPECT_EQ(hex(bytes.data(), bytes.size()), "000fa5ff");
}

TEST(SdkText, comparing_without_case_is_about_ascii_only) {
   EXPECT_TRUE(equal_ignoring_case("ApiToken", "APITOKEN"));
   EXPECT_FALSE(equal_ignoring_case("ApiToken", "ApiTokens"));
   EXPECT_FALSE(equal_ignoring_case("\xC3\xBC", "\xC3\x9C"));
   EXPECT_TRUE(contains_ignoring_case("the THREAD Threshold of 3", "thread threshold"));
   EXPECT_FALSE(contains_ignoring_case("thread", "thread threshold"));
}

TEST(SdkText, a_word_of_a_list_is_a_whole_one) {
   for (const char* list : {"read", "read write", "write read", "write  read ", " read"})
      EXPECT_TRUE(has_word(list, "read")) << list;
   for (const char* list : {"", " ", "reads", "read.own write", "tread", "READ", "read,write"})
      EXPECT_FALSE(has_word(list, "read")) << list;
   EXPECT_FALSE(has_word("a  b", ""));
}

TEST(SdkText, white_space_is_trimmed_at_both_ends_only) {
   EXPECT_EQ(trim(" \t a b\r\n"), "a b");
   EXPECT_EQ(trim(" \n "), "");
   EXPECT_EQ(trim(""), "");
}

TEST(SdkText, control_characters_are_found_and_umlauts_are_none) {
   EXPECT_TRUE(has_control_character("a\nb"));
   EXPECT_TRUE(has_control_character(std::string_view("a\0b", 3)));
   EXPECT_TRUE(has_control_character("\x7F"));
   EXPECT_FALSE(has_control_character("pa$$#\xC3\xBC"));
}

}  // namespace
