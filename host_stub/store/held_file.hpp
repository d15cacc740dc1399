// held_file.hpp - a file that shows whether the process that made it still runs (held_file_posix.cpp, _windows.cpp).
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace msp::console {

// Held by a lock that the system gives up when the process ends, however it ends. Nothing is written for good: what a
// power failure takes away was no fault of a plugin.
class HeldFile {
 public:
   // A new file in that directory, which is made when it is not there. Null when that cannot be done.
   static std::unique_ptr<HeldFile> create(const std::filesystem::path& directory);
   ~HeldFile();
   HeldFile(const HeldFile&) = delete;
   HeldFile& operator=(const HeldFile&) = delete;

   void write(std::size_t offset, std::string_view bytes) noexcept;
   // Not before this it is taken for one that was left.
   void remove() noexcept;

 private:
   struct Handle;
   HeldFile(std::filesystem::path file, std::unique_ptr<Handle> handle);
   std::filesystem::path file_;
   std::unique_ptr<Handle> handle_;
};

// Calls `read` with the content of every file whose process is gone, and removes it when that returns true.
void for_each_left(const std::filesystem::path& directory, const std::function<bool(std::string_view content)>& read);

}  // namespace msp::console
