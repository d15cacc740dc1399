// The scripts for shells in the shells themselves, and the manual page as man reads it.
#include <gmock/gmock.h>

#include "console_program.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;
using testing::HasSubstr;

namespace {

class Shells : public testing::Test {
 protected:
   // Runs a script in a shell whose PATH begins with the program's folder.
   ProcessResult in_shell(const std::string& shell, std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), shell);
      const std::filesystem::path program(MSP_CONSOLE_PROGRAM);
      const std::string path = program.parent_path().string() + ":/usr/bin:/bin";
      return test_support::run({"/usr/bin/env", arguments, {{"PATH", path}, {"HOME", "/"}}, {}});
   }
   bool is_there(const std::string& program) { return in_shell("sh", {"-c", "command -v " + program}).exit_code == 0; }
};

TEST_F(Shells, bash_completes_commands_and_options) {
   if (!is_there("bash")) GTEST_SKIP() << "bash is not installed";
   const auto offered = [&](const std::string& words, int at) {
      return in_shell("bash", {"-c",
                               "eval \"$(msp-console completion bash)\"; complete -p msp-console >/dev/null || exit 3; "
                               "COMP_WORDS=(" +
                                   words + "); COMP_CWORD=" + std::to_string(at) +
                                   "; _msp_console; printf '%s\\n' \"${COMPREPLY[@]}\""})
          .out;
   };
   EXPECT_EQ(offered("msp-console integ", 1), "integration\n");
   EXPECT_EQ(offered("msp-console integration show --verb", 3), "--verbose\n");
   EXPECT_EQ(offered("msp-console integration sh --json", 2), "show\n") << "the cursor stands in the middle";
   EXPECT_EQ(offered("msp-console --cacert ''", 2), "\n") << "bash offers files";
}

TEST_F(Shells, zsh_reads_its_script) {
   if (!is_there("zsh")) GTEST_SKIP() << "zsh is not installed";
   const ProcessResult result =
       in_shell("zsh", {"-fc",
                        "compdef() { :; }; compadd() { print -l ${(P)2}; }; eval \"$(msp-console completion zsh)\"; "
                        "words=(msp-console integration show --verb); CURRENT=4; _msp_console"});
   EXPECT_EQ(result.out, "--verbose\n") << result.err;
}

TEST_F(Shells, fish_completes_options) {
   if (!is_there("fish")) GTEST_SKIP() << "fish is not installed";
   const ProcessResult result = in_shell(
       "fish", {"-Nc", "msp-console completion fish | source; complete -C 'msp-console integration show --verb'"});
   EXPECT_THAT(result.out, HasSubstr("--verbose")) << result.err;
}

TEST_F(Shells, man_reads_the_manual_page_without_a_complaint) {
   if (!is_there("man") || !is_there("groff")) GTEST_SKIP() << "man and groff are not installed";
   const ProcessResult shown =
       in_shell("sh", {"-c",
                       "page=$(mktemp) && msp-console man > $page && LC_ALL=C.UTF-8 MANWIDTH=80 man "
                       "--warnings -E UTF-8 -l -Tutf8 $page; rm -f $page"});
   EXPECT_EQ(shown.err, "");
   EXPECT_THAT(shown.out, HasSubstr("integration check"));
   EXPECT_THAT(shown.out, HasSubstr("Somebody cancelled it."));
}

TEST_F(Shells, whatever_the_program_says_of_itself_makes_no_database) {
   ConsoleProgram console;
   for (const std::vector<std::string>& words :
        {std::vector<std::string>{"man"}, {"completion", "bash"}, {"completion", "words", "i"}}) {
      const ProcessResult result = console.run(words);
      EXPECT_EQ(result.exit_code, 0) << result.err;
      EXPECT_NE(result.out, "");
   }
   EXPECT_FALSE(std::filesystem::exists(console.data_dir()));
   EXPECT_EQ(console.run({"completion", "tcsh"}).exit_code, 2);
}

}  // namespace
