#include <windows.h>

#include <fcntl.h>
#include <io.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "cli/terminal.hpp"

namespace msp::console {
namespace {

std::stop_source* interrupted = nullptr;
std::atomic<int> interrupts{0};

std::FILE* own_output = stdout;
std::FILE* own_error = stderr;

HANDLE handle(Stream stream) noexcept {
   if (stream == Stream::input) return ::GetStdHandle(STD_INPUT_HANDLE);
   return reinterpret_cast<HANDLE>(::_get_osfhandle(::_fileno(writer(stream))));
}

// A stream of our own to where that one leads, which no child gets; itself when there is none.
std::FILE* copy_of(std::FILE* stream) noexcept {
   const int copy = ::_dup(::_fileno(stream));
   std::FILE* own = copy < 0 ? nullptr : ::_fdopen(copy, "wb");
   if (!own) return stream;
   ::SetHandleInformation(reinterpret_cast<HANDLE>(::_get_osfhandle(copy)), HANDLE_FLAG_INHERIT, 0);
   return own;
}

BOOL WINAPI on_interrupt(DWORD) {
   if (++interrupts > 1) ::ExitProcess(130);
   if (interrupted) interrupted->request_stop();
   return TRUE;
}

}  // namespace

std::FILE* writer(Stream stream) noexcept { return stream == Stream::output ? own_output : own_error; }

void leave_standard_streams() noexcept {
   std::fflush(nullptr);
   const int nowhere = ::_open("NUL", _O_WRONLY);
   if (nowhere < 0) return;
   for (const auto& [own, standard] : {std::pair(own_output, stdout), {own_error, stderr}})
      if (own != standard) ::_dup2(nowhere, ::_fileno(standard));
   ::_close(nowhere);
}

bool is_terminal(Stream stream) noexcept {
   DWORD mode = 0;
   return ::GetConsoleMode(handle(stream), &mode) != 0;
}

bool speaks_utf8() noexcept { return ::GetConsoleOutputCP() == CP_UTF8; }

int terminal_width() noexcept {
   CONSOLE_SCREEN_BUFFER_INFO info{};
   if (!::GetConsoleScreenBufferInfo(handle(Stream::output), &info)) return 80;
   return info.srWindow.Right - info.srWindow.Left + 1;
}

std::optional<host::SecretBytes> read_hidden(Typed typed, const std::string& prompt) {
   DWORD shown = 0;
   const bool console = ::GetConsoleMode(handle(Stream::input), &shown) != 0;
   if (console) ::SetConsoleMode(handle(Stream::input), shown & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
   print(Stream::error, prompt);
   std::string text, line;
   text.reserve(65536);  // the longest that a manifest allows
   line.reserve(4096);
   bool read = false;
   while (std::getline(std::cin, line)) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (read && line.empty()) break;
      text.append(read ? "\n" : "").append(line);
      read = true;
      if (typed == Typed::line || line.empty()) break;
   }
   host::wipe(line);
   if (console) ::SetConsoleMode(handle(Stream::input), shown);
   if (!read) return {};
   return host::SecretBytes::take(text);
}

// A key that was pressed waits, too: what is typed is read once its line is there.
bool input_waits() noexcept {
   DWORD events = 0;
   return std::cin.rdbuf()->in_avail() > 0 ||
          (::GetNumberOfConsoleInputEvents(handle(Stream::input), &events) && events > 1);
}

void prepare_process() noexcept {
   // What a platform answered is printed as it came, without a carriage return before each line's end.
   for (std::FILE* stream : {stdin, stdout, stderr}) ::_setmode(::_fileno(stream), _O_BINARY);
   own_output = copy_of(stdout);
   own_error = copy_of(stderr);
   ::SetConsoleOutputCP(CP_UTF8);
   ::SetConsoleCP(CP_UTF8);
   for (const Stream stream : {Stream::output, Stream::error}) {
      DWORD mode = 0;
      if (::GetConsoleMode(handle(stream), &mode)) {
         ::SetConsoleMode(handle(stream), mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
      }
   }
}

InterruptScope::InterruptScope() {
   interrupts = 0;
   interrupted = &source_;
   ::SetConsoleCtrlHandler(on_interrupt, TRUE);
}

InterruptScope::~InterruptScope() {
   ::SetConsoleCtrlHandler(on_interrupt, FALSE);
   interrupted = nullptr;
}

}  // namespace msp::console
