// What an administrator types, and what is made of it before anything is sent.
#include <gtest/gtest.h>

#include "access_token.hpp"
#include "contract/digest_table.hpp"
#include "credentials.hpp"
#include "server_address.hpp"

// Some linkers take the connection along, which reads the permissions of the manifest.
extern "C" const char msp_plugin_manifest[] = "{}";

namespace {

using namespace kaseya_vsa;

TEST(KaseyaVsaServerAddress, is_found_in_whatever_was_pasted) {
   const std::pair<const char*, const char*> cases[] = {
       {"https://vsa.example.com", "vsa.example.com"},
       {"vsa.example.com", "vsa.example.com"},
       {"  HTTPS://VSA.Example.Com/  ", "vsa.example.com"},
       {"https://vsa.example.com/api/v1.0", "vsa.example.com"},
       {"https://vsa.example.com/api/v1.0/", "vsa.example.com"},
       {"https://vsa.example.com///", "vsa.example.com"},
       {"vsa.example.com/vsapres/web20/core/login.aspx?next=https://x.example", "vsa.example.com"},
       {"https://vsa.example.com/vsapres/web20/core/login.aspx#top", "vsa.example.com"},
       {"https://vsa.example.com?x=1", "vsa.example.com"},
       {"https://vsa.example.com:443/", "vsa.example.com"},
       {"https://vsa.example.com:/", "vsa.example.com"},
       {"vsa.example.com:8443/api/v1.0", "vsa.example.com:8443"},
       {"vsa.example.com:0443", "vsa.example.com"},
       {"vsa.example.com:08443", "vsa.example.com:8443"},
       {"https://vsa.example.com./", "vsa.example.com"},
       {"vsa.example.com.:8443", "vsa.example.com:8443"},
       {"https://192.0.2.7:5721", "192.0.2.7:5721"},
       {"https://[2001:DB8::1]:8443/", "[2001:db8::1]:8443"},
   };
   for (const auto& [typed, authority] : cases) {
      const auto address = read_server_address(typed);
      ASSERT_TRUE(address) << typed;
      EXPECT_EQ(address->authority, authority) << typed;
   }
   EXPECT_EQ(read_server_address("vsa.example.com:8443")->base_url(), "https://vsa.example.com:8443/api/v1.0/");
}

TEST(KaseyaVsaServerAddress, is_refused_where_secrets_would_go_astray) {
   for (const char* typed : {"http://vsa.example.com",
                             "HTTP://vsa.example.com",
                             "ftp://vsa.example.com",
                             "https://user@vsa.example.com",
                             "https://user:password@vsa.example.com",
                             "vsa.example.com@evil.example",
                             "https://vsa.example.com\\@evil",
                             "",
                             " ",
                             "https://",
                             "https:///api",
                             "/api/v1.0",
                             "vsa example.com",
                             "vsa.example.com::",
                             "vsa.example.com:https",
                             "vsa.example.com\n.evil.example",
                             "vsa.example.com..",
                             ".",
                             "vsa.example.com:0",
                             "vsa.example.com:65536"})
      EXPECT_FALSE(read_server_address(typed)) << typed;
}

TEST(KaseyaVsaAccessToken, is_taken_as_pasted_but_for_what_surrounds_it) {
   const std::string guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
   const std::string upper = "0F8FAD5B-D9CB-469F-A165-70867728950E";
   struct Case {
      std::string typed, text;
      bool trimmed, looks_right;
   };
   const Case cases[] = {
       {guid, guid, false, true},
       {upper, upper, false, true},
       {" " + guid + "  ", guid, true, true},
       {"\xEF\xBB\xBF" + guid, guid, true, true},                         // byte order mark
       {"\xC2\xA0 " + guid + " \xC2\xA0\xE2\x80\x8B", guid, true, true},  // no-break and zero-width spaces
       {"\xE2\x80\x8B{" + guid + "}\xE2\x81\xA0", guid, true, true},      // word joiner
       {"a\xC2\xA0z", "a\xC2\xA0z", false, false},
       {"\xC2\xA0", "", true, false},
       {"\xA0" + guid, "\xA0" + guid, false, false},
       {"{" + upper + "}", upper, false, true},
       {" {" + guid + "} ", guid, true, true},
       {"{secret}", "{secret}", false, false},
       {guid + "x", guid + "x", false, false},
       {"0f8fad5bd9cb469fa16570867728950e", "0f8fad5bd9cb469fa16570867728950e", false, false},
       {"0f8fad5b-d9cb-469f-a165-70867728950g", "0f8fad5b-d9cb-469f-a165-70867728950g", false, false},
       {"", "", false, false},
   };
   for (const Case& each : cases) {
      const AccessToken token = read_access_token(each.typed);
      EXPECT_EQ(token.text, each.text) << each.typed;
      EXPECT_EQ(token.trimmed, each.trimmed) << each.typed;
      EXPECT_EQ(token.looks_right, each.looks_right) << each.typed;
   }
}

TEST(KaseyaVsaCredentials, a_token_signs_in_as_basic_over_user_and_token) {
   EXPECT_EQ(token_authorization("kadmin", "0f8fad5b").view(), "Basic a2FkbWluOjBmOGZhZDVi");
   EXPECT_EQ(token_authorization("k\xC3\xA4", "t").view(), "Basic a8OkOnQ=");  // UTF-8
}

struct KaseyaVsaPassword : testing::Test {
   KaseyaVsaPassword() {
      table_.struct_size = sizeof(table_);
      table_.abi_major = MSP_ABI_MAJOR;
      table_.get_service = [](const msp_host*, const char*) noexcept -> const void* {
         return &msp::host::digest_table();
      };
   }
   [[nodiscard]] msp::sdk::Digest digest() const { return msp::sdk::Digest(msp::sdk::Host(table_)); }

 private:
   msp_host table_{};
};

TEST_F(KaseyaVsaPassword, is_hashed_as_documented) {
   const std::string plain =
       "user=kadmin,pass2=446a970370b4efc35e818617f4d71c73139efc60692bacaa68e9228ab086cee8,"
       "pass1=5efd9ac2db53b2fd3077aa5542860a653ed23cb9,"
       "rpass2=e66860546f18cdbbcd86b35e18b525bffc67f772c650cedfe3ff7a0026fa1dee,"
       "rpass1=f4a69973e7b0bf9d160f9f60e3c3acd2494beb0d,rand2=994656";
   EXPECT_EQ(password_authorization(digest(), "kadmin", "Passw0rd!", "994656").view(),
             "Basic " + msp::sdk::base64(plain));
}

TEST_F(KaseyaVsaPassword, is_salted_with_nine_new_digits_each_time) {
   const std::string first = sign_in_random(digest());
   EXPECT_EQ(first.size(), 9U);
   EXPECT_TRUE(msp::sdk::is_digits(first));
   EXPECT_NE(first.front(), '0');
   EXPECT_NE(first, sign_in_random(digest()));
}

}  // namespace
