#include "redaction/known_secrets.hpp"

#include <gtest/gtest.h>

#include <string>

namespace msp::host {
namespace {

// Base64 of "jane:{0f1e2d3c}" and of "jane:0f1e2d3c".
TEST(KnownSecrets, a_key_of_several_lines_is_known_line_by_line_and_with_escaped_line_ends) {
   const std::string pem =
       "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ\nshort\n-----END PRIVATE "
       "KEY-----\n";
   std::string escaped;
   for (const char c : pem) escaped += c == '\n' ? std::string("\\n") : std::string(1, c);
   for (const std::string& secret : {pem, "{\"private_key\": \"" + escaped + "\"}"}) {
      Redactor redactor;
      KnownSecrets secrets(redactor);
      secrets.add(secret);
      EXPECT_EQ(redactor.redact_foreign("bad line MIIEvQIBADANBgkqhkiG9w0BAQ of the key"),
                "bad line [redacted] of the key");
      EXPECT_EQ(redactor.redact_foreign("-----BEGIN PRIVATE KEY----- is missing"),
                "-----BEGIN PRIVATE KEY----- is missing");
      EXPECT_EQ(redactor.redact_foreign("too short"), "too short");
   }
}

TEST(KnownSecrets, the_password_of_basic_is_known_as_it_is_sent_though_it_was_typed_with_braces) {
   Redactor redactor;
   KnownSecrets secrets(redactor);
   secrets.add("{0f1e2d3c}");
   EXPECT_EQ(redactor.redact_foreign("no such token: 0f1e2d3c, 0F1E2D3C"), "no such token: 0f1e2d3c, 0F1E2D3C");
   secrets.add_credentials("Basic amFuZTowZjFlMmQzYw==");
   EXPECT_EQ(redactor.redact_foreign("no such token: 0f1e2d3c, 0F1E2D3C"), "no such token: [redacted], [redacted]");
   for (const char* odd : {"Basic", "Basic ", "Basic !", "Basic amFuZQ==", "basic bm8gY29sb24="})
      secrets.add_credentials(odd);
   EXPECT_EQ(redactor.redact_foreign("jane has no colon"), "jane has no colon");
}

TEST(KnownSecrets, a_header_s_value_is_known_with_and_without_the_word_of_its_scheme) {
   Redactor redactor;
   KnownSecrets secrets(redactor);
   secrets.add_credentials("Bearer 90151280");
   EXPECT_EQ(redactor.redact_foreign("Bearer 90151280 and 90151280"), "[redacted] and [redacted]");
   EXPECT_EQ(redactor.redact_foreign("Bearer of good news"), "Bearer of good news");
}

TEST(KnownSecrets, what_is_public_stays_readable_unless_it_is_a_secret_too) {
   Redactor redactor;
   KnownSecrets secrets(redactor);
   secrets.make_public("jane@msp.example");
   secrets.add_credentials("jane@msp.example");
   EXPECT_EQ(redactor.redact_foreign("signed in as jane@msp.example"), "signed in as jane@msp.example");
   secrets.add("jane@msp.example");
   EXPECT_EQ(redactor.redact_foreign("signed in as jane@msp.example"), "signed in as [redacted]");
}

// A connection that renews its session for years must not remember every one of them.
TEST(KnownSecrets, forgets_the_oldest_credentials_and_never_a_secret_of_the_settings) {
   Redactor redactor;
   KnownSecrets secrets(redactor);
   secrets.add("correct horse");
   const auto token = [](std::size_t number) { return "session-" + std::to_string(1000 + number) + "-token"; };
   for (std::size_t i = 0; i <= KnownSecrets::kKept; ++i) secrets.add_credentials(token(i));
   EXPECT_EQ(redactor.redact_foreign(token(0)), token(0));
   EXPECT_EQ(redactor.redact_foreign(token(1)), "[redacted]");
   EXPECT_EQ(redactor.redact_foreign(token(KnownSecrets::kKept)), "[redacted]");
   EXPECT_EQ(redactor.redact_foreign("correct horse"), "[redacted]");
}

}  // namespace
}  // namespace msp::host
