// sealed_plugin.hpp - the bytes of a plugin where nobody can change them any more, to be loaded by runners
// (sealed_plugin_linux.cpp, sealed_plugin_windows.cpp).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "isolation/handle.hpp"
#include "msp/host/result.hpp"

namespace msp::isolation {

// What was hashed is what every runner loads. On Linux a file in memory, sealed, whatever becomes of the file on the
// disk. Windows loads nothing from memory: there it is the file on the disk, held open so that nobody changes it.
class SealedPlugin {
 public:
   // `file` is where the bytes lie on the disk. [any-thread]
   static host::Result<SealedPlugin> make(std::string_view bytes, const std::filesystem::path& file = {});

   [[nodiscard]] const std::string& sha256() const noexcept { return sha256_; }

#if !defined(_WIN32)
   // A description of its own, for reading only. Runners that shared one would share its offset, and each could spoil
   // the other's load. An empty descriptor when the system refuses. [any-thread]
   [[nodiscard]] Handle open() const;
#endif

 private:
   SealedPlugin(Handle file, std::string sha256) : file_(std::move(file)), sha256_(std::move(sha256)) {}

   Handle file_;
   std::string sha256_;
};

}  // namespace msp::isolation
