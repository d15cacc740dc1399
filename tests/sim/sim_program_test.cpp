#include <fcntl.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

#include "sim/scratch_directory.hpp"
#include "sim_client.hpp"

namespace msp::sim {
namespace {

std::string read_text(const std::filesystem::path& file) {
   std::ostringstream text;
   text << std::ifstream(file).rdbuf();
   return text.str();
}

// `msp-sim` as a process, with its standard input and everything it prints in our hands.
class Program {
 public:
   explicit Program(std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), MSP_SIM_PROGRAM);
      std::vector<char*> values;
      for (std::string& each : arguments) values.push_back(each.data());
      values.push_back(nullptr);

      std::array<int, 2> input{};
      std::array<int, 2> output{};
      EXPECT_EQ(pipe2(input.data(), O_CLOEXEC), 0);
      EXPECT_EQ(pipe2(output.data(), O_CLOEXEC), 0);
      posix_spawn_file_actions_t actions;
      posix_spawn_file_actions_init(&actions);
      posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
      posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
      posix_spawn_file_actions_adddup2(&actions, output[1], STDERR_FILENO);
      EXPECT_EQ(posix_spawn(&process_, MSP_SIM_PROGRAM, &actions, nullptr, values.data(), environ), 0);
      posix_spawn_file_actions_destroy(&actions);
      close(input[0]);
      close(output[1]);
      input_ = input[1];
      output_ = output[0];
   }

   ~Program() {
      if (process_ != 0) exit_code();
   }
   Program(const Program&) = delete;
   Program& operator=(const Program&) = delete;

   // Waits for the text, which the program prints once it is listening, or for its end.
   std::string read_until(const std::string& text) {
      std::array<char, 1024> part{};
      while (printed_.find(text) == std::string::npos) {
         const ssize_t size = read(output_, part.data(), part.size());
         if (size <= 0) break;
         printed_.append(part.data(), static_cast<std::size_t>(size));
      }
      return printed_;
   }

   void end() const { kill(process_, SIGTERM); }

   // Closes its standard input and waits for it.
   int exit_code() {
      close(input_);
      read_until("a text that is never printed, so this reads to the end");
      close(output_);
      int status = 0;
      waitpid(process_, &status, 0);
      process_ = 0;
      return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
   }

 private:
   pid_t process_ = 0;
   int input_ = -1;
   int output_ = -1;
   std::string printed_;
};

TEST(SimProgram, tells_how_to_reach_it_and_ends_with_its_standard_input) {
   const ScratchDirectory scratch;
   const auto ready_file = scratch.path() / "ready.json";
   Program program({"autotask", "--until-stdin-closes", "--ready-file", ready_file, "--state-dir", scratch.path()});
   const std::string printed = program.read_until("--connect-to webservices16");
   ASSERT_NE(printed.find("Autotask is simulated at 127.0.0.1:"), std::string::npos) << printed;

   rapidjson::Document ready;
   ready.Parse(read_text(ready_file));
   ASSERT_TRUE(ready.IsObject());
   const std::string port = std::to_string(ready["port"].GetUint());
   ASSERT_EQ(ready["connect_to"].Size(), 3U);
   EXPECT_EQ(ready["connect_to"][0].GetString(), "webservices.autotask.net:443:127.0.0.1:" + port);
   EXPECT_EQ(ready["console_options"].Size(), 8U);
   EXPECT_EQ(ready["cacert"].GetString(), (scratch.path() / "ca.pem").string());

   SimClient client(read_text(ready["cacert"].GetString()), {ready["connect_to"][0].GetString()});
   EXPECT_EQ(client.get("https://webservices.autotask.net/atservicesrest/versioninformation").status, 200);
   EXPECT_EQ(program.exit_code(), 0);
}

TEST(SimProgram, ends_cleanly_when_told_to_and_leaves_nothing) {
   const ScratchDirectory scratch;
   const auto ready_file = scratch.path() / "ready.json";
   Program program({"autotask", "--ready-file", ready_file});
   program.read_until("--connect-to webservices16");
   rapidjson::Document ready;
   ready.Parse(read_text(ready_file));
   ASSERT_TRUE(ready.IsObject());
   const std::filesystem::path ca_file = ready["cacert"].GetString();
   EXPECT_TRUE(std::filesystem::exists(ca_file));
   program.end();
   EXPECT_EQ(program.exit_code(), 0);
   EXPECT_FALSE(std::filesystem::exists(ca_file));
}

TEST(SimProgram, a_bad_scenario_is_one_sentence_with_the_place) {
   const ScratchDirectory scratch;
   const std::string file = scratch.path() / "scenario.json";
   std::ofstream(file) << R"({"users":[{"login":"a","state":"asleep"}]})";
   Program program({"autotask", "--scenario", file});
   EXPECT_EQ(program.read_until("expired.\n"),
             "msp-sim: Scenario " + file +
                 ": users[0].state: is \"asleep\", and must be one of: active, locked, inactive, expired.\n");
   EXPECT_EQ(program.exit_code(), 2);
}

TEST(SimProgram, an_unknown_platform_is_a_usage_error) {
   Program program({"psa_of_tomorrow"});
   EXPECT_EQ(program.exit_code(), 2);
}

TEST(SimProgram, the_default_scenario_it_prints_is_one_it_accepts) {
   for (const char* platform : {"autotask", "kaseya_vsa", "oauth", "aws", "duo", "script"}) {
      Program printer({platform, "--print-scenario"});
      const std::string scenario = printer.read_until("this reads to the end");
      EXPECT_EQ(printer.exit_code(), 0);
      const ScratchDirectory scratch;
      const std::string file = scratch.path() / "scenario.json";
      std::ofstream(file) << scenario;
      std::vector<std::string> arguments = {platform, "--until-stdin-closes"};
      if (platform != std::string("script")) arguments.emplace_back("--scenario");
      arguments.push_back(file);
      Program program(arguments);
      EXPECT_NE(program.read_until("--connect-to").find("is simulated at"), std::string::npos) << platform;
      EXPECT_EQ(program.exit_code(), 0);
   }
}

}  // namespace
}  // namespace msp::sim
