// The program of INTEGRATORS.md is a file that is compiled, and it does what the document says, as a process.
#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "sim/autotask/autotask_sim.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "test_support/process.hpp"
#include "test_support/temp_dir.hpp"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Integrator {
 public:
   explicit Integrator(const fs::path& plugin) {
      for (const auto* name : {"plugins", "data"}) {
         fs::create_directory(directory_.path() / name);
         fs::permissions(directory_.path() / name, fs::perms::owner_all);
      }
      fs::copy_file(plugin, directory_.path() / "plugins" / plugin.filename());
   }

   test_support::ProcessResult run(const msp::sim::Simulator& simulator, const std::string& platform,
                                   const std::string& path, const std::string& answers) const {
      std::vector<std::string> arguments = {(directory_.path() / "plugins").string(),
                                            (directory_.path() / "data").string(), platform, path,
                                            simulator.ca_file().string()};
      for (const std::string& rule : simulator.connect_to()) arguments.push_back(rule);
      return test_support::run({MSP_INTEGRATOR, arguments, {}, answers});
   }

 private:
   test_support::TempDir directory_;
};

TEST(IntegratorsDocument, embeds_the_program_word_for_word) {
   const std::string document = test_support::read_file(fs::path(MSP_DOCUMENTS) / "INTEGRATORS.md");
   const std::string program = test_support::read_file(fs::path(MSP_DOCUMENTS) / "integrator.cpp");
   EXPECT_GT(program.size(), 1000U);
   EXPECT_THAT(document, HasSubstr("<!-- integrator.cpp -->\n```cpp\n" + program + "```\n"))
       << "copy docs/integrator.cpp into docs/INTEGRATORS.md again";
}

TEST(IntegratorsDocument, its_program_connects_to_autotask_and_reads_a_company) {
   const msp::sim::AutotaskSimulator simulator;
   const Integrator integrator(MSP_AUTOTASK);
   const auto result = integrator.run(simulator, "autotask", "V1.0/Companies/175",
                                      "api+console@msp.example\nThrow$away#1\nTHROWAWAYTRACKINGIDENTIFIER\n");
   EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
   EXPECT_THAT(result.out, HasSubstr("Adventure Bakery"));
   EXPECT_THAT(result.err, HasSubstr("Signed in."));
   EXPECT_THAT(result.err, HasSubstr("authenticate: passed"));
   EXPECT_THAT(result.out + result.err, Not(HasSubstr("Throw$away")));
   EXPECT_EQ(simulator.signed_requests(), 2U) << "one to check, one to read";
}

TEST(IntegratorsDocument, its_program_connects_to_kaseya_vsa_and_signs_in_once) {
   const msp::sim::KaseyaVsaSimulator simulator;
   const Integrator integrator(MSP_KASEYA_VSA);
   const auto result = integrator.run(simulator, "kaseya_vsa", "system/orgs?$top=1",
                                      "vsa.example.com\npat\nconsole\n0f1e2d3c-0000-4000-8000-000000000001\n");
   EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
   EXPECT_THAT(result.out, HasSubstr("Adventure Bakery"));
   EXPECT_EQ(simulator.sign_ins(), 1U);
}

TEST(IntegratorsDocument, its_program_tells_what_is_wrong) {
   const msp::sim::AutotaskSimulator simulator;
   const Integrator integrator(MSP_AUTOTASK);
   const auto refused = integrator.run(simulator, "autotask", "V1.0/Companies/175",
                                       "api+console@msp.example\nwrong\nTHROWAWAYTRACKINGIDENTIFIER\n");
   EXPECT_EQ(refused.exit_code, 1);
   EXPECT_THAT(refused.out, HasSubstr("\"auth.rejected\""));
   EXPECT_EQ(simulator.signed_requests(), 1U);

   const auto outside = integrator.run(simulator, "autotask", "../admin",
                                       "api+console@msp.example\nThrow$away#1\nTHROWAWAYTRACKINGIDENTIFIER\n");
   EXPECT_EQ(outside.exit_code, 1);
   EXPECT_THAT(outside.err, HasSubstr("its path holds a dot segment"));

   const auto missing = integrator.run(simulator, "other", "x", "");
   EXPECT_EQ(missing.exit_code, 1);
   EXPECT_THAT(missing.err, HasSubstr("There is no usable plugin \"other\"."));
}

}  // namespace
