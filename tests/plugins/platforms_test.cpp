// The plugins over the wire of this system, with its own TLS, to simulators that run as programs of their own: where
// the simulators cannot be part of the test (tests/plugins/with_simulators).
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "plugin_fixture.hpp"

namespace {

using msp::host::NetworkOptions;
using msp::host::Outcome;
using namespace msp::test;
using Texts = std::map<std::string, std::string>;

const Texts kAutotaskValues = {{"user_name", "api+console@msp.example"}};
const Texts kAutotaskSecrets = {{"password", "Throw$away#1"}, {"integration_code", "THROWAWAYTRACKINGIDENTIFIER"}};
const Texts kKaseyaValues = {{"server", "https://vsa.example.com"}, {"auth_method", "pat"}, {"user_name", "console"}};
const Texts kKaseyaSecrets = {{"pat", "0f1e2d3c-0000-4000-8000-000000000001"}};

NetworkOptions network_of(const std::string& platform) {
   const char* simulators = std::getenv("MSP_SIMULATORS");
   if (simulators == nullptr) throw std::runtime_error("MSP_SIMULATORS names no directory; run it by with_simulators");
   rapidjson::Document ready;
   ready.Parse(test_support::read_file(std::filesystem::path(simulators) / platform / "ready.json"));
   NetworkOptions network;
   network.ca_file = ready["cacert"].GetString();
   for (const auto& each : ready["connect_to"].GetArray()) network.connect_to.emplace_back(each.GetString());
   return network;
}

TEST(Platforms, good_credentials_pass) {
   const LoadedPlugin autotask(MSP_AUTOTASK_FILE, network_of("autotask"));
   const auto report = autotask.check(kAutotaskValues, kAutotaskSecrets);
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   ASSERT_TRUE(report.identity);
   EXPECT_EQ(report.identity->endpoint, "https://webservices14.autotask.net/ATServicesRest/");

   const LoadedPlugin kaseya_vsa(MSP_KASEYA_VSA_FILE, network_of("kaseya_vsa"));
   const auto other = kaseya_vsa.check(kKaseyaValues, kKaseyaSecrets);
   EXPECT_EQ(other.outcome, Outcome::accepted) << first_error(other).summary;
   ASSERT_TRUE(other.identity);
   EXPECT_EQ(other.identity->endpoint, "https://vsa.example.com/api/v1.0/");
}

TEST(Platforms, wrong_credentials_are_refused) {
   Texts secrets = kAutotaskSecrets;
   secrets["password"] = "Throw$away#wrong";
   const LoadedPlugin autotask(MSP_AUTOTASK_FILE, network_of("autotask"));
   EXPECT_EQ(autotask.check(kAutotaskValues, secrets).outcome, Outcome::refused);

   const LoadedPlugin kaseya_vsa(MSP_KASEYA_VSA_FILE, network_of("kaseya_vsa"));
   const auto report = kaseya_vsa.check(kKaseyaValues, {{"pat", "0f1e2d3c-0000-4000-8000-0000000wrong"}});
   EXPECT_EQ(report.outcome, Outcome::refused) << first_error(report).summary;
}

TEST(Platforms, an_authority_that_nobody_vouches_for_is_not_trusted) {
   NetworkOptions network = network_of("autotask");
   network.ca_file = network_of("kaseya_vsa").ca_file;  // each simulator has an authority of its own
   const LoadedPlugin autotask(MSP_AUTOTASK_FILE, network);
   const auto report = autotask.check(kAutotaskValues, kAutotaskSecrets);
   EXPECT_EQ(report.outcome, Outcome::unreachable);
   EXPECT_EQ(first_error(report).code, "net.tls_untrusted") << first_error(report).summary;
}

TEST(Platforms, a_certificate_for_another_name_is_told_as_such) {
   NetworkOptions network = network_of("kaseya_vsa");
   const std::string& place = network.connect_to.front();  // HOST1:PORT1:HOST2:PORT2
   const std::size_t port = place.find(':');
   network.connect_to.push_back("other.example.com" + place.substr(port));
   Texts values = kKaseyaValues;
   values["server"] = "https://other.example.com";
   const LoadedPlugin kaseya_vsa(MSP_KASEYA_VSA_FILE, network);
   const auto report = kaseya_vsa.check(values, kKaseyaSecrets);
   EXPECT_EQ(report.outcome, Outcome::unreachable);
   EXPECT_EQ(first_error(report).code, "net.tls_name") << first_error(report).summary;
}

}  // namespace
