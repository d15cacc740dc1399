// Whose certificates are believed, and what is said of those that are not: each cause with its own sentence, over real
// TLS.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "blackhole.hpp"
#include "http_service_scene.hpp"
#include "net/tls_trust.hpp"

namespace msp::host {
namespace {

using namespace test;

const sim::ScratchDirectory& key_log() {
   static const sim::ScratchDirectory directory;
   return directory;
}

// Before libcurl is used for the first time, as whoever starts the program would have set it.
const int kKeyLogIsAskedFor = setenv("SSLKEYLOGFILE", (key_log().path() / "keys").c_str(), 1);

Reply empty(const Request&) { return Reply::json("{}"); }

// An address, and what is known here about whom to believe.
struct Trust {
   sim::Certificate certificate;
   std::string believed;                        // PEM, as the file of authorities
   std::optional<SystemCertificates> system{};  // another than this computer's

   HttpResponse answer() const {
      const sim::HttpsServer server(certificate, empty);
      const sim::ScratchDirectory scratch;
      NetworkOptions options;
      if (!believed.empty()) {
         options.ca_file = scratch.path() / "ca.pem";
         std::ofstream(options.ca_file) << believed;
      }
      options.connect_to = {server.connect_to(kHost)};
      HttpService service(options, system ? TlsTrust::load(options.ca_file, *system).value() : nullptr);
      HttpResponse response = perform(service, get());
      EXPECT_EQ(server.counters().requests, response.outcome == Outcome::accepted ? 1U : 0U);
      return response;
   }
};

TEST(HttpServiceTrust, each_reason_to_refuse_a_certificate_has_its_own_sentence_and_remedy) {
   const std::vector<std::string> names{std::string(kHost)};
   const sim::CertificateAuthority root("Root Authority");
   const sim::CertificateAuthority between = root.intermediate("Authority Between");
   const sim::CertificateAuthority stranger("Inspecting Proxy");
   const sim::CertificateOptions public_one{.issuer_url = "http://authority.example/between.crt"};
   const auto with_chain = [&](sim::Certificate certificate, const std::string& more) {
      certificate.chain_pem += more;
      return certificate;
   };
   const SystemCertificates nothing{"/nonexistent/certs", "/nonexistent/certs.pem"};
   const struct {
      const char* name;
      Trust trust;
      std::string code, summary, remedy;  // words; no code: believed
   } cases[] = {
       {"full chain", {with_chain(between.issue(names, public_one), between.pem()), root.pem()}, "", "", ""},
       {"no intermediate, but it is believed here",
        {between.issue(names, public_one), root.pem() + between.pem()},
        "",
        "",
        ""},
       {"no intermediate",
        {between.issue(names, public_one), root.pem()},
        "net.tls_untrusted",
        "does not send the certificate of its issuer, \"Authority Between\", which is not known here",
        "install the full chain"},
       {"another authority, which it sends",
        {with_chain(stranger.issue(names), stranger.pem()), root.pem()},
        "net.tls_untrusted",
        "its authority, \"Inspecting Proxy\", is not known here",
        "add that authority's certificate to those that the console believes"},
       {"another authority, which it does not send",
        {stranger.issue(names), root.pem()},
        "net.tls_untrusted",
        "its authority, \"Inspecting Proxy\", is not known here",
        "add that authority's certificate to those that the console believes"},
       {"a chain that ends at a stranger",
        {with_chain(between.issue(names, public_one), between.pem()), stranger.pem()},
        "net.tls_untrusted",
        "its authority, \"Root Authority\", is not known here",
        "to those that the console believes"},
       {"short key",
        {root.issue(names, {.making = sim::Making::short_key}), root.pem()},
        "net.tls_untrusted",
        "its key, or that of its authority, is too short",
        "RSA 2048"},
       {"weak signature",
        {root.issue(names, {.making = sim::Making::weak_signature}), root.pem()},
        "net.tls_untrusted",
        "it is signed in a way that is too weak",
        "SHA-256 or better"},
       {"no authorities here",
        {with_chain(between.issue(names, public_one), between.pem()), "", nothing},
        "net.tls_untrusted",
        "this computer knows no certificate authorities at all",
        "ca-certificates"},
       {"no authorities here, and the chain is not sent",
        {between.issue(names, public_one), "", nothing},
        "net.tls_untrusted",
        "this computer knows no certificate authorities at all",
        "ca-certificates"},
       {"no authorities here but the file's",
        {with_chain(stranger.issue(names), stranger.pem()), root.pem(), nothing},
        "net.tls_untrusted",
        "its authority, \"Inspecting Proxy\", is not known here",
        "to those that the console believes"},
       {"expired",
        {root.issue(names, sim::Validity::expired), root.pem()},
        "net.tls_expired",
        "has expired, and this computer's clock says 20",
        "has to renew the certificate"},
       {"not valid yet",
        {root.issue(names, sim::Validity::not_yet_valid), root.pem()},
        "net.tls_expired",
        "is not valid yet, and this computer's clock says 20",
        "too early"},
       {"another name", {root.issue({"other.example.com"}), root.pem()}, "net.tls_name", "for another name", "typing"},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      const HttpResponse response = c.trust.answer();
      EXPECT_EQ(response.outcome, c.code.empty() ? Outcome::accepted : Outcome::unreachable);
      EXPECT_EQ(response.problem.code, c.code);
      EXPECT_NE(response.problem.summary.find(c.summary), std::string::npos) << response.problem.summary;
      EXPECT_NE(response.problem.remedy.find(c.remedy), std::string::npos) << response.problem.remedy;
   }
}

// Whoever set the variable once and forgot it would have every connection of the console laid open.
TEST(HttpServiceTrust, the_keys_of_connections_are_written_to_no_file) {
   ASSERT_EQ(kKeyLogIsAskedFor, 0);
   Platform platform;
   HttpService service(platform.options);
   ASSERT_EQ(perform(service, get()).outcome, Outcome::accepted);
   std::ifstream file(key_log().path() / "keys");
   const std::string written{std::istreambuf_iterator<char>(file), {}};
   EXPECT_EQ(written, "");
}

}  // namespace
}  // namespace msp::host
