#include "library/library_files.hpp"

#include <span>

#include "base/plugin_defect.hpp"
#include "library/plugin_store.hpp"
#include "library/preflight.hpp"
#include "msp/host/catalog.hpp"

namespace msp::host {
namespace {

Result<Manifest> manifest_of(const Preflight& found) {
   ManifestNotes notes;
   auto manifest = parse_manifest(found.manifest, &notes);
   if (!manifest && manifest.finding().code == "plugin.defect") {  // its summary is a place, written for authors
      const std::size_t count = notes.mistakes.size();
      return plugin_defect("The plugin's manifest has " +
                               (count == 1 ? "a mistake" : std::to_string(count) + " mistakes") + ": " +
                               manifest.finding().summary + ".",
                           manifest.finding().remedy);
   }
   return manifest;
}

}  // namespace

Result<void> distrust_places(std::span<const std::string> places) {
   for (const std::string& place : places) {
      std::error_code error;
      std::filesystem::path there = place;
      while (!std::filesystem::exists(there, error) && there.has_relative_path()) there = there.parent_path();
      const auto trusted = distrust_directory(there);
      if (trusted) continue;
      return plugin_defect("The library has others searched in '" + place +
                               "', where other users could put some: " + trusted.finding().summary,
                           trusted.finding().remedy);
   }
   return {};
}

LibraryFile library_file(std::string_view bytes) {
   auto found = preflight(std::as_bytes(std::span(bytes)), kFormatHere);
   if (!found) return {sha256_hex(bytes), found.finding(), {}, {}};
   return {sha256_hex(bytes), manifest_of(found.value()), std::move(found.value().libraries),
           std::move(found.value().places)};
}

Result<std::shared_ptr<const LibraryFile>> LibraryFiles::look(const std::filesystem::path& file) {
   const auto before = mark_of(file);
   if (before) {
      const std::lock_guard lock(mutex_);
      const auto found = known_.find(file);
      if (found != known_.end() && found->second.mark == *before) {
         found->second.used = true;
         return found->second.file;
      }
   }
   const auto bytes = read_trusted_file(file, kMaxLibrarySize);
   if (!bytes) return bytes.finding();
   bytes_read_ += bytes.value().size();
   auto read = std::make_shared<const LibraryFile>(library_file(bytes.value()));
   if (before && mark_of(file) == before) {
      const std::lock_guard lock(mutex_);
      known_.insert_or_assign(file, Known{*before, read, true});
   }
   return read;
}

void LibraryFiles::forget_unused() {
   const std::lock_guard lock(mutex_);
   std::erase_if(known_, [](const auto& known) { return !known.second.used; });
   for (auto& [file, known] : known_) known.used = false;
}

}  // namespace msp::host
