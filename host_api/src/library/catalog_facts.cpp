#include "library/catalog_facts.hpp"

#include <algorithm>

#include "library/file_trust.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

Result<void> list_libraries(const fs::path& directory, std::vector<fs::path>& files) {
   if (auto trusted = distrust_directory(directory); !trusted) return trusted;
   std::error_code error;
   for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
      if (has_library_suffix(it->path())) files.push_back(it->path());
   }
   if (!error) return {};
   return Finding{"plugin.defect", "The directory cannot be read: " + error.message() + ".",
                  "Let the console's user read it."};
}

CatalogFacts::Found look_at(const fs::path& file, const PluginStore& store, LibraryFiles& files,
                            std::span<const Approval> approvals) {
   CatalogFacts::Found found{file, files.look(file), {}, {}};
   if (!found.library || !found.library.value()->manifest) return found;
   const LibraryFile& library = *found.library.value();
   found.places = distrust_places(library.places);
   if (found.places && std::ranges::find(approvals, library.sha256, &Approval::sha256) != approvals.end())
      found.copy = store.keep(file, library.sha256);
   return found;
}

Result<std::shared_ptr<const LibraryFile>> look_at_copy(const Approval& approval, const PluginStore& store,
                                                        LibraryFiles& files) {
   auto copy = store.trusted(approval.sha256);
   if (!copy) return copy.finding();
   auto library = files.look(copy.value());
   if (library && library.value()->sha256 != approval.sha256) return PluginStore::copy_changed(copy.value());
   return library;
}

}  // namespace

CatalogFacts gather(std::span<const fs::path> directories, const PluginStore& store, LibraryFiles& files,
                    std::span<const Approval> approvals) {
   CatalogFacts facts;
   std::vector<fs::path> libraries;
   for (const fs::path& directory : directories) {
      if (const auto listed = list_libraries(directory, libraries); !listed)
         facts.unseen.push_back({directory, listed.finding()});
   }
   std::ranges::sort(libraries);
   for (const fs::path& file : libraries) facts.found.push_back(look_at(file, store, files, approvals));
   for (const Approval& approval : approvals) {
      CatalogFacts::Copy copy{approval, store.find(approval.sha256), look_at_copy(approval, store, files), {}};
      // The copy may serve while the file is another one by now.
      if (copy.library) copy.places = distrust_places(copy.library.value()->places);
      facts.copies.push_back(std::move(copy));
   }
   return facts;
}

}  // namespace msp::host
