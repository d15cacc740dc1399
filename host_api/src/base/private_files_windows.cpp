#include <windows.h>

#include <sddl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include "base/digest.hpp"
#include "base/handles_windows.hpp"
#include "msp/host/ascii.hpp"
#include "msp/host/private_files.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

// The owner, SYSTEM and the administrators, all inherited by what is made within; nobody else.
constexpr const wchar_t* kPrivate = L"D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";

std::error_code error_code(DWORD error) { return {static_cast<int>(error), std::system_category()}; }
std::error_code last_error() { return error_code(GetLastError()); }

bool write_all(HANDLE handle, std::string_view bytes) {
   while (!bytes.empty()) {
      DWORD count = 0;
      const auto size = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1U << 20U));
      if (!WriteFile(handle, bytes.data(), size, &count, nullptr)) return false;
      bytes.remove_prefix(count);
   }
   return true;
}

// Beside the file, so that it can become the file at once; a name that no other writer uses.
fs::path temporary_name(const fs::path& file) {
   std::array<std::byte, 8> random{};
   if (!random_bytes(random)) throw std::system_error(std::make_error_code(std::errc::io_error), "random bytes");
   return fs::path(file) += "." + hex(random);
}

}  // namespace

std::error_code make_private_directories(const fs::path& directory, fs::path& failed) {
   PSECURITY_DESCRIPTOR descriptor = nullptr;
   failed = directory;
   if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(kPrivate, SDDL_REVISION_1, &descriptor, nullptr)) {
      return last_error();
   }
   const Local<void> owned(descriptor);
   SECURITY_ATTRIBUTES attributes{sizeof(SECURITY_ATTRIBUTES), descriptor, FALSE};
   fs::path step;
   for (const fs::path& name : directory) {
      step /= name;
      if (CreateDirectoryW(step.c_str(), &attributes)) continue;
      const std::error_code error = last_error();
      std::error_code ignored;
      if (fs::is_directory(step, ignored) || step == directory.root_name()) continue;
      failed = step;
      return error;
   }
   return {};
}

// The rights are those of the directory.
std::error_code write_private_file(const fs::path& file, std::string_view bytes, Access /*access*/, IfThere if_there) {
   const fs::path temporary = temporary_name(file);
   void* handle = CreateFileW(temporary.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
   if (handle == INVALID_HANDLE_VALUE) return last_error();
   Handle opened(handle);
   const bool written = write_all(opened.get(), bytes) && FlushFileBuffers(opened.get());
   const std::error_code write_error = last_error();
   opened.reset();
   const DWORD replace = if_there == IfThere::replace ? MOVEFILE_REPLACE_EXISTING : 0;
   if (written && MoveFileExW(temporary.c_str(), file.c_str(), replace | MOVEFILE_WRITE_THROUGH)) return {};
   const std::error_code error = written ? last_error() : write_error;
   DeleteFileW(temporary.c_str());
   return error;
}

std::error_code replace_private_file(const fs::path& by, const fs::path& file) {
   if (MoveFileExW(by.c_str(), file.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) return {};
   return last_error();
}

std::error_code remove_private_file(const fs::path& file) {
   if (DeleteFileW(file.c_str()) || GetLastError() == ERROR_FILE_NOT_FOUND) return {};
   return last_error();
}

}  // namespace msp::host
