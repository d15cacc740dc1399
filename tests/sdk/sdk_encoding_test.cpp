#include "msp/sdk/browser.hpp"
#include "msp/sdk/encoding.hpp"

#include <gtest/gtest.h>

namespace {

using namespace msp::sdk;

TEST(SdkEncoding, base64_goes_both_ways_as_published) {
   // RFC 4648, section 10.
   const std::pair<const char*, const char*> vectors[] = {
       {"", ""},
       {"f", "Zg=="},
       {"fo", "Zm8="},
       {"foo", "Zm9v"},
       {"foob", "Zm9vYg=="},
       {"fooba", "Zm9vYmE="},
       {"foobar", "Zm9vYmFy"},
   };
   for (const auto& [bytes, text] : vectors) {
      EXPECT_EQ(base64(bytes), text);
      EXPECT_EQ(base64_decode(text), bytes) << text;
      EXPECT_EQ(base64_decode(base64url(bytes)), bytes) << text;
   }
}

TEST(SdkEncoding, base64url_has_the_other_alphabet_and_no_padding) {
   EXPECT_EQ(base64url("\xfb\xef\xff"), "--__");
   EXPECT_EQ(base64url("\x03\xec\xff\xe0\xc1"), "A-z_4ME");  // RFC 7515, appendix C
   EXPECT_EQ(base64_decode("A-z_4ME"), "\x03\xec\xff\xe0\xc1");
   EXPECT_EQ(base64_decode("A+z/4ME="), "\x03\xec\xff\xe0\xc1");
}

TEST(SdkEncoding, what_is_no_base64_is_nothing) {
   for (const char* text :
        {"Z", "Zg=", "Zg===", "=", "Zm9vY", "Zm 9v", "Zm9v\n", "Zh==", "Zm9=", "Z===", "Zg==Zg==", "Zm9*"})
      EXPECT_FALSE(base64_decode(text)) << text;
}

TEST(SdkEncoding, pem_is_read_however_its_lines_are_broken_and_nothing_else_is) {
   for (const char* text :
        {"-----BEGIN KEY-----\nc2Vj\ncmV0\n-----END KEY-----\n", "-----BEGIN KEY-----\r\nc2VjcmV0\r\n-----END KEY-----",
         "a note\n-----BEGIN EC KEY-----\n  c2Vj\tcmV0\n-----END EC KEY-----\n-----BEGIN KEY-----\nAAAA\n-----END "
         "KEY-----",
         "-----BEGIN KEY----- c2Vj cmV0 -----END KEY-----"}) {
      const auto bytes = pem_decode(text);
      ASSERT_TRUE(bytes) << text;
      EXPECT_EQ(bytes->view(), "secret") << text;
   }
   for (const char* text : {"", "c2VjcmV0", "-----BEGIN KEY-----", "-----BEGIN KEY-----\nc2VjcmV0\n",
                            "-----BEGIN KEY\nc2VjcmV0\n-----END KEY-----", "-----BEGIN KEY-----\n-----END KEY-----",
                            "-----BEGIN KEY-----\nc2Vj cmV\n-----END KEY-----",
                            "-----BEGIN KEY-----\nProc-Type: 4,ENCRYPTED\n\nc2VjcmV0\n-----END KEY-----",
                            "c2VjcmV0\n-----END KEY-----\n-----BEGIN KEY-----\n"})
      EXPECT_FALSE(pem_decode(text)) << text;
}

TEST(SdkEncoding, a_form_escapes_all_but_the_unreserved_characters) {
   EXPECT_EQ(
       form({{"grant_type", "client_credentials"}, {"scope", "a b"}, {"client secret", "p&q=r+%/\xC3\xA4"}}).view(),
       "grant_type=client_credentials&scope=a%20b&client%20secret=p%26q%3Dr%2B%25%2F%C3%A4");
   EXPECT_EQ(form({}).view(), "");
   EXPECT_EQ(form({{"empty", ""}}).view(), "empty=");
}

TEST(SdkEncoding, what_a_form_escaped_is_read_back_and_what_is_no_escape_stays) {
   std::string every;
   for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
   const Secret escaped = form({{"name", every}});
   EXPECT_EQ(form_decode(escaped.view().substr(5)).view(), every);
   EXPECT_EQ(form_decode("a+b%20c").view(), "a b c");
   using Pairs = std::vector<std::pair<std::string, std::string>>;
   EXPECT_EQ(form_pairs("a=1&&b=%20+&c&=d"), (Pairs{{"a", "1"}, {"b", "  "}, {"c", ""}, {"", "d"}}));
   EXPECT_EQ(form_pairs(""), Pairs{});
   for (const char* odd : {"%", "%4", "%zz", "100%", "%%"}) EXPECT_EQ(form_decode(odd).view(), odd);
   EXPECT_EQ(form_decode("%%41").view(), "%A");
}

TEST(SdkBrowser, a_value_of_a_query_is_found_by_its_decoded_name) {
   constexpr std::string_view kQuery = "code=a%2Fb&st%61te=x&empty=&alone&code=second";
   EXPECT_EQ(query_value(kQuery, "code")->view(), "a/b");
   EXPECT_EQ(query_value(kQuery, "state")->view(), "x");
   EXPECT_EQ(query_value(kQuery, "empty")->view(), "");
   EXPECT_EQ(query_value(kQuery, "alone")->view(), "");
   EXPECT_FALSE(query_value(kQuery, "cod"));
   EXPECT_FALSE(query_value("", "code"));
}

TEST(SdkEncoding, a_string_of_json_cannot_be_left_by_a_text) {
   EXPECT_EQ(json_string(""), R"("")");
   EXPECT_EQ(json_string(R"(a"b\c/)"), R"("a\"b\\c/")");
   EXPECT_EQ(json_string("line\nend\x1F\x7F"), "\"line\\u000aend\\u001f\x7F\"");
   EXPECT_EQ(json_string(std::string_view("\0", 1)), R"("\u0000")");
   EXPECT_EQ(json_string("\xC3\xBC"), "\"\xC3\xBC\"");
}

TEST(SdkEncoding, xml_cannot_be_left_by_a_text) {
   EXPECT_EQ(xml_escape("a<b>&\"c'\n\x01"), "a&lt;b&gt;&amp;&quot;c&apos;\n");
   EXPECT_EQ(xml_escape("]]>"), "]]&gt;");
}

}  // namespace
