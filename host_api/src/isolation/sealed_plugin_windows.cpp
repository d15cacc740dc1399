#include <windows.h>

#include <system_error>

#include "isolation/app_container_windows.hpp"
#include "isolation/sealed_plugin.hpp"
#include "msp/host/catalog.hpp"

namespace msp::isolation {
namespace {

// The file's bytes through this very handle; one more than `most` when it is longer.
std::string read_through(const Handle& file, std::size_t most) {
   std::string bytes(most + 1, '\0');
   std::size_t filled = 0;
   for (DWORD count = 1; count != 0 && filled < bytes.size(); filled += count) {
      const auto left = static_cast<DWORD>(bytes.size() - filled);
      if (!::ReadFile(file.get(), bytes.data() + filled, left, &count, nullptr)) break;
   }
   bytes.resize(filled);
   return bytes;
}

}  // namespace

// Whoever else opens the file may only read it, as long as this object lives.
host::Result<SealedPlugin> SealedPlugin::make(std::string_view bytes, const std::filesystem::path& file) {
   Handle held(::CreateFileW(file.c_str(), GENERIC_READ | READ_CONTROL | WRITE_DAC, FILE_SHARE_READ, nullptr,
                             OPEN_EXISTING, 0, nullptr));
   if (!held) {
      return host::Finding{"host.storage",
                           "The copy of the plugin cannot be opened: " +
                               std::system_category().message(static_cast<int>(::GetLastError())) + ".",
                           "Make sure that no other program changes '" + file.string() + "', then try again."};
   }
   if (read_through(held, bytes.size()) != bytes) {
      return host::Finding{
          "plugin.modified", "The approved copy of the plugin was changed after it was approved, so it is not loaded.",
          "Find out who changed '" + file.string() + "', then remove its directory: the copy is made again."};
   }
   let_runners_read(held.get());
   return SealedPlugin(std::move(held), host::sha256_hex(bytes));
}

}  // namespace msp::isolation
