#include "store/writer_wait.hpp"

#include <random>
#include <system_error>

namespace msp::console {

WriterWait::WriterWait(const std::filesystem::path& database) : log_(database) { log_ += "-wal"; }

std::optional<std::chrono::microseconds> WriterWait::next(int pauses, Clock::time_point now) {
   std::error_code error;
   const auto written = std::filesystem::last_write_time(log_, error);
   if (pauses == 0) begun_ = now;
   if (pauses == 0 || written != last_written_) moved_ = now;
   last_written_ = written;
   if (now - moved_ > kLongestStandstill || now - begun_ > kLongestWait) return std::nullopt;
   thread_local std::minstd_rand random(std::random_device{}());
   return std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(100, kLongestPause.count())(random));
}

}  // namespace msp::console
