// terminal.hpp - the terminal and the signals (terminal_posix.cpp, terminal_windows.cpp).
#pragma once

#include <cstdio>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "msp/host/secret.hpp"

namespace msp::console {

enum class Stream { input, output, error };

// Where the console writes: standard output or error as it was at the start.
std::FILE* writer(Stream stream) noexcept;
// Zero, or the errno of what went wrong. [any-thread]
int print(Stream stream, std::string_view text) noexcept;
// Whatever else in this process writes to standard output or error - a plugin - writes to nobody from now on.
void leave_standard_streams() noexcept;

bool is_terminal(Stream stream) noexcept;
bool speaks_utf8() noexcept;
int terminal_width() noexcept;  // in columns; 80 when there is no terminal

// From standard input: one line, or all lines up to an empty one, without the last line end; nothing at its end. What
// is typed is not shown from before the prompt, and the terminal is as before also when the program is interrupted.
enum class Typed { line, lines };
std::optional<host::SecretBytes> read_hidden(Typed typed, const std::string& prompt = {});

// Whether a line, or the end, can be read from a terminal's standard input without waiting.
bool input_waits() noexcept;

// Files made from now on are for their owner only, a closed pipe is an error and no death, and the terminal understands
// our letters. Called once at start.
void prepare_process() noexcept;

// While it lives, the first Ctrl-C (or a termination signal) asks for a stop, and the second ends the program at once.
// One at a time.
class InterruptScope {
 public:
   InterruptScope();
   ~InterruptScope();
   InterruptScope(const InterruptScope&) = delete;
   InterruptScope& operator=(const InterruptScope&) = delete;

   [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

 private:
   std::stop_source source_;
};

}  // namespace msp::console
