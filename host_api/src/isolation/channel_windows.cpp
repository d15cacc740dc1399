// A named pipe, because the system can wait for one with a deadline and can give a wait up. Nobody else comes in: the
// pipe has one instance, so that whoever came first would make the opening of the runner's end fail.
#include <windows.h>

#include <algorithm>
#include <atomic>
#include <string>

#include "isolation/channel.hpp"

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;

constexpr DWORD kRoom = 1U << 16U;
constexpr std::size_t kMost = std::size_t{1} << 20;  // at once

// Rounded up, so that a wait never ends before its deadline.
DWORD remaining_ms(Deadline deadline) {
   if (deadline == Deadline::max()) return INFINITE;
   const Deadline now = std::chrono::steady_clock::now();
   if (deadline <= now) return 0;
   return static_cast<DWORD>(
       std::min<milliseconds::rep>(std::chrono::ceil<milliseconds>(deadline - now).count(), INFINITE - 1));
}

// `start` begins to read or to write. What has not ended by the deadline is given up, so that nothing of it is under
// way when this returns.
template <class Start>
Transfer move_some(const Handle& end, Deadline deadline, std::size_t& count, Start start) {
   // Not one for each thread: what gcc destroys with a thread it destroys after its memory is given back.
   const Handle event(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
   if (!event) return Transfer::closed;
   for (;;) {
      OVERLAPPED moving{};
      moving.hEvent = event.get();
      DWORD moved = 0;
      if (!start(moving) && ::GetLastError() != ERROR_IO_PENDING) return Transfer::closed;
      if (::WaitForSingleObject(event.get(), remaining_ms(deadline)) != WAIT_OBJECT_0) ::CancelIoEx(end.get(), &moving);
      if (!::GetOverlappedResult(end.get(), &moving, &moved, TRUE)) {
         return ::GetLastError() == ERROR_OPERATION_ABORTED ? Transfer::late : Transfer::closed;
      }
      if (moved > 0) {
         count = moved;
         return Transfer::done;
      }
      if (std::chrono::steady_clock::now() >= deadline) return Transfer::late;
   }
}

DWORD piece(std::size_t size) { return static_cast<DWORD>(std::min(size, kMost)); }

}  // namespace

Transfer Channel::write_some(std::string_view bytes, std::size_t& count, Deadline deadline) {
   return move_some(end_, deadline, count, [&](OVERLAPPED& writing) {
      return ::WriteFile(end_.get(), bytes.data(), piece(bytes.size()), nullptr, &writing);
   });
}

Transfer Channel::read_some(char* bytes, std::size_t size, std::size_t& count, Deadline deadline) {
   return move_some(end_, deadline, count,
                    [&](OVERLAPPED& reading) { return ::ReadFile(end_.get(), bytes, piece(size), nullptr, &reading); });
}

bool Channel::await(Deadline deadline) {
   if (size_ > 0 || state_ != Transfer::done) return true;
   const Transfer read = read_more(deadline);
   if (read == Transfer::late) return false;
   state_ = read;
   return true;
}

std::optional<ChannelPair> make_channel_pair() {
   static std::atomic<unsigned> count{0};
   const std::wstring name = L"\\\\.\\pipe\\msp-plugin-" + std::to_wstring(::GetCurrentProcessId()) + L"-" +
                             std::to_wstring(::GetTickCount64()) + L"-" + std::to_wstring(++count);
   ChannelPair pair;
   pair.console = Handle(::CreateNamedPipeW(
       name.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
       PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, kRoom, kRoom, 0, nullptr));
   if (!pair.console) return std::nullopt;
   pair.runner = Handle(::CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_OVERLAPPED, nullptr));
   if (!pair.runner) return std::nullopt;
   return pair;
}

}  // namespace msp::isolation
