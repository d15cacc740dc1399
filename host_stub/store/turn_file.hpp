// turn_file.hpp - turns that processes take one after the other: bytes of one file that they lock (turn_file_posix.cpp,
// _windows.cpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "msp/host/result.hpp"

namespace msp::console {

// A turn that was taken. The system gives it back when this goes, or the process, however it ends.
class TurnFile {
 public:
   // The turn of this number, when nobody has it: neither another process nor another thread of this one. Null when
   // somebody has. The finding (host.storage) says why the file cannot be used. [any-thread]
   static host::Result<std::unique_ptr<TurnFile>> try_take(const std::filesystem::path& file, std::int64_t number);

   ~TurnFile();
   TurnFile(const TurnFile&) = delete;
   TurnFile& operator=(const TurnFile&) = delete;

 private:
   struct Handle;
   explicit TurnFile(std::unique_ptr<Handle> handle);
   std::unique_ptr<Handle> handle_;
};

}  // namespace msp::console
