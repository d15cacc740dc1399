// catalog_facts.hpp - what a look at the plugin directories and at the private copies finds, before anything is
// decided.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "library/library_files.hpp"
#include "library/plugin_store.hpp"
#include "msp/host/catalog.hpp"
#include "msp/host/result.hpp"

namespace msp::host {

struct CatalogFacts {
   // A library in a plugin directory.
   struct Found {
      std::filesystem::path file;
      Result<std::shared_ptr<const LibraryFile>> library;  // or why the file cannot be read or trusted
      Result<void> places;                                 // see distrust_places(); good while `library` is not there
      std::optional<Result<std::filesystem::path>> copy;   // absent for bytes that nobody approved
   };
   // The private copy of what an administrator approved.
   struct Copy {
      Approval approval;
      std::optional<std::filesystem::path> path;           // absent when no copy is left
      Result<std::shared_ptr<const LibraryFile>> library;  // or why the copy cannot be used
      Result<void> places;
   };
   // A directory that was not looked at, or not to its end.
   struct Unseen {
      std::filesystem::path directory;
      Finding problem;
   };

   std::vector<Found> found;  // sorted by file
   std::vector<Copy> copies;
   std::vector<Unseen> unseen;
};

// Copies approved bytes that have no copy yet. REQUIRES: absolute directories.
CatalogFacts gather(std::span<const std::filesystem::path> directories, const PluginStore& store, LibraryFiles& files,
                    std::span<const Approval> approvals);

}  // namespace msp::host
