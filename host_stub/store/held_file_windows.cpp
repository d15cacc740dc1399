#include <windows.h>

#include <random>

#include "store/held_file.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kLongest = 1U << 20U;

}  // namespace

struct HeldFile::Handle {
   explicit Handle(void* opened) : handle(opened) {}
   ~Handle() { ::CloseHandle(handle); }
   Handle(const Handle&) = delete;
   Handle& operator=(const Handle&) = delete;
   void* const handle;
};

HeldFile::HeldFile(std::filesystem::path file, std::unique_ptr<Handle> handle)
    : file_(std::move(file)), handle_(std::move(handle)) {}
HeldFile::~HeldFile() = default;

// Shared with nobody: who can open it knows that its process is gone.
std::unique_ptr<HeldFile> HeldFile::create(const std::filesystem::path& directory) {
   std::error_code error;
   std::filesystem::create_directory(directory, error);
   const std::filesystem::path file =
       directory / (std::to_string(::GetCurrentProcessId()) + "-" + std::to_string(std::random_device{}()));
   void* handle = ::CreateFileW(file.c_str(), GENERIC_READ | GENERIC_WRITE | DELETE, 0, nullptr, CREATE_NEW,
                                FILE_ATTRIBUTE_NORMAL, nullptr);
   if (handle == INVALID_HANDLE_VALUE) return nullptr;
   return std::unique_ptr<HeldFile>(new HeldFile(file, std::make_unique<Handle>(handle)));
}

void HeldFile::write(std::size_t offset, std::string_view bytes) noexcept {
   OVERLAPPED at{};
   at.Offset = static_cast<DWORD>(offset);
   DWORD written = 0;
   ::WriteFile(handle_->handle, bytes.data(), static_cast<DWORD>(bytes.size()), &written, &at);
}

void HeldFile::remove() noexcept {
   handle_.reset();
   ::DeleteFileW(file_.c_str());
}

void for_each_left(const std::filesystem::path& directory, const std::function<bool(std::string_view content)>& read) {
   std::error_code error;
   for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
      void* handle = ::CreateFileW(it->path().c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr);
      if (handle == INVALID_HANDLE_VALUE) continue;
      std::string content(kLongest, '\0');
      DWORD size = 0;
      ::ReadFile(handle, content.data(), static_cast<DWORD>(content.size()), &size, nullptr);
      ::CloseHandle(handle);
      if (read(std::string_view(content).substr(0, size))) ::DeleteFileW(it->path().c_str());
   }
}

}  // namespace msp::console
