#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <chrono>

#include "sim/base64.hpp"
#include "sim/wire/certificate_authority.hpp"
#include "sim_oauth_fixture.hpp"

namespace msp::sim {
namespace {

struct Free {
   void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
   void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
   void operator()(BIO* bio) const { BIO_free(bio); }
   void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Free>;

const Certificate& certificate() {
   static const Certificate made = CertificateAuthority().issue({"robot.example.com"});
   return made;
}

PrivateKey certificate_key() {
   const std::string& pem = certificate().key_pem;
   const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
   return PrivateKey(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

// As "x5t#S256" says it: of the bytes that stand in base64 between the two lines.
std::string certificate_thumbprint() {
   const std::string& pem = certificate().chain_pem;
   const std::size_t start = pem.find('\n');
   std::string text = pem.substr(start, pem.find("-----END") - start);
   std::erase(text, '\n');
   const std::string bytes = base64_decoded(text).value_or("");
   std::string digest(32, '\0');
   EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
              nullptr);
   return base64url(digest);
}

// Made once per algorithm, because RSA keys take their time.
EVP_PKEY* key_for(const std::string& algorithm) {
   static const PrivateKey rsa(EVP_RSA_gen(2048));
   static const PrivateKey ec = certificate_key();
   static const PrivateKey ed(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
   return algorithm == "ES256" ? ec.get() : algorithm == "EdDSA" ? ed.get() : rsa.get();
}

std::string in_json(const std::string& pem) {
   std::string text;
   for (const char c : pem) text += c == '\n' ? "\\n" : std::string(1, c);
   return text;
}

std::string public_pem(EVP_PKEY* key) {
   const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
   PEM_write_bio_PUBKEY(bio.get(), key);
   char* text = nullptr;
   const long size = BIO_get_mem_data(bio.get(), &text);
   return in_json({text, static_cast<std::size_t>(size)});
}

std::string sign(const std::string& algorithm, const std::string& text) {
   EVP_PKEY* key = key_for(algorithm);
   const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
   EVP_PKEY_CTX* options = nullptr;
   EVP_DigestSignInit(context.get(), &options, algorithm == "EdDSA" ? nullptr : EVP_sha256(), nullptr, key);
   if (algorithm == "PS256") {
      EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
   }
   std::string signature(512, '\0');
   std::size_t size = signature.size();
   EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                  reinterpret_cast<const unsigned char*>(text.data()), text.size());
   signature.resize(size);
   if (algorithm != "ES256") return signature;
   const unsigned char* asn1 = reinterpret_cast<const unsigned char*>(signature.data());
   const std::unique_ptr<ECDSA_SIG, Free> numbers(d2i_ECDSA_SIG(nullptr, &asn1, static_cast<long>(size)));
   std::string both(64, '\0');
   auto* out = reinterpret_cast<unsigned char*>(both.data());
   BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), out, 32);
   BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), out + 32, 32);
   return both;
}

std::int64_t now() {
   return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct Claims {
   std::string iss = "robot";
   std::string sub = "robot";
   std::string aud = R"("https://login.example.com/token")";
   std::int64_t exp = now() + 300;
   std::string more{};
};

std::string jwt(const std::string& algorithm, const Claims& claims = {}, const std::string& header = "") {
   const std::string text =
       base64url("{\"alg\":\"" + algorithm + "\"" + header + "}") + '.' +
       base64url("{\"iss\":\"" + claims.iss + "\",\"sub\":\"" + claims.sub + "\",\"aud\":" + claims.aud +
                 ",\"exp\":" + std::to_string(claims.exp) + claims.more + "}");
   return text + '.' + base64url(sign(algorithm, text));
}

class OAuthAssertion : public OAuthSim {
 protected:
   void start_with(const std::string& key) {
      start(R"({"clients":[{"id":"robot","grants":["client_credentials",
               "urn:ietf:params:oauth:grant-type:jwt-bearer"],"keys":[{)" +
            key + "}]}]}");
   }

   void start_for(const std::string& algorithm, const std::string& more = "") {
      start_with(R"("alg":")" + algorithm + R"(","public_key":")" + public_pem(key_for(algorithm)) + '"' + more);
   }

   ClientAnswer ask_as_client(const std::string& assertion) {
      return post("/token", {{"grant_type", "client_credentials"},
                             {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                             {"client_assertion", assertion}});
   }

   ClientAnswer ask_by_assertion(const std::string& assertion) {
      return post("/token", {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}});
   }

   std::string sub_of(const ClientAnswer& tokens) {
      return text_of(call("/me", text_of(tokens.body, "access_token")).body, "sub");
   }
};

class OAuthAlgorithm : public OAuthAssertion, public testing::WithParamInterface<const char*> {};

TEST_P(OAuthAlgorithm, a_signature_is_taken_and_one_changed_letter_is_refused) {
   const std::string algorithm = GetParam();
   start_for(algorithm);
   EXPECT_EQ(sub_of(ask_as_client(jwt(algorithm))), "robot");
   EXPECT_EQ(sub_of(ask_by_assertion(jwt(algorithm, {.sub = "ada@harbour.example"}))), "ada@harbour.example");
   std::string spoiled = jwt(algorithm);
   char& letter = spoiled[spoiled.rfind('.') + 5];
   letter = letter == 'A' ? 'B' : 'A';
   EXPECT_EQ(ask_as_client(spoiled).status, 401);
   EXPECT_EQ(text_of(ask_by_assertion(spoiled).body, "error"), "invalid_grant");
}

INSTANTIATE_TEST_SUITE_P(Each, OAuthAlgorithm, testing::Values("RS256", "PS256", "ES256", "EdDSA"));

TEST_F(OAuthAssertion, the_algorithm_is_the_keys_and_not_the_tokens_choice) {
   start_for("RS256");
   EXPECT_EQ(ask_as_client(jwt("PS256")).status, 401);
   EXPECT_EQ(ask_as_client(jwt("ES256")).status, 401);
   const std::string claims = jwt("RS256");
   const std::string unsigned_text = base64url(R"({"alg":"none"})") + claims.substr(claims.find('.'));
   EXPECT_EQ(ask_as_client(unsigned_text).status, 401);
   EXPECT_EQ(ask_as_client(unsigned_text.substr(0, unsigned_text.rfind('.') + 1)).status, 401);
}

TEST_F(OAuthAssertion, a_claim_that_is_wrong_is_refused_with_its_name) {
   start_for("ES256");
   const std::vector<std::pair<Claims, const char*>> cases = {
       {{.iss = "nobody"}, "(iss)"},
       {{.aud = R"("https://another.example.com/token")"}, "(aud)"},
       {{.aud = "[]"}, "(aud)"},
       {{.exp = now() - 61}, "(exp)"},
       {{.exp = now() + 3600 + 120}, "(exp)"},
       {{.more = ",\"nbf\":" + std::to_string(now() + 600)}, "(nbf, iat)"},
       {{.more = ",\"iat\":" + std::to_string(now() + 600)}, "(nbf, iat)"},
       {{.sub = "ada@harbour.example"}, "(sub)"}};
   for (const auto& [claims, name] : cases) {
      const ClientAnswer answer = ask_as_client(jwt("ES256", claims));
      EXPECT_EQ(text_of(answer.body, "error"), "invalid_client") << name;
      EXPECT_NE(text_of(answer.body, "error_description").find(name), std::string::npos) << answer.body;
   }
   EXPECT_EQ(ask_as_client(jwt("ES256", {.aud = R"(["x","https://login.example.com"])"})).status, 200);
   EXPECT_EQ(text_of(ask_by_assertion(jwt("ES256", {.sub = "nobody"})).body, "error"), "invalid_grant");
}

TEST_F(OAuthAssertion, an_id_works_once) {
   start_for("EdDSA");
   const std::string assertion = jwt("EdDSA", {.more = R"(,"jti":"once")"});
   EXPECT_EQ(ask_as_client(assertion).status, 200);
   EXPECT_EQ(ask_as_client(assertion).status, 401);
}

TEST_F(OAuthAssertion, the_key_is_found_by_its_id) {
   start_for("ES256", R"(,"kid":"k2")");
   EXPECT_EQ(ask_as_client(jwt("ES256")).status, 401);
   EXPECT_EQ(ask_as_client(jwt("ES256", {}, R"(,"kid":"k2")")).status, 200);
}

TEST_F(OAuthAssertion, a_certificate_is_named_by_its_thumbprint) {
   start_with(R"("alg":"ES256","certificate":")" + in_json(certificate().chain_pem) + '"');
   EXPECT_EQ(ask_as_client(jwt("ES256")).status, 401);
   EXPECT_EQ(ask_as_client(jwt("ES256", {}, R"(,"x5t#S256":"another")")).status, 401);
   EXPECT_EQ(ask_as_client(jwt("ES256", {}, R"(,"x5t#S256":")" + certificate_thumbprint() + '"')).status, 200);
}

TEST_F(OAuthAssertion, a_client_with_a_key_is_not_taken_at_its_word) {
   start_for("ES256");
   EXPECT_EQ(post("/token", {{"grant_type", "client_credentials"}, {"client_id", "robot"}}).status, 401);
}

TEST_F(OAuthAssertion, the_scope_may_stand_in_the_assertion) {
   start_for("ES256");
   const ClientAnswer answer = ask_by_assertion(jwt("ES256", {.sub = "", .more = R"(,"scope":"companies.read")"}));
   EXPECT_EQ(text_of(answer.body, "scope"), "companies.read");
   EXPECT_EQ(sub_of(answer), "robot");
}

TEST_F(OAuthAssertion, what_is_no_token_is_refused) {
   start_for("ES256");
   const std::string object = base64url("{}");
   const std::string deep = base64url("{\"a\":" + std::string(9000, '[') + std::string(9000, ']') + "}");
   for (const std::string& text :
        {std::string("a"), std::string(".."), object + "." + object, object + "." + object + "." + object + ".",
         object + "." + base64url("[]") + "." + object, deep + "." + object + "." + object, std::string(20000, 'a')})
      EXPECT_EQ(ask_as_client(text).status, 401);
}

}  // namespace
}  // namespace msp::sim
