#include "msp/sdk/plugin.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "msp/sdk/http.hpp"
#include "msp/testing/fakes.hpp"

namespace {

using namespace msp::sdk;

std::function<Outcome(Call&)> behaviour;
bool alive = false;

class Scripted {
 public:
   explicit Scripted(const Host& host) : http_(host) { alive = true; }
   Scripted(const Scripted&) = delete;
   Scripted& operator=(const Scripted&) = delete;
   ~Scripted() { alive = false; }
   Outcome validate_credentials(Call& call) { return behaviour(call); }
   Outcome check_permissions(Call& call) { return call.progress("permissions"), Outcome::accepted; }
   Outcome authenticate(Call& call) { return call.progress("session"), Outcome::accepted; }

 private:
   Http http_;
};

struct SdkPlugin : testing::Test {
   ~SdkPlugin() override {
      if (connection != nullptr) plugin->destroy(connection);
   }
   msp_outcome validate(std::function<Outcome(Call&)> script) {
      behaviour = std::move(script);
      if (connection == nullptr) connection = plugin->create(&host.table());
      return plugin->validate_credentials(connection, &call.table());
   }

   msp::test::FakeHost host;
   msp::test::FakeCall call;
   const msp_plugin* plugin = PluginTable<Scripted>::table();
   msp_connection* connection = nullptr;
};

// A function of that name alone makes no signer.
struct SignsOtherwise {
   explicit SignsOtherwise(const Host&) {}
   Outcome validate_credentials(Call&) { return Outcome::accepted; }
   Outcome check_permissions(Call&) { return Outcome::accepted; }
   Outcome authenticate(Call&) { return Outcome::accepted; }
   [[nodiscard]] std::string sign(const std::string& text) const { return text; }
};
struct Signs {
   explicit Signs(const Host&) {}
   Outcome validate_credentials(Call&) { return Outcome::accepted; }
   Outcome check_permissions(Call&) { return Outcome::accepted; }
   Outcome authenticate(Call&) { return Outcome::accepted; }
   Outcome sign(Call&, const Signing&) { return Outcome::accepted; }
};

TEST_F(SdkPlugin, has_the_signer_when_it_signs_requests_and_not_for_another_function_of_that_name) {
   EXPECT_EQ(PluginTable<SignsOtherwise>::table()->get_extension(MSP_SIGNER_EXTENSION), nullptr);
   EXPECT_NE(PluginTable<Signs>::table()->get_extension(MSP_SIGNER_EXTENSION), nullptr);
   EXPECT_EQ(PluginTable<Signs>::table()->get_extension("msp.of_tomorrow/1"), nullptr);
}

TEST_F(SdkPlugin, the_table_says_what_it_was_compiled_with) {
   EXPECT_EQ(plugin->struct_size, sizeof(msp_plugin));
   EXPECT_EQ(plugin->abi_major, static_cast<std::uint32_t>(MSP_ABI_MAJOR));
   EXPECT_EQ(plugin->abi_minor, static_cast<std::uint32_t>(MSP_ABI_MINOR));
   EXPECT_EQ(plugin->reserved, 0U);
}

TEST_F(SdkPlugin, each_operation_reaches_its_own_function) {
   EXPECT_EQ(validate([](Call& each) { return each.progress("credentials"), Outcome::accepted; }), MSP_ACCEPTED);
   EXPECT_EQ(plugin->check_permissions(connection, &call.table()), MSP_ACCEPTED);
   EXPECT_EQ(plugin->authenticate(connection, &call.table()), MSP_ACCEPTED);
   EXPECT_EQ(call.progress, (std::vector<std::string>{"credentials", "permissions", "session"}));
}

TEST_F(SdkPlugin, the_connection_lives_from_create_to_destroy) {
   EXPECT_EQ(validate([](Call&) { return Outcome::unreachable; }), MSP_UNREACHABLE);
   EXPECT_TRUE(alive);
   plugin->destroy(connection);
   connection = nullptr;
   EXPECT_FALSE(alive);
}

TEST_F(SdkPlugin, an_exception_becomes_a_defect_without_its_text) {
   const std::function<Outcome(Call&)> scripts[] = {
       [](Call&) -> Outcome { throw std::runtime_error("the secret hunter2"); },
       [](Call&) -> Outcome { throw std::bad_alloc(); },
       [](Call&) -> Outcome { throw 42; },
   };
   for (const auto& script : scripts) {
      call.findings.clear();
      EXPECT_EQ(validate(script), MSP_FAILED);
      ASSERT_EQ(call.findings.size(), 1U);
      EXPECT_EQ(call.findings[0].code, "plugin.defect");
      EXPECT_EQ(call.findings[0].severity, MSP_ERROR);
      EXPECT_FALSE(call.findings[0].remedy.empty());
      EXPECT_EQ(call.findings[0].summary.find("hunter2"), std::string::npos);
   }
   // Its type is for the vendor's support; its text, which may hold anything, for debugging.
   EXPECT_EQ(host.log, (std::vector<std::string>{"stopped at an exception of the type std::runtime_error",
                                                 "the exception says: the secret hunter2"}));
   EXPECT_EQ(host.log_levels, (std::vector<int>{MSP_LOG_ERROR, MSP_LOG_DEBUG}));
}

TEST_F(SdkPlugin, a_service_that_the_host_lacks_leaves_no_connection_and_a_log_line) {
   host.services.clear();
   EXPECT_EQ(plugin->create(&host.table()), nullptr);
   EXPECT_EQ(host.log.front(), "stopped at an exception of the type msp::sdk::Incompatible");
}

}  // namespace
