// Linux says in /proc/PID/status which process traces another one.
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "isolation/debugger.hpp"

namespace msp::isolation {
namespace {

// "0" while nobody traces it; empty when there is no such process.
std::string tracer_of(pid_t process) {
   std::ifstream status("/proc/" + std::to_string(process) + "/status");
   constexpr std::string_view kKey = "TracerPid:\t";
   for (std::string line; std::getline(status, line);) {
      if (line.starts_with(kKey)) return line.substr(kKey.size());
   }
   return {};
}

}  // namespace

void wait_for_debugger(pid_t process, const std::stop_token& unwanted) {
   while (!unwanted.stop_requested() && tracer_of(process) == "0")
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace msp::isolation
