// msp/host/catalog.hpp - which plugins are there, and what state each is in. Runs no line of any plugin.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/manifest.hpp"
#include "msp/host/result.hpp"

namespace msp::host {

enum class PluginState { available, enabled, disabled, modified, incompatible, invalid, duplicate, failed };
std::string_view name(PluginState state) noexcept;

// The administrator's decision about one plugin: the bytes that were approved, and whether they are in use.
// The console stores it; the library only reads it.
struct Approval {
   std::string plugin_id;
   std::string sha256;  // 64 lower-case hex digits
   bool enabled = true;
};

// One plugin file as found. Every bad file is an entry with a reason, never an absence.
struct CatalogEntry {
   PluginState state = PluginState::invalid;
   std::string code;                  // a finding code; empty for available, enabled, disabled
   std::string reason;                // one sentence; empty with no code
   std::string remedy;                // one sentence; empty with no code
   std::filesystem::path file;        // where it was dropped; empty when an approved file was not found
   std::string sha256;                // of the dropped bytes; empty when they could not be read
   std::filesystem::path copy;        // the private copy with those bytes; empty when there is none
   std::optional<Manifest> manifest;  // of the dropped bytes; of the approved copy when those are gone or unusable

   // The bytes that may be loaded: the approved ones, just proven to be unchanged. For `modified`, and for an approved
   // file that was overwritten with something unusable or may lie in a directory that could not be looked at, they are
   // the old copy, which keeps serving. All three are empty unless the plugin is approved and enabled.
   std::string serving_sha256;
   std::filesystem::path serving_copy;
   std::optional<Manifest> serving_manifest;

   // For `modified`, enabled or not: of the approved copy, to compare with. Absent when that is not kept any more.
   std::optional<Manifest> approved_manifest;
};

// Thread-safe. Two processes may share one data directory.
class Catalog {
 public:
   // Plugins are dropped into `plugin_dirs`; their copies live under `data_dir`/plugins/<sha256>/.
   Catalog(std::vector<std::filesystem::path> plugin_dirs, std::filesystem::path data_dir);

   // Looks at the directories anew. Sorted by plugin id, then file. A directory that cannot be read or trusted is an
   // entry of state `invalid` whose file is the directory.
   [[nodiscard]] std::vector<CatalogEntry> scan(std::span<const Approval> approvals) const;

 private:
   std::vector<std::filesystem::path> plugin_dirs_;
   std::filesystem::path data_dir_;
};

// SHA-256 of a byte string, as 64 lower-case hex digits. [any-thread]
std::string sha256_hex(std::string_view bytes);

}  // namespace msp::host
