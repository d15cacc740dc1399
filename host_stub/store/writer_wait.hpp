// writer_wait.hpp - how long a process waits for its turn to write into the database.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

namespace msp::console {

// SQLite's own waiting sleeps longer each time, so that of many writers the one that has waited longest is served last.
// Here each pause is short and of random length, which gives each writer the same chance. Whether to go on waiting is
// decided by what the others do: while they write, their turn will end.
class WriterWait {
 public:
   using Clock = std::chrono::steady_clock;

   // A process that holds the lock and writes nothing for this long is stuck.
   static constexpr std::chrono::seconds kLongestStandstill{30};
   static constexpr std::chrono::minutes kLongestWait{10};
   static constexpr std::chrono::microseconds kLongestPause{5'000};

   explicit WriterWait(const std::filesystem::path& database);

   // `pauses`: how many this wait has had so far. Returns how long to pause, or nothing when it is time to give up.
   std::optional<std::chrono::microseconds> next(int pauses, Clock::time_point now = Clock::now());

 private:
   std::filesystem::path log_;  // grows or is written again with every change
   std::filesystem::file_time_type last_written_;
   Clock::time_point begun_;
   Clock::time_point moved_;  // when the log was last seen to change
};

}  // namespace msp::console
