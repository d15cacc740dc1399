#include <windows.h>

#include <string>
#include <system_error>

#include "store/turn_file.hpp"

namespace msp::console {

struct TurnFile::Handle {
   explicit Handle(void* opened) : handle(opened) {}
   ~Handle() {
      if (handle != INVALID_HANDLE_VALUE) ::CloseHandle(handle);
   }
   Handle(const Handle&) = delete;
   Handle& operator=(const Handle&) = delete;
   void* const handle;
};

TurnFile::TurnFile(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
TurnFile::~TurnFile() = default;

host::Result<std::unique_ptr<TurnFile>> TurnFile::try_take(const std::filesystem::path& file, std::int64_t number) {
   auto handle = std::make_unique<Handle>(::CreateFileW(file.c_str(), GENERIC_READ | GENERIC_WRITE,
                                                        FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS,
                                                        FILE_ATTRIBUTE_NORMAL, nullptr));
   OVERLAPPED at{};
   at.Offset = static_cast<DWORD>(number & 0xFFFFFFFF);
   at.OffsetHigh = static_cast<DWORD>(number >> 32);
   if (handle->handle != INVALID_HANDLE_VALUE &&
       ::LockFileEx(handle->handle, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at) != 0)
      return std::unique_ptr<TurnFile>(new TurnFile(std::move(handle)));
   const DWORD error = ::GetLastError();
   if (handle->handle != INVALID_HANDLE_VALUE && (error == ERROR_LOCK_VIOLATION || error == ERROR_IO_PENDING))
      return std::unique_ptr<TurnFile>();
   return host::Finding{"host.storage",
                        "The file " + file.string() +
                            " cannot be locked: " + std::system_category().message(static_cast<int>(error)) + '.',
                        "Let the console's user write into the data directory, on a file system that locks files."};
}

}  // namespace msp::console
