#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "contract/digest_table.hpp"
#include "msp/host/ascii.hpp"
#include "msp/host/digest.hpp"

namespace msp::host {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
   return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::size_t size_of(std::int32_t algorithm) {
   constexpr std::array<std::size_t, 6> kSizes{
       0, MSP_SHA1_SIZE, MSP_SHA256_SIZE, MSP_SHA384_SIZE, MSP_SHA512_SIZE, MSP_MD5_SIZE};
   return kSizes.at(static_cast<std::size_t>(algorithm));
}

std::string table_hash(std::int32_t algorithm, std::string_view text) {
   std::array<std::uint8_t, 64> out{};
   if (digest_table().hash(nullptr, algorithm, text.data(), text.size(), out.data(), out.size()) != MSP_DONE)
      return "failed";
   return hex(std::span(out).first(size_of(algorithm)));
}

std::string table_hmac(std::int32_t algorithm, std::string_view key, std::string_view text) {
   std::array<std::uint8_t, 64> out{};
   if (digest_table().hmac(nullptr, algorithm, key.data(), key.size(), text.data(), text.size(), out.data(),
                           out.size()) != MSP_DONE)
      return "failed";
   return hex(std::span(out).first(size_of(algorithm)));
}

TEST(Digest, sha256_of_a_file_is_written_in_lower_case_hex) {
   EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, answers_the_published_examples) {
   struct {
      std::int32_t algorithm;
      std::string_view text, expected;
   } const cases[] = {
       {MSP_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
       {MSP_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
       {MSP_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
       {MSP_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
       {MSP_SHA384, "abc",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
       {MSP_SHA512, "abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f"},
       {MSP_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
       {MSP_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
   };
   for (const auto& c : cases) EXPECT_EQ(table_hash(c.algorithm, c.text), c.expected) << c.text;
}

TEST(Digest, hmac_answers_the_published_examples_and_takes_an_empty_key) {
   struct {
      std::int32_t algorithm;
      std::string_view key, text, expected;
   } const cases[] = {
       {MSP_SHA1, "Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
       {MSP_SHA1, "", "", "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"},
       {MSP_SHA256, "Jefe", "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
       {MSP_SHA256, "", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
       {MSP_MD5, "Jefe", "what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738"},
       {MSP_SHA384, "Jefe", "what do ya want for nothing?",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"},
       {MSP_SHA512, "Jefe", "what do ya want for nothing?",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
   };
   for (const auto& c : cases) EXPECT_EQ(table_hmac(c.algorithm, c.key, c.text), c.expected) << c.key;
}

// The documented check of a signing scheme that a platform really uses: hashes of hexadecimal texts of hashes.
TEST(Digest, computes_the_password_scheme_of_kaseya_vsa) {
   const std::string user = "kadmin", password = "Passw0rd!", random = "994656";
   EXPECT_EQ(table_hash(MSP_SHA256, password), "e66860546f18cdbbcd86b35e18b525bffc67f772c650cedfe3ff7a0026fa1dee");
   EXPECT_EQ(table_hash(MSP_SHA256, table_hash(MSP_SHA256, password + user) + random),
             "446a970370b4efc35e818617f4d71c73139efc60692bacaa68e9228ab086cee8");
   EXPECT_EQ(table_hash(MSP_SHA1, password), "f4a69973e7b0bf9d160f9f60e3c3acd2494beb0d");
   EXPECT_EQ(table_hash(MSP_SHA1, table_hash(MSP_SHA1, password + user) + random),
             "5efd9ac2db53b2fd3077aa5542860a653ed23cb9");
}

TEST(Digest, in_pieces_is_the_same_as_at_once) {
   const std::string text(100'000, 'x');
   Sha256 pieces;
   for (std::size_t at = 0; at < text.size(); at += 777) pieces.update(bytes(std::string_view(text).substr(at, 777)));
   EXPECT_EQ(hex(pieces.finish()), table_hash(MSP_SHA256, text));
}

TEST(Digest, what_cannot_be_done_has_its_result_and_leaves_the_output_untouched) {
   const msp_digest& table = digest_table();
   std::array<std::uint8_t, 64> out{};
   out.fill(0xEE);
   const auto* text = "abc";
   for (const std::int32_t unknown : {-1, 0, 6, 4711}) {
      EXPECT_EQ(table.hash(nullptr, unknown, text, 3, out.data(), out.size()), MSP_UNSUPPORTED) << unknown;
      EXPECT_EQ(table.hmac(nullptr, unknown, "k", 1, text, 3, out.data(), out.size()), MSP_UNSUPPORTED) << unknown;
   }
   EXPECT_EQ(table.hash(nullptr, MSP_SHA1, nullptr, 3, out.data(), out.size()), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(table.hmac(nullptr, MSP_SHA256, nullptr, 1, text, 3, out.data(), out.size()), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(table.hash(nullptr, MSP_SHA1, text, 3, nullptr, 64), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(table.random(nullptr, nullptr, 1), MSP_OUT_OF_BOUNDS);
   std::vector<std::uint8_t> much(MSP_RANDOM_MAX + 1);
   EXPECT_EQ(table.random(nullptr, much.data(), MSP_RANDOM_MAX + 1), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(table.random(nullptr, much.data(), MSP_RANDOM_MAX), MSP_DONE);
   for (const std::int32_t algorithm : {MSP_SHA1, MSP_SHA256, MSP_SHA384, MSP_SHA512, MSP_MD5}) {
      const std::size_t size = size_of(algorithm);
      EXPECT_EQ(table.hash(nullptr, algorithm, text, 3, out.data(), size - 1), MSP_OUT_OF_BOUNDS) << algorithm;
      EXPECT_EQ(table.hmac(nullptr, algorithm, text, 3, text, 3, out.data(), size - 1), MSP_OUT_OF_BOUNDS) << algorithm;
   }
   EXPECT_TRUE(std::all_of(out.begin(), out.end(), [](std::uint8_t byte) { return byte == 0xEE; }));
}

TEST(Digest, as_much_as_the_contract_allows_is_taken_and_one_byte_more_is_not) {
   const msp_digest& table = digest_table();
   const std::string data(MSP_DIGEST_DATA_MAX + 1, 'x');
   const std::string key(MSP_DIGEST_KEY_MAX + 1, 'k');
   std::array<std::uint8_t, MSP_SHA256_SIZE> out{};
   const auto hash = [&](std::size_t size) {
      return table.hash(nullptr, MSP_SHA256, data.data(), size, out.data(), out.size());
   };
   const auto hmac = [&](std::size_t key_size, std::size_t size) {
      return table.hmac(nullptr, MSP_SHA256, key.data(), key_size, data.data(), size, out.data(), out.size());
   };
   EXPECT_EQ(hash(MSP_DIGEST_DATA_MAX), MSP_DONE);
   EXPECT_EQ(hmac(MSP_DIGEST_KEY_MAX, MSP_DIGEST_DATA_MAX), MSP_DONE);
   out.fill(0xEE);
   const auto untouched = out;
   EXPECT_EQ(hash(MSP_DIGEST_DATA_MAX + 1), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(hmac(MSP_DIGEST_KEY_MAX, MSP_DIGEST_DATA_MAX + 1), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(hmac(MSP_DIGEST_KEY_MAX + 1, MSP_DIGEST_DATA_MAX), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(out, untouched);
}

TEST(Digest, no_algorithm_writes_more_than_its_size) {
   for (const std::int32_t algorithm : {MSP_SHA1, MSP_SHA256, MSP_SHA384, MSP_SHA512, MSP_MD5}) {
      std::array<std::uint8_t, 65> out{};
      out.fill(0xEE);
      const auto size = static_cast<std::ptrdiff_t>(size_of(algorithm));
      ASSERT_EQ(digest_table().hash(nullptr, algorithm, "abc", 3, out.data(), size_of(algorithm)), MSP_DONE);
      EXPECT_TRUE(std::all_of(out.begin() + size, out.end(), [](std::uint8_t byte) { return byte == 0xEE; }));
   }
}

TEST(Digest, random_fills_every_byte_and_never_the_same_way) {
   std::array<std::byte, 64> first{}, second{};
   ASSERT_EQ(digest_table().random(nullptr, first.data(), first.size()), MSP_DONE);
   ASSERT_EQ(digest_table().random(nullptr, second.data(), second.size()), MSP_DONE);
   EXPECT_NE(first, second);
   EXPECT_EQ(digest_table().random(nullptr, nullptr, 0), MSP_DONE);
}

}  // namespace
}  // namespace msp::host
