#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cerrno>
#include <cstring>

#include "cli/global_options.hpp"
#include "cli/input_file.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"

namespace msp::console {
namespace {

class RedactingFormatter : public spdlog::formatter {
 public:
   explicit RedactingFormatter(const host::Redactor& redactor)
       : redactor_(redactor), inner_("%Y-%m-%dT%H:%M:%S.%e%z %l %v", spdlog::pattern_time_type::utc) {}

   void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
      spdlog::memory_buf_t line;
      inner_.format(message, line);
      const std::string clean = redactor_.redact_ours({line.data(), line.size()});
      out.append(clean.data(), clean.data() + clean.size());
   }

   [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
      return std::make_unique<RedactingFormatter>(redactor_);
   }

 private:
   const host::Redactor& redactor_;
   spdlog::pattern_formatter inner_;
};

}  // namespace

std::shared_ptr<spdlog::logger> make_log(const GlobalOptions& options) {
   if (options.log_level.empty() && options.log_file.empty()) return nullptr;
   spdlog::sink_ptr sink;
   if (options.log_file.empty()) {
      using OwnStream = spdlog::sinks::stdout_sink_base<spdlog::details::console_mutex>;
      sink = std::make_shared<OwnStream>(writer(Stream::error));
   } else {
      const std::string name = "The log file \"" + one_line(options.log_file) + "\"";
      if (const auto writable = judge_appending(options.log_file); !writable) {
         throw UsageError(name + " cannot be written: " + writable.finding().summary + ".",
                          "Name another file with --log-file.");
      }
      try {
         sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.log_file);
      } catch (const spdlog::spdlog_ex&) {
         throw UsageError(name + " cannot be written: " + std::strerror(errno) + ".",
                          "Name a file in a directory of yours with --log-file.");
      }
   }
   auto log = std::make_shared<spdlog::logger>("msp-console", std::move(sink));
   log->set_level(options.log_level.empty() ? spdlog::level::info : spdlog::level::from_str(options.log_level));
   log->flush_on(spdlog::level::trace);
   return log;
}

void redact_log(spdlog::logger& log, const host::Redactor& redactor) {
   log.set_formatter(std::make_unique<RedactingFormatter>(redactor));
}

}  // namespace msp::console
