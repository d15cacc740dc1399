#include "msp/host/catalog.hpp"

#include "library/catalog_decision.hpp"

namespace msp::host {

namespace fs = std::filesystem;

std::string_view name(PluginState state) noexcept {
   switch (state) {
      case PluginState::available:
         return "available";
      case PluginState::enabled:
         return "enabled";
      case PluginState::disabled:
         return "disabled";
      case PluginState::modified:
         return "modified";
      case PluginState::incompatible:
         return "incompatible";
      case PluginState::invalid:
         return "invalid";
      case PluginState::duplicate:
         return "duplicate";
      case PluginState::failed:
         return "failed";
   }
   return "invalid";
}

Catalog::Catalog(std::vector<fs::path> plugin_dirs, fs::path data_dir)
    : plugin_dirs_(std::move(plugin_dirs)), data_dir_(std::move(data_dir)), files_(std::make_shared<LibraryFiles>()) {}

std::vector<CatalogEntry> Catalog::scan(std::span<const Approval> approvals) const {
   const PluginStore store(fs::absolute(data_dir_) / "plugins");
   std::vector<fs::path> directories;
   for (const fs::path& directory : plugin_dirs_) directories.push_back(fs::absolute(directory));
   const CatalogFacts facts = gather(directories, store, *files_, approvals);
   files_->forget_unused();
   return decide(facts);
}

void Catalog::remove_unneeded_copies(std::span<const Approval> approvals) const {
   PluginStore(fs::absolute(data_dir_) / "plugins").remove_all_but(approvals);
}

std::uint64_t Catalog::bytes_read() const noexcept { return files_->bytes_read(); }

}  // namespace msp::host
