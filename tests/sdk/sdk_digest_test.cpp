#include "msp/sdk/digest.hpp"

#include <gtest/gtest.h>

#include "contract/digest_table.hpp"
#include "msp/testing/fakes.hpp"

namespace {

using namespace msp::sdk;

struct SdkDigest : testing::Test {
   SdkDigest() { host.services[MSP_DIGEST_SERVICE] = &msp::host::digest_table(); }
   msp::test::FakeHost host;
};

TEST_F(SdkDigest, digests_are_the_published_ones_in_lower_case_hex) {
   const Digest digest{Host(host.table())};
   EXPECT_EQ(digest.sha1_hex("abc").view(), "a9993e364706816aba3e25717850c26c9cd0d89d");
   EXPECT_EQ(digest.sha256_hex("abc").view(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
   EXPECT_EQ(digest.hmac_sha256_hex("Jefe", "what do ya want for nothing?").view(),  // RFC 4231, case 2
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_F(SdkDigest, random_digits_are_as_many_as_asked_for_and_not_the_same_twice) {
   const Digest digest{Host(host.table())};
   const std::string digits = digest.random_digits(40);
   EXPECT_EQ(digits.size(), 40U);
   EXPECT_TRUE(is_digits(digits));
   EXPECT_NE(digits, digest.random_digits(40));
   EXPECT_EQ(digest.random_digits(0), "");
}

TEST_F(SdkDigest, a_failing_service_is_an_error_and_never_a_digest) {
   msp_digest failing = msp::host::digest_table();
   failing.hash = [](const msp_host*, std::int32_t, const void*, std::uint64_t, std::uint8_t*, std::uint64_t) noexcept {
      return MSP_UNABLE;
   };
   failing.random = [](const msp_host*, void*, std::uint64_t) noexcept { return MSP_UNABLE; };
   host.services[MSP_DIGEST_SERVICE] = &failing;
   const Digest digest{Host(host.table())};
   EXPECT_THROW((void)digest.sha1_hex("abc"), std::runtime_error);
   EXPECT_THROW((void)digest.random_digits(1), std::runtime_error);
}

}  // namespace
