// Proofs and signatures that are made of digests, against the vectors that their documents publish.
#include <gtest/gtest.h>

#include "contract/digest_table.hpp"
#include "msp/sdk/jwt.hpp"
#include "msp/sdk/pkce.hpp"
#include "msp/sdk/sigv4.hpp"
#include "msp/sdk/totp.hpp"
#include "msp/testing/fakes.hpp"

namespace {

using namespace msp::sdk;

struct SdkSigning : testing::Test {
   msp::test::FakeHost host;
   const Digest digest{(host.services[MSP_DIGEST_SERVICE] = &msp::host::digest_table(), Host(host.table()))};
};

TEST_F(SdkSigning, a_code_challenge_is_that_of_rfc_7636) {
   EXPECT_EQ(pkce_challenge(digest, Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
             "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
   const Secret verifier = pkce_verifier(digest);
   EXPECT_EQ(verifier.view().size(), 43U);
   EXPECT_NE(verifier.view(), pkce_verifier(digest).view());
}

TEST_F(SdkSigning, one_time_passwords_are_those_of_rfc_6238) {
   // The last six of its eight digits.
   const std::pair<std::int64_t, const char*> vectors[] = {{59, "287082"},         {1111111109, "081804"},
                                                           {1111111111, "050471"}, {1234567890, "005924"},
                                                           {2000000000, "279037"}, {20000000000, "353130"}};
   for (const auto& [moment, code] : vectors)
      EXPECT_EQ(totp(digest, Secret("12345678901234567890"), moment).view(), code);
}

TEST_F(SdkSigning, a_seed_is_read_as_authenticators_show_it) {
   for (const char* text : {"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "gezd gnbv gy3t qojq gezd gnbv gy3t qojq"})
      EXPECT_EQ(base32_decode(text)->view(), "12345678901234567890") << text;
   // RFC 4648, section 10.
   const std::pair<const char*, const char*> vectors[] = {{"MY======", "f"},     {"MZXQ====", "fo"},
                                                          {"MZXW6===", "foo"},   {"MZXW6YQ=", "foob"},
                                                          {"MZXW6YTB", "fooba"}, {"MZXW6YTBOI======", "foobar"}};
   for (const auto& [text, bytes] : vectors) EXPECT_EQ(base32_decode(text)->view(), bytes);
   for (const char* text : {"", "=", "M", "MZXW1", "MZ\xC3\xA4"}) EXPECT_FALSE(base32_decode(text)) << text;
}

TEST_F(SdkSigning, a_token_is_that_of_rfc_7515) {
   // Appendix A.1, whose header and claims hold line breaks.
   const auto key =
       base64_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
   EXPECT_EQ(jwt_hs256(digest, "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
                       "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", *key)
                 .view(),
             "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
             "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
             "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

// The published test suite's key and moment.
constexpr SigV4Key kSuiteKey{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service"};
constexpr const char* kSuiteDate = "20150830T123600Z";

TEST_F(SdkSigning, sigv4_signs_as_the_published_suite_does) {
   SigV4Request vanilla;
   vanilla.method = "GET";
   vanilla.headers = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", kSuiteDate}};
   EXPECT_EQ(sigv4_canonical_request(digest, vanilla),
             "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
   EXPECT_EQ(
       sigv4_authorization(digest, vanilla, kSuiteKey, kSuiteDate).view(),
       "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
       "SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");

   // get-vanilla-query-order-key-case
   SigV4Request query = vanilla;
   query.query = {{"Param2", "value2"}, {"Param1", "value1"}};
   EXPECT_NE(sigv4_authorization(digest, query, kSuiteKey, kSuiteDate)
                 .view()
                 .find("Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
             std::string_view::npos);

   // post-vanilla
   SigV4Request post = vanilla;
   post.method = "POST";
   EXPECT_NE(sigv4_authorization(digest, post, kSuiteKey, kSuiteDate)
                 .view()
                 .find("Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
             std::string_view::npos);
}

TEST_F(SdkSigning, sigv4_writes_headers_and_paths_in_one_way) {
   SigV4Request request;
   request.method = "GET";
   request.path = "/a%20b//c/";
   request.query = {{"b", "x y"}, {"a", "/"}, {"b", "a"}};
   request.headers = {
       {"My-Header2", " \"a   b   c\"  "}, {"My-Header1", "value2"}, {"Host", "h"}, {"My-Header1", "value1"}};
   EXPECT_EQ(sigv4_canonical_request(digest, request),
             "GET\n/a%2520b//c/\na=%2F&b=a&b=x%20y\nhost:h\nmy-header1:value2,value1\nmy-header2:\"a b c\"\n\n"
             "host;my-header1;my-header2\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
