#include <windows.h>

#include <array>
#include <system_error>
#include <thread>

#include "sim/end_signal.hpp"

namespace msp::sim {
namespace {

std::system_error failure(const char* what) { return {static_cast<int>(GetLastError()), std::system_category(), what}; }

// The system calls the handler, which is given nothing, on a thread of its own.
HANDLE told_to_end() {
   static const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
   return event;
}

BOOL WINAPI end(DWORD) { return SetEvent(told_to_end()); }

}  // namespace

EndSignal::EndSignal() {
   if (told_to_end() == nullptr || !SetConsoleCtrlHandler(end, TRUE)) throw failure("Signals cannot be waited for");
}

EndSignal::~EndSignal() { SetConsoleCtrlHandler(end, FALSE); }

void EndSignal::wait(bool until_stdin_closes) const {
   if (until_stdin_closes) {
      // It may be blocked when the program ends, which ends it.
      std::thread([] {
         std::array<char, 256> ignored{};
         DWORD size = 0;
         while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), ignored.data(), ignored.size(), &size, nullptr) && size > 0) {
         }
         SetEvent(told_to_end());
      }).detach();
   }
   if (WaitForSingleObject(told_to_end(), INFINITE) != WAIT_OBJECT_0) throw failure("Waiting for the end failed");
}

}  // namespace msp::sim
