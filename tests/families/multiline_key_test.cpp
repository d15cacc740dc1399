// A key file of several lines, which signs and is never sent.
#include <gmock/gmock.h>
#include <openssl/hmac.h>

#include "family.hpp"
#include "msp/sdk/encoding.hpp"

namespace msp::test {
namespace {

using console::test::document;
using testing::HasSubstr;
using testing::Not;

const std::string kFirst = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
const std::string kSecond = "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu";
const std::string kKey = "-----BEGIN PRIVATE KEY-----\n" + kFirst + "\n" + kSecond + "\n-----END PRIVATE KEY-----";

// Knows one key, and gives a token for what the key has signed.
class ExampleVault {
 public:
   std::string says = "The key ends with MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu.";
   Platform platform{{"vault.example.com"}, [this](const sim::Request& request) { return answer(request); }};

 private:
   static bool is_signed(const std::string& form) {
      const std::string begin = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
      if (!form.starts_with(begin)) return false;
      const std::string assertion = form.substr(begin.size());
      const std::size_t dot = assertion.rfind('.');
      const std::string key = *sdk::base64_decode(kFirst + kSecond);
      const std::string what = assertion.substr(0, dot);
      unsigned char digest[32];
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(what.data()),
           what.size(), digest, nullptr);
      return assertion.substr(dot + 1) == sdk::base64url({reinterpret_cast<const char*>(digest), sizeof digest});
   }

   sim::Reply answer(const sim::Request& request) const {
      if (request.path == "/token" && is_signed(request.body))
         return sim::Reply::json(
             R"({"access_token":"token-of-the-vault","expires_in":600,"scope":"entries.read","vault":"v-1"})");
      if (request.path == "/token")
         return sim::Reply::json(R"({"error":"invalid_grant","error_description":")" + says + "\"}", 400);
      return request.header("Authorization") == "Bearer token-of-the-vault" ? sim::Reply::json("[]")
                                                                            : sim::Reply::json("{}", 401);
   }
};

const Values kValues = {{"key_id", "k-7"}};

std::string with(std::string text, const std::string& line_end) {
   for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += line_end.size())
      text.replace(at, 1, line_end);
   return text;
}

TEST(MultilineKey, signs_the_same_however_its_lines_end) {
   for (const std::string& key : {kKey, kKey + "\n", with(kKey, "\r\n"), with(kKey, "\r"), with(kKey, "\n  ")}) {
      ExampleVault vault;
      const auto report = Family("multiline_key", vault.platform).check(kValues, {{"key", key}});
      EXPECT_EQ(report.outcome, host::Outcome::accepted) << told(report) << key;
      ASSERT_EQ(vault.platform.seen().size(), 1U);
      EXPECT_THAT(vault.platform.seen()[0].body, Not(HasSubstr(kFirst.substr(0, 16))));
   }
}

TEST(MultilineKey, what_is_no_key_file_is_told_at_the_field_and_nothing_is_sent) {
   for (const std::string& key : {kFirst, kKey.substr(0, kKey.size() - 30), std::string("-----BEGIN\nnonsense")}) {
      ExampleVault vault;
      const auto report = Family("multiline_key", vault.platform).check(kValues, {{"key", key}});
      EXPECT_EQ(report.outcome, host::Outcome::invalid_settings) << key;
      EXPECT_EQ(first_error(report).field, "key");
      EXPECT_TRUE(vault.platform.seen().empty());
   }
}

TEST(MultilineKey, a_line_of_the_key_is_taken_out_of_what_the_platform_says) {
   ExampleVault vault;
   const std::string other = with(kKey, "\n").replace(kKey.find(kFirst), 4, "AAAA");
   const auto report = Family("multiline_key", vault.platform).check(kValues, {{"key", other}});
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).summary,
             "Example Vault does not accept this key. It says: The key ends with [redacted].");
}

TEST(MultilineKey, on_the_command_line_a_file_gives_the_key_and_the_store_keeps_its_lines) {
   for (const std::string& key : {kKey + "\n", with(kKey, "\r\n")}) {
      ExampleVault vault;
      FamilyConsole console("multiline_key", vault.platform);
      const auto file = console.directory() / "key.pem";
      test_support::write_file(file, key);
      const auto added = console.add(kValues, {{"key", "@file:" + file.string()}}, {"--name", "Vault"});
      EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
      EXPECT_EQ(console.run({"integration", "request", "Vault", "GET", "entries"}).out, "[]");
      EXPECT_EQ(console.edit("Vault", {{"key_id", "k-7"}}, {}).exit_code, 0) << "the key is kept";
      EXPECT_THAT(added.out + added.err, Not(HasSubstr(kSecond.substr(0, 16))));
   }
}

TEST(MultilineKey, at_a_terminal_the_whole_key_is_pasted_and_none_of_its_lines_is_shown) {
   for (const std::vector<std::string>& source :
        {std::vector<std::string>{}, {"--secret", "key=@prompt"}, {"--preset", "multiline_key.key=@prompt"}}) {
      ExampleVault vault;
      FamilyConsole console("multiline_key", vault.platform);
      std::vector<std::string> command = {"integration", "add",   "--platform", "multiline_key",
                                          "--name",      "Vault", "--set",      "key_id=k-7"};
      command.insert(command.end(), source.begin(), source.end());
      int exit_code = -1;
      const std::string shown = console::test::at_a_terminal(console.setup(command), kKey + "\n\n", exit_code);
      EXPECT_EQ(exit_code, 0) << shown;
      EXPECT_THAT(shown, HasSubstr("ey (several lines, then an empty one): "));
      EXPECT_THAT(shown, Not(HasSubstr(kSecond.substr(0, 8))));
   }
}

}  // namespace
}  // namespace msp::test
