// A dropped file is a stranger's bytes: both formats are followed through them, whatever their first bytes say.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "library/preflight.hpp"
#include "msp/plugin.h"

namespace {

void look(const msp::host::Result<msp::host::Preflight>& result, std::span<const std::byte> bytes) {
   if (!result) {
      if (result.finding().summary.empty() || result.finding().remedy.empty()) std::abort();
      return;
   }
   const std::string_view manifest = result.value().manifest;
   const char* begin = reinterpret_cast<const char*>(bytes.data());
   const bool within = manifest.data() >= begin && manifest.data() + manifest.size() < begin + bytes.size();
   if (!within || manifest.size() >= MSP_MANIFEST_MAX) std::abort();
   if (std::memchr(manifest.data(), 0, manifest.size() + 1) != manifest.data() + manifest.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
   const auto bytes = std::as_bytes(std::span(data, size));
   look(msp::host::preflight_elf(bytes), bytes);
   look(msp::host::preflight_pe(bytes), bytes);
   return 0;
}
