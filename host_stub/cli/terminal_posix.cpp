#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>
#include <utility>

#include "cli/terminal.hpp"

#ifdef MSP_SANITIZED
#include <sanitizer/common_interface_defs.h>
#endif

namespace msp::console {
namespace {

constexpr std::size_t kLongestSecret = 65536;  // that a manifest allows, in bytes

// What signal handlers may touch: plain data that is set before they are installed.
termios shown_terminal;
termios hidden_terminal;
int interrupt_pipe[2] = {-1, -1};
volatile std::sig_atomic_t interrupts = 0;

std::FILE* own_output = stdout;
std::FILE* own_error = stderr;

int descriptor(Stream stream) noexcept { return stream == Stream::input ? STDIN_FILENO : ::fileno(writer(stream)); }

// A stream of our own to where that one leads; itself when there is none.
std::FILE* copy_of(std::FILE* stream) noexcept {
   constexpr int kAfterTheStandardOnes = 10;
   const int copy = ::fcntl(::fileno(stream), F_DUPFD_CLOEXEC, kAfterTheStandardOnes);
   std::FILE* own = copy < 0 ? nullptr : ::fdopen(copy, "w");
   return own ? own : stream;
}

void handle(int signal, void (*handler)(int), struct sigaction* before = nullptr) {
   struct sigaction action {};
   action.sa_handler = handler;
   ::sigemptyset(&action.sa_mask);
   ::sigaction(signal, &action, before);
}

void show_terminal_and_die(int signal) {
   ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_terminal);
   ::_exit(128 + signal);
}

// Shown while the program is stopped, hidden again when it goes on.
void show_terminal_and_stop(int) {
   const int before = errno;
   ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_terminal);
   ::raise(SIGSTOP);
   ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden_terminal);
   errno = before;
}

void on_interrupt(int) {
   interrupts = interrupts + 1;
   if (interrupts > 1) ::_exit(130);
   const int before = errno;
   const char byte = 1;
   [[maybe_unused]] const ssize_t written = ::write(interrupt_pipe[1], &byte, 1);
   errno = before;
}

// Keeps the terminal from showing what is typed.
class Hidden {
 public:
   Hidden() {
      if (::tcgetattr(STDIN_FILENO, &shown_terminal) != 0) return;
      hidden_terminal = shown_terminal;
      hidden_terminal.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      active_ = true;
      for (std::size_t i = 0; i < kSignals.size(); ++i) {
         handle(kSignals[i], kSignals[i] == SIGTSTP ? show_terminal_and_stop : show_terminal_and_die, &before_[i]);
         // What somebody chose to ignore (nohup) stays ignored.
         if (before_[i].sa_handler == SIG_IGN) ::sigaction(kSignals[i], &before_[i], nullptr);
      }
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden_terminal);
   }
   ~Hidden() {
      if (!active_) return;
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_terminal);
      for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
   }
   Hidden(const Hidden&) = delete;
   Hidden& operator=(const Hidden&) = delete;

 private:
   static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
   std::array<struct sigaction, kSignals.size()> before_{};
   bool active_ = false;
};

}  // namespace

std::FILE* writer(Stream stream) noexcept { return stream == Stream::output ? own_output : own_error; }

void leave_standard_streams() noexcept {
   std::fflush(nullptr);
   const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
   if (nowhere < 0) return;
   for (const auto& [own, standard] : {std::pair(own_output, stdout), {own_error, stderr}})
      if (own != standard) ::dup2(nowhere, ::fileno(standard));
   ::close(nowhere);
#ifdef MSP_SANITIZED
   __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(::fileno(own_error))));
#endif
}

bool is_terminal(Stream stream) noexcept { return ::isatty(descriptor(stream)) != 0; }

bool speaks_utf8() noexcept { return std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0; }

int terminal_width() noexcept {
   winsize size{};
   for (const Stream stream : {Stream::output, Stream::error}) {
      if (::ioctl(descriptor(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
   }
   return 80;
}

std::optional<host::SecretBytes> read_hidden(Typed typed, const std::string& prompt) {
   const Hidden hidden;  // for all lines at once: what was pasted and not read yet would be lost with it
   print(Stream::error, prompt);
   std::string text;
   text.reserve(kLongestSecret);  // no copy of a secret is left behind by growing
   std::size_t line = 0;          // where the one begins that is being read
   char letter = 0;
   for (;;) {
      const ssize_t got = ::read(STDIN_FILENO, &letter, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0 && text.empty()) return {};
      if (got <= 0) break;
      if (letter == '\n') {
         if (text.size() > line && text.back() == '\r') text.pop_back();
         if (typed == Typed::line || text.size() == line) break;
         line = text.size() + 1;
      }
      text += letter;
   }
   if (!text.empty() && text.back() == '\n') text.pop_back();
   return host::SecretBytes::take(text);
}

bool input_waits() noexcept {
   if (std::cin.rdbuf()->in_avail() > 0) return true;
   pollfd input{STDIN_FILENO, POLLIN, 0};
   return ::poll(&input, 1, 0) > 0;
}

void prepare_process() noexcept {
   ::umask(0077);
   own_output = copy_of(stdout);
   own_error = copy_of(stderr);
   std::signal(SIGPIPE, SIG_IGN);
   std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a full disk, which is told
   std::setlocale(LC_CTYPE, "");
}

// One thread waits for the handler's byte, because a handler itself must not ask for a stop.
InterruptScope::InterruptScope() {
   interrupts = 0;
   if (::pipe(interrupt_pipe) != 0) return;
   std::thread([source = source_, end = interrupt_pipe[0]]() mutable {
      char byte = 0;
      ssize_t got = 0;
      while ((got = ::read(end, &byte, 1)) < 0 && errno == EINTR) {
      }
      if (got == 1) source.request_stop();
      ::close(end);
   }).detach();
   handle(SIGINT, on_interrupt);
   handle(SIGTERM, on_interrupt);
}

InterruptScope::~InterruptScope() {
   handle(SIGINT, SIG_DFL);
   handle(SIGTERM, SIG_DFL);
   if (interrupt_pipe[1] >= 0) ::close(interrupt_pipe[1]);
   interrupt_pipe[1] = -1;
}

}  // namespace msp::console
