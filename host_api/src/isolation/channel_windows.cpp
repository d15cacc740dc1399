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

// Not one for each thread: what gcc destroys with a thread it destroys after its memory is given back.
Handle make_event() { return Handle(::CreateEventW(nullptr, TRUE, FALSE, nullptr)); }

}  // namespace

// Of a write that is given up nobody knows how much has gone. So none is given up before the channel is: what the
// deadline leaves under way has bytes of its own, and the next call goes on waiting for it.
struct Channel::Writing {
   Writing(HANDLE to, std::string_view piece) : end(to), event(make_event()), bytes(piece) {
      operation.hEvent = event.get();
      under_way = event && (::WriteFile(end, bytes.data(), static_cast<DWORD>(bytes.size()), nullptr, &operation) ||
                            ::GetLastError() == ERROR_IO_PENDING);
   }

   const HANDLE end;
   const Handle event;
   WipedBytes bytes;
   OVERLAPPED operation{};
   bool under_way = false;
};

void Channel::EndWriting::operator()(Writing* writing) const noexcept {
   DWORD count = 0;
   if (writing->under_way) {
      ::CancelIoEx(writing->end, &writing->operation);
      ::GetOverlappedResult(writing->end, &writing->operation, &count, TRUE);
   }
   delete writing;
}

Transfer Channel::write_some(std::string_view bytes, std::size_t& count, Deadline deadline) {
   if (!writing_) writing_.reset(new Writing(end_.get(), bytes.substr(0, kRoom)));
   if (!writing_->under_way) return Transfer::closed;
   if (::WaitForSingleObject(writing_->event.get(), remaining_ms(deadline)) != WAIT_OBJECT_0) return Transfer::late;
   DWORD written = 0;
   const bool done = ::GetOverlappedResult(writing_->end, &writing_->operation, &written, TRUE) && written > 0;
   writing_->under_way = false;
   writing_.reset();
   count = written;
   return done ? Transfer::done : Transfer::closed;
}

// A read that is given up has taken nothing.
Transfer Channel::read_some(char* bytes, std::size_t size, std::size_t& count, Deadline deadline) {
   const Handle event = make_event();
   if (!event) return Transfer::closed;
   for (;;) {
      OVERLAPPED reading{};
      reading.hEvent = event.get();
      DWORD read = 0;
      if (!::ReadFile(end_.get(), bytes, static_cast<DWORD>(std::min(size, kMost)), nullptr, &reading) &&
          ::GetLastError() != ERROR_IO_PENDING) {
         return Transfer::closed;
      }
      if (::WaitForSingleObject(event.get(), remaining_ms(deadline)) != WAIT_OBJECT_0) {
         ::CancelIoEx(end_.get(), &reading);
      }
      if (!::GetOverlappedResult(end_.get(), &reading, &read, TRUE)) {
         return ::GetLastError() == ERROR_OPERATION_ABORTED ? Transfer::late : Transfer::closed;
      }
      if (read > 0) {
         count = read;
         return Transfer::done;
      }
      if (std::chrono::steady_clock::now() >= deadline) return Transfer::late;
   }
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
