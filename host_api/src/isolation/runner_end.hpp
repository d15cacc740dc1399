// runner_end.hpp - how a runner ended, judged by what the console has seen of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace msp::isolation {

struct RunnerEnd {
   enum How {
      left,       // the plugin ended its process by itself: exit()
      crashed,    // a signal ended it, or an exception of Windows
      hung,       // the console ended it, because it did not answer in time
      exhausted,  // it used more memory or time than a plugin gets
      forbidden,  // it made a system call that plugins may not make
      misspoke,   // it sent what is no frame, or closed the channel and went on
      unknown     // the process is gone, and somebody else has taken its status
   };
   How how = unknown;
   int number = 0;    // left: the exit code; crashed: the signal or exception
   std::string call;  // forbidden: the system call's name; empty when not even that is known

   // For people: a sentence without its subject, for example "crashed: Segmentation fault (signal 11)".
   [[nodiscard]] std::string in_words() const;
   friend bool operator==(const RunnerEnd&, const RunnerEnd&) = default;
};

struct RunnerEvidence {
   bool nonsense = false;           // it sent what is no frame
   bool hung = false;               // the console killed it after a deadline, if it had not ended meanwhile
   bool deserted = false;           // the console killed it after the channel closed, if it had not ended meanwhile
   std::optional<int> forbidden{};  // the number of the call that the runner told before it ended
   std::optional<int> status{};     // as waitpid() gives it; on Windows the exit code
   std::uint64_t peak_bytes = 0;    // the most memory that the process ever held
   std::uint64_t peak_at_start = 0;
   std::uint64_t memory_bytes = 0;  // how much it may have
};

// Of the system: runner_end_linux.cpp, runner_end_windows.cpp.
[[nodiscard]] RunnerEnd judge(const RunnerEvidence& evidence);
// For example "Segmentation fault (signal 11)".
[[nodiscard]] std::string crash_in_words(int number);

}  // namespace msp::isolation
