// A manifest is a stranger's text: whatever it says, it is read or refused with a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "msp/host/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
   msp::host::ManifestNotes notes;
   const auto manifest = msp::host::parse_manifest({reinterpret_cast<const char*>(data), size}, &notes);
   if (!manifest) {
      if (manifest.finding().summary.empty() || !msp::host::is_clean_text(manifest.finding().summary)) std::abort();
      return 0;
   }
   // What was accepted keeps the promises that the rest of the host relies on.
   for (const msp::host::Field& field : manifest.value().fields) {
      if (manifest.value().field(field.id) != &field || !msp::host::is_clean_text(field.help)) std::abort();
   }
   for (const std::string& host : manifest.value().hosts_from) {
      if (manifest.value().field(host) == nullptr) std::abort();
   }
   for (const std::string& key : notes.unknown_keys) {
      if (!msp::host::is_clean_text(key)) std::abort();
   }
   static_cast<void>(msp::host::host_matches("webservices14.example.com", manifest.value().hosts));
   return 0;
}
