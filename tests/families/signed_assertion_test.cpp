// A private key that the host signs with, and the plugin never sees.
#include <gmock/gmock.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

#include "family.hpp"
#include "sim/base64.hpp"
#include "sim/form.hpp"
#include "sim/oauth/signed_jwt.hpp"
#include "sim/wire/certificate_authority.hpp"

namespace msp::test {
namespace {

using sim::oauth::Key;
using testing::HasSubstr;
using testing::Not;

struct Free {
   void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
   void operator()(BIO* bio) const { BIO_free(bio); }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Free>;

template <class Write>
std::string written(Write write) {
   const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
   write(out.get());
   char* text = nullptr;
   const long size = BIO_get_mem_data(out.get(), &text);
   return {text, static_cast<std::size_t>(size)};
}

struct Pair {
   const char* name;
   Key::Algorithm algorithm;
   std::string private_pem;
   std::string public_pem;
};

Pair pair_of(const char* name, Key::Algorithm algorithm, EVP_PKEY* key) {
   return {name, algorithm,
           written([&](BIO* out) { PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); }),
           written([&](BIO* out) { PEM_write_bio_PUBKEY(out, key); })};
}

// Made once, because RSA keys take their time.
const std::vector<Pair>& pairs() {
   static const std::vector<Pair> made = [] {
      const PrivateKey rsa(EVP_RSA_gen(2048));
      const PrivateKey ec(EVP_EC_gen("P-256"));
      const PrivateKey ed(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
      return std::vector<Pair>{
          pair_of("RS256", Key::Algorithm::rs256, rsa.get()), pair_of("PS256", Key::Algorithm::ps256, rsa.get()),
          pair_of("ES256", Key::Algorithm::es256, ec.get()), pair_of("EdDSA", Key::Algorithm::eddsa, ed.get())};
   }();
   return made;
}

// Knows one key, and verifies what it has signed.
class ExampleCloud {
 public:
   explicit ExampleCloud(Key known) : key(std::move(known)) {}

   const Key key;  // before the platform, whose threads read it
   Platform platform{{"cloud.example.com"}, [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) const {
      if (request.path == "/token") {
         const auto token = sim::oauth::SignedJwt::read(sim::Form(request.body).value("assertion"));
         if (!token || token->issuer != "robot@example.com" || !token->is_signed_by(key))
            return sim::Reply::json(R"({"error":"invalid_grant"})", 400);
         return sim::Reply::json(
             R"({"access_token":"token-of-the-robot","expires_in":600,"scope":"projects.read","organization":"org-1"})");
      }
      return request.header("Authorization") == "Bearer token-of-the-robot" ? sim::Reply::json("[]")
                                                                            : sim::Reply::json("{}", 401);
   }
};

Values values(const std::string& algorithm, const std::string& with_certificate = "false") {
   return {{"service_account", "robot@example.com"}, {"algorithm", algorithm}, {"with_certificate", with_certificate}};
}

TEST(SignedAssertion, the_platform_verifies_what_the_host_signed_with_every_kind_of_key) {
   for (const Pair& pair : pairs()) {
      SCOPED_TRACE(pair.name);
      ExampleCloud cloud({pair.algorithm, "", pair.public_pem, ""});
      const Family plugin("signed_assertion", cloud.platform);
      const auto report = plugin.check(values(pair.name), {{"key", pair.private_pem}});
      ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
      EXPECT_EQ(report.identity->account, "org-1");
      const auto integration = plugin.integration(values(pair.name), {{"key", pair.private_pem}});
      EXPECT_EQ(get(*integration, "projects").body, "[]");
      for (const sim::Request& request : cloud.platform.seen()) EXPECT_THAT(request.body, Not(HasSubstr("PRIVATE")));
   }
}

TEST(SignedAssertion, another_key_is_refused_by_the_platform) {
   ExampleCloud cloud({Key::Algorithm::eddsa, "", pairs()[3].public_pem, ""});
   const PrivateKey other(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
   const auto report =
       Family("signed_assertion", cloud.platform)
           .check(values("EdDSA"), {{"key", pair_of("", Key::Algorithm::eddsa, other.get()).private_pem}});
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).code, "auth.rejected");
}

TEST(SignedAssertion, the_thumbprint_is_that_of_the_certificate_beside_the_key) {
   const sim::Certificate certificate = sim::CertificateAuthority().issue({"robot.example.com"});
   ExampleCloud cloud({Key::Algorithm::es256, "", "", certificate.chain_pem});
   const Family plugin("signed_assertion", cloud.platform);
   const auto report = plugin.check(values("ES256", "true"), {{"key", certificate.chain_pem + certificate.key_pem}});
   EXPECT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   const auto without = plugin.check(values("ES256", "true"), {{"key", certificate.key_pem}});
   EXPECT_EQ(without.outcome, host::Outcome::invalid_settings);
   EXPECT_EQ(first_error(without).summary, "There is no certificate beside the private key.");
   EXPECT_EQ(first_error(without).field, "key");
}

TEST(SignedAssertion, what_is_no_key_or_one_of_another_kind_is_told_at_the_field_and_nothing_is_sent) {
   const PrivateKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
   std::string passphrase = "open sesame";
   const std::string encrypted = written([&](BIO* out) {
      PEM_write_bio_PrivateKey(out, key.get(), EVP_aes_256_cbc(), reinterpret_cast<unsigned char*>(passphrase.data()),
                               static_cast<int>(passphrase.size()), nullptr, nullptr);
   });
   for (const auto& [text, algorithm, summary] : std::vector<std::array<std::string, 3>>{
            {"not a key", "RS256", "This is no private key that can be read."},
            {pairs()[0].public_pem, "RS256", "This is no private key that can be read."},
            {encrypted, "EdDSA", "This private key is protected by a passphrase."},
            {pairs()[0].private_pem, "ES256", "This key is not of the kind that is chosen above."},
            {pairs()[2].private_pem, "RS256", "This key is not of the kind that is chosen above."},
            {pairs()[3].private_pem, "PS256", "This key is not of the kind that is chosen above."}}) {
      ExampleCloud cloud({Key::Algorithm::rs256, "", pairs()[0].public_pem, ""});
      const auto report = Family("signed_assertion", cloud.platform).check(values(algorithm), {{"key", text}});
      EXPECT_EQ(report.outcome, host::Outcome::invalid_settings) << told(report);
      EXPECT_EQ(first_error(report).summary, summary);
      EXPECT_EQ(first_error(report).field, "key");
      EXPECT_TRUE(cloud.platform.seen().empty());
   }
}

TEST(SignedAssertion, on_the_command_line_a_file_gives_the_key_and_no_text_holds_it) {
   const Pair& pair = pairs()[2];
   ExampleCloud cloud({pair.algorithm, "", pair.public_pem, ""});
   FamilyConsole console("signed_assertion", cloud.platform);
   const auto file = console.directory() / "key.pem";
   test_support::write_file(file, pair.private_pem);
   const auto added = console.add(values(pair.name), {{"key", "@file:" + file.string()}}, {"--name", "Cloud"});
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   EXPECT_EQ(console.run({"integration", "request", "Cloud", "GET", "projects"}).out, "[]");
   EXPECT_THAT(added.out + added.err, Not(HasSubstr(pair.private_pem.substr(40, 30))));
}

}  // namespace
}  // namespace msp::test
