// sealed_plugin.hpp - the bytes of a plugin where nobody can change them any more, to be loaded by runners.
#pragma once

#include <string>
#include <string_view>

#include "msp/host/descriptor.hpp"
#include "msp/host/result.hpp"

namespace msp::isolation {

using host::Descriptor;

// A file in memory, sealed: what was hashed is what every runner loads, whatever becomes of the file on the disk.
class SealedPlugin {
 public:
   // Copies the bytes. [any-thread]
   static host::Result<SealedPlugin> make(std::string_view bytes);

   [[nodiscard]] const std::string& sha256() const noexcept { return sha256_; }

   // A description of its own, for reading only. Runners that shared one would share its offset, and each could spoil
   // the other's load. An empty descriptor when the system refuses. [any-thread]
   [[nodiscard]] Descriptor open() const;

 private:
   SealedPlugin(Descriptor file, std::string sha256) : file_(std::move(file)), sha256_(std::move(sha256)) {}

   Descriptor file_;
   std::string sha256_;
};

}  // namespace msp::isolation
