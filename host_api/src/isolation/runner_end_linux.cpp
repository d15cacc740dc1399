// What Linux says of a process that ended: its signal or exit code, and the memory that it took at most.
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "isolation/call_names.hpp"
#include "isolation/runner_end.hpp"

namespace msp::isolation {
namespace {

// Memory that was asked for and never touched does not count here; a plugin that then fails is one that crashed. The
// system counts the console's own memory to a process that the console starts (exec keeps the peak); if that is as
// much already, nothing can be said.
bool took_its_memory(const RunnerEvidence& evidence) {
   const std::uint64_t nearly_all = evidence.memory_bytes / 4 * 3;
   return evidence.memory_bytes != 0 && evidence.peak_at_start < nearly_all && evidence.peak_bytes >= nearly_all;
}

RunnerEnd judge_signal(int signal, const RunnerEvidence& evidence) {
   // Not answered by the runner's handler: the plugin has blocked it, or the call was one of another machine's kind.
   if (signal == SIGSYS) return {RunnerEnd::forbidden, 0, {}};
   // SIGKILL that is not ours comes from the system, when the computer or a container has no memory left.
   if (signal == SIGXCPU || signal == SIGKILL || took_its_memory(evidence)) return {RunnerEnd::exhausted, signal, {}};
   return {RunnerEnd::crashed, signal, {}};
}

}  // namespace

RunnerEnd judge(const RunnerEvidence& evidence) {
   if (evidence.forbidden) return {RunnerEnd::forbidden, 0, call_name(*evidence.forbidden)};
   if (evidence.nonsense) return {RunnerEnd::misspoke, 0, {}};
   const bool killed = !evidence.status || (WIFSIGNALED(*evidence.status) && WTERMSIG(*evidence.status) == SIGKILL);
   if (evidence.hung && killed) return {RunnerEnd::hung, 0, {}};
   if (evidence.deserted && killed) return {RunnerEnd::misspoke, 0, {}};
   if (!evidence.status) return {RunnerEnd::unknown, 0, {}};
   if (WIFSIGNALED(*evidence.status)) return judge_signal(WTERMSIG(*evidence.status), evidence);
   return {RunnerEnd::left, WEXITSTATUS(*evidence.status), {}};
}

std::string crash_in_words(int signal) {
   return std::string(::sigdescr_np(signal)) + " (signal " + std::to_string(signal) + ")";
}

}  // namespace msp::isolation
