// runtime.hpp - what the plugins of one Host share. Whoever still works holds it, so a plugin that was left behind on
// its thread never outlives what it touches.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "msp/host.h"
#include "msp/host/options.hpp"
#include "msp/host/redaction.hpp"
#include "net/http_service.hpp"

namespace msp::host {

// How many operations run, for those who must wait until there are none.
class Gauge {
 public:
   void enter();
   void leave() noexcept;
   void wait_until_idle();

 private:
   std::mutex mutex_;
   std::condition_variable idle_;
   int running_ = 0;
};

// Counts a line of a plugin in the operation at work on this thread: whether it is one of the first MSP_LOG_LINES_MAX.
bool may_log_line() noexcept;
// How many more there were. [both any-thread]
std::uint32_t lines_left_out() noexcept;

struct Runtime {
   explicit Runtime(HostOptions given) : options(std::move(given)), http(options.network) {}

   const HostOptions options;
   Redactor redactor;
   HttpService http;
   Gauge operations;

   // One line of our own words, with the correlation id of the operation at work on this thread. `level` is
   // MSP_LOG_.... Whatever a stranger has a part in is redacted before. [any-thread]
   void log(int level, std::string_view speaker, std::string_view text) const noexcept;
   // Whether anybody would see a line of that level, for those that cost something to make.
   [[nodiscard]] bool logs(int level) const noexcept;

   // How many lines of the plugin the operation at work on this thread had beyond its bound, if any. [any-thread]
   void log_lines_left_out(std::string_view speaker, std::uint32_t more = lines_left_out()) const noexcept;

   // That the plugin used a call after its end. [any-thread]
   void log_late_use(std::string_view speaker) const noexcept;
};

// Names the operation that this thread works for, in every log line until it ends.
class LogScope {
 public:
   explicit LogScope(std::string correlation_id);
   ~LogScope();
   LogScope(const LogScope&) = delete;
   LogScope& operator=(const LogScope&) = delete;
};

}  // namespace msp::host
