// msp/host/catalog.hpp - which plugins are there, and what state each is in. Runs no line of any plugin.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/digest.hpp"
#include "msp/host/isolation.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/result.hpp"

namespace msp::host {

class LibraryFiles;

// What the console may do with a plugin.
//    available      sound, and nobody decided about it yet
//    enabled        approved and in use
//    disabled       approved and switched off
//    modified       the file is another one than was approved
//    incompatible   sound, but needs something that this system or console does not have
//    invalid        no plugin, or one that others could change
//    duplicate      another file has the same id
//    failed         approved, and cannot be used now
enum class PluginState { available, enabled, disabled, modified, incompatible, invalid, duplicate, failed };
std::string_view name(PluginState state) noexcept;

// The administrator's decision about one plugin: the bytes that were approved, and whether they are in use.
// The console stores it; the library only reads it.
struct Approval {
   std::string plugin_id;
   std::string sha256;  // as sha256_hex (digest.hpp) writes it
   bool enabled = true;
   Isolation isolation = Isolation::process;
};

// One plugin file as found. Every bad file is an entry with a reason, never an absence.
struct CatalogEntry {
   PluginState state = PluginState::invalid;
   std::string code;                    // a finding code; empty for available, enabled, disabled
   std::string reason;                  // one sentence; empty with no code
   std::string remedy;                  // one sentence; empty with no code
   std::filesystem::path file;          // where it was dropped; empty when an approved file was not found
   std::string sha256;                  // of the dropped bytes; empty when they could not be read
   std::filesystem::path copy;          // the private copy with those bytes; empty when they were never approved
   std::optional<Manifest> manifest;    // of the dropped bytes; of the approved copy when those are gone or unusable
   std::vector<std::string> libraries;  // of the dropped bytes: what the system loads along with them, by name
   std::vector<std::string> search_places;  // and the directories where it looks for those first

   // The bytes that may be loaded: the approved ones, proven once more when they are (Host::load). For `modified`, and
   // for an approved file that was overwritten with something unusable or may lie in a directory that could not be
   // looked at, they are the old copy, which keeps serving. All three are empty unless the plugin is approved and
   // enabled.
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

   // Looks at the directories again, and reads the files that changed since it last did. Sorted by plugin id, then
   // file. A directory that cannot be read or trusted is an entry of state `invalid` whose file is the directory. A
   // file with approved bytes is copied, so that they keep serving whatever becomes of it.
   [[nodiscard]] std::vector<CatalogEntry> scan(std::span<const Approval> approvals) const;

   // Removes the copies of bytes that no approval names, unless they were made within the last hour: another console
   // may be about to approve them.
   void remove_unneeded_copies(std::span<const Approval> approvals) const;

   // How many bytes of libraries were read so far.
   [[nodiscard]] std::uint64_t bytes_read() const noexcept;

 private:
   std::vector<std::filesystem::path> plugin_dirs_;
   std::filesystem::path data_dir_;
   std::shared_ptr<LibraryFiles> files_;
};

}  // namespace msp::host
