#include "contract/runtime.hpp"

#include <spdlog/logger.h>

#include <algorithm>

#include "base/text.hpp"

namespace msp::host {
namespace {

constexpr std::size_t kLongestLine = 4096;

thread_local std::string correlation_id;
thread_local std::uint32_t lines_of_plugin = 0;

spdlog::level::level_enum spdlog_level(int level) {
   switch (level) {
      case MSP_LOG_DEBUG:
         return spdlog::level::debug;
      case MSP_LOG_INFO:
         return spdlog::level::info;
      case MSP_LOG_ERROR:
         return spdlog::level::err;
      default:
         return spdlog::level::warn;
   }
}

}  // namespace

bool Runtime::logs(int level) const noexcept { return options.log && options.log->should_log(spdlog_level(level)); }

void Runtime::log(int level, std::string_view speaker, std::string_view text) const noexcept {
   if (!logs(level)) return;
   try {
      auto line = clean_text(redactor.redact_ours(text), kLongestLine);
      std::ranges::replace(line, '\n', ' ');  // a plugin cannot forge a second line
      options.log->log(spdlog_level(level), "[{}] {}: {}", correlation_id.empty() ? "-" : correlation_id, speaker,
                       line);
   } catch (...) {  // no log line is worth an operation
   }
}

void Runtime::log_lines_left_out(std::string_view speaker, std::uint32_t more) const noexcept {
   if (more > 0)
      log(MSP_LOG_WARNING, speaker, std::to_string(more) + " more log lines of this operation were left out");
}

void Runtime::log_late_use(std::string_view speaker) const noexcept {
   log(MSP_LOG_WARNING, speaker,
       "used a call whose operation had ended (rule P16 of the plugin contract); it was ignored");
}

bool may_log_line() noexcept { return ++lines_of_plugin <= MSP_LOG_LINES_MAX; }
std::uint32_t lines_left_out() noexcept {
   return lines_of_plugin > MSP_LOG_LINES_MAX ? lines_of_plugin - MSP_LOG_LINES_MAX : 0;
}

LogScope::LogScope(std::string id) {
   correlation_id = std::move(id);
   lines_of_plugin = 0;
}
LogScope::~LogScope() { correlation_id.clear(); }

void Gauge::enter() {
   const std::lock_guard lock(mutex_);
   ++running_;
}

void Gauge::leave() noexcept {
   const std::lock_guard lock(mutex_);
   if (--running_ == 0) idle_.notify_all();
}

void Gauge::wait_until_idle() {
   std::unique_lock lock(mutex_);
   idle_.wait(lock, [this] { return running_ == 0; });
}

}  // namespace msp::host
