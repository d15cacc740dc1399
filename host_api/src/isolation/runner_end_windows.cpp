#include <windows.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "isolation/killed_windows.hpp"
#include "isolation/runner_end.hpp"

namespace msp::isolation {
namespace {

// Codes that mingw's headers know by other names, or not at all.
constexpr DWORD kQuotaExceeded = 0xC0000044;  // the job's processor time is used up
constexpr DWORD kCppException = 0xE06D7363;
constexpr DWORD kGccException = 0x20474343;
constexpr DWORD kBufferOverrun = 0xC0000409;  // also the end by abort()

struct Name {
   DWORD code;
   const char* name;
};
constexpr Name kNames[] = {
    {EXCEPTION_ACCESS_VIOLATION, "Access violation"},
    {EXCEPTION_ILLEGAL_INSTRUCTION, "Illegal instruction"},
    {EXCEPTION_PRIV_INSTRUCTION, "Privileged instruction"},
    {EXCEPTION_STACK_OVERFLOW, "Stack overflow"},
    {EXCEPTION_INT_DIVIDE_BY_ZERO, "Division by zero"},
    {EXCEPTION_FLT_DIVIDE_BY_ZERO, "Division by zero"},
    {EXCEPTION_IN_PAGE_ERROR, "Page that cannot be read"},
    {EXCEPTION_BREAKPOINT, "Breakpoint"},
    {EXCEPTION_INVALID_HANDLE, "Invalid handle"},
    {STATUS_HEAP_CORRUPTION, "Damaged heap"},
    {STATUS_DLL_INIT_FAILED, "The start of a library failed"},
    {kBufferOverrun, "Abort"},
    {kCppException, "Exception that nobody caught"},
    {kGccException, "Exception that nobody caught"},
};

const Name* find(DWORD code) {
   const auto* const found = std::ranges::find(kNames, code, &Name::code);
   return found == std::end(kNames) ? nullptr : found;
}

// An exit code of an exception: the two highest bits say "error".
bool is_crash(DWORD code) { return find(code) != nullptr || code >= 0xC0000000; }

bool took_its_memory(const RunnerEvidence& evidence) {
   return evidence.memory_bytes != 0 && evidence.peak_bytes >= evidence.memory_bytes / 4 * 3;
}

}  // namespace

// No call is told by number here: a frame that says so is nonsense of the plugin's.
RunnerEnd judge(const RunnerEvidence& evidence) {
   if (evidence.nonsense || evidence.forbidden) return {RunnerEnd::misspoke, 0, {}};
   const DWORD code = static_cast<DWORD>(evidence.status.value_or(kKilled));
   if (evidence.hung && code == kKilled) return {RunnerEnd::hung, 0, {}};
   if (evidence.deserted && code == kKilled) return {RunnerEnd::misspoke, 0, {}};
   if (!evidence.status) return {RunnerEnd::unknown, 0, {}};
   const int number = *evidence.status;
   // Memory that was not there is an end by any code: what the plugin's runtime makes of it.
   if (code == kQuotaExceeded || code == ERROR_NOT_ENOUGH_QUOTA || (took_its_memory(evidence) && code != 0)) {
      return {RunnerEnd::exhausted, number, {}};
   }
   return {is_crash(code) ? RunnerEnd::crashed : RunnerEnd::left, number, {}};
}

std::string crash_in_words(int exception) {
   const auto code = static_cast<DWORD>(exception);
   std::array<char, 32> number{};
   std::snprintf(number.data(), number.size(), "exception 0x%08lX", static_cast<unsigned long>(code));
   const Name* const known = find(code);
   return known != nullptr ? std::string(known->name) + " (" + number.data() + ")" : std::string(number.data());
}

}  // namespace msp::isolation
