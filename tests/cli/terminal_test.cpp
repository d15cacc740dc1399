#include "cli/terminal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

using namespace msp::console;

namespace {

// A terminal at which another process reads a hidden line or several; it ends with 0 when that line is "secret",
// or its two lines are "first" and "second".
class HiddenReader {
 public:
   explicit HiddenReader(Typed typed = Typed::line) : screen_(::posix_openpt(O_RDWR | O_NOCTTY)) {
      ::grantpt(screen_);
      ::unlockpt(screen_);
      keyboard_ = ::open(::ptsname(screen_), O_RDWR | O_NOCTTY);
      child_ = ::fork();
      if (child_ != 0) return;
      ::setsid();
      ::dup2(keyboard_, STDIN_FILENO);
      const auto secret = read_hidden(typed);
      ::_exit(secret && secret->view() == (typed == Typed::line ? "secret" : "first\nsecond") ? 0 : 1);
   }
   ~HiddenReader() {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
      ::close(keyboard_);
      ::close(screen_);
   }
   HiddenReader(const HiddenReader&) = delete;
   HiddenReader& operator=(const HiddenReader&) = delete;

   bool shows_what_is_typed() const {
      termios state{};
      EXPECT_EQ(::tcgetattr(keyboard_, &state), 0);
      return (state.c_lflag & ECHO) != 0;
   }

   // Nobody tells when a terminal's settings change, so they are asked again and again.
   bool wait_until_hidden() const {
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
      while (shows_what_is_typed() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
      return !shows_what_is_typed();
   }

   void signal(int number) const { ::kill(child_, number); }
   bool type(std::string_view text) const {
      return ::write(screen_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
   }

   // How it ended or that it was stopped, as waitpid tells it.
   int wait() const {
      int status = 0;
      ::waitpid(child_, &status, WUNTRACED);
      return status;
   }

 private:
   int screen_;
   int keyboard_ = -1;
   pid_t child_ = -1;
};

TEST(Terminal, shows_what_is_typed_again_whatever_ends_the_program) {
   for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
      const HiddenReader reader;
      ASSERT_TRUE(reader.wait_until_hidden());
      reader.signal(number);
      const int status = reader.wait();
      EXPECT_TRUE(WIFEXITED(status)) << number;
      EXPECT_EQ(WEXITSTATUS(status), 128 + number);
      EXPECT_TRUE(reader.shows_what_is_typed()) << number;
   }
}

TEST(Terminal, shows_what_is_typed_while_the_program_is_stopped_and_hides_it_when_it_goes_on) {
   const HiddenReader reader;
   ASSERT_TRUE(reader.wait_until_hidden());
   reader.signal(SIGTSTP);
   EXPECT_TRUE(WIFSTOPPED(reader.wait()));
   EXPECT_TRUE(reader.shows_what_is_typed());
   reader.signal(SIGCONT);
   ASSERT_TRUE(reader.wait_until_hidden());
   ASSERT_TRUE(reader.type("secret\n"));
   const int status = reader.wait();
   EXPECT_TRUE(WIFEXITED(status));
   EXPECT_EQ(WEXITSTATUS(status), 0);
   EXPECT_TRUE(reader.shows_what_is_typed());
}

TEST(Terminal, several_hidden_lines_end_with_an_empty_one_or_with_the_input) {
   for (const char* typed : {"first\nsecond\n\n", "first\nsecond\n\x04", "first\nsecond\x04\x04"}) {
      const HiddenReader reader(Typed::lines);
      ASSERT_TRUE(reader.wait_until_hidden());
      ASSERT_TRUE(reader.type(typed));
      const int status = reader.wait();
      EXPECT_TRUE(WIFEXITED(status));
      EXPECT_EQ(WEXITSTATUS(status), 0) << typed;
      EXPECT_TRUE(reader.shows_what_is_typed());
   }
}

}  // namespace
