#include "msp/host/catalog.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "library/file_trust.hpp"
#include "library/library_files.hpp"
#include "library/plugin_store.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

void put(CatalogEntry& entry, PluginState state, const Finding& problem) {
   entry.state = state;
   entry.code = problem.code;
   entry.reason = problem.summary;
   entry.remedy = problem.remedy;
}

// One look at the directories. Every step adds to what the steps before it found out about an entry.
class Scan {
 public:
   Scan(const PluginStore& store, LibraryFiles& files, std::span<const Approval> approvals)
       : store_(store), files_(files), approvals_(approvals) {}

   void look_into(const fs::path& directory) {
      std::error_code error;
      auto trusted = distrust_directory(directory);
      std::vector<fs::path> files;
      if (trusted) {
         for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
            if (has_library_suffix(it->path())) files.push_back(it->path());
         }
         if (error) {
            trusted = Finding{"plugin.defect", "The directory cannot be read: " + error.message() + ".",
                              "Let the console's user read it."};
         }
      }
      if (!trusted) {
         add_directory(directory, trusted.finding());
         if (!unseen_) unseen_ = Unseen{directory, trusted.finding()};
      }
      for (const fs::path& file : files) add_file(file);
   }

   std::vector<CatalogEntry> finish() {
      drop_copies();
      mark_duplicates();
      for (CatalogEntry& entry : entries_) {
         if (entry.manifest && entry.state == PluginState::available) judge(entry);
      }
      for (const Approval& approval : approvals_) {
         if (!is_present(approval)) add_absent(approval);
      }
      std::sort(entries_.begin(), entries_.end(), [](const CatalogEntry& a, const CatalogEntry& b) {
         return std::make_tuple(id_of(a), a.file) < std::make_tuple(id_of(b), b.file);
      });
      return std::move(entries_);
   }

 private:
   // A directory that was not looked at, or not to its end.
   struct Unseen {
      fs::path directory;
      Finding problem;
   };

   static std::string_view id_of(const CatalogEntry& entry) {
      if (entry.manifest) return entry.manifest->id;
      return entry.serving_manifest ? std::string_view(entry.serving_manifest->id) : std::string_view();
   }

   void add_directory(const fs::path& directory, const Finding& problem) {
      CatalogEntry entry;
      entry.file = directory;
      put(entry, PluginState::invalid, problem);
      entries_.push_back(std::move(entry));
   }

   void add_file(const fs::path& file) {
      CatalogEntry& entry = entries_.emplace_back();
      entry.file = file;
      const auto found = files_.look(file);
      if (!found) return put(entry, PluginState::invalid, found.finding());
      const LibraryFile& library = *found.value();
      entry.sha256 = library.sha256;
      if (!library.manifest) return put_unusable(entry, library.manifest.finding());
      entry.manifest = library.manifest.value();
      entry.libraries = library.libraries;
      entry.search_places = library.places;
      if (const auto trusted = distrust_places(library.places); !trusted)
         return put(entry, PluginState::invalid, trusted.finding());
      entry.state = PluginState::available;
      const bool approved =
          std::ranges::any_of(approvals_, [&](const Approval& one) { return one.sha256 == entry.sha256; });
      if (!approved) return;
      const auto copy = store_.keep(file, entry.sha256);
      if (!copy) return put(entry, PluginState::failed, copy.finding());
      entry.copy = copy.value();
   }

   static void put_unusable(CatalogEntry& entry, const Finding& problem) {
      const bool incompatible = problem.code == "plugin.incompatible";
      put(entry, incompatible ? PluginState::incompatible : PluginState::invalid, problem);
   }

   const Approval* approval_of(std::string_view plugin_id) const {
      const auto found = std::find_if(approvals_.begin(), approvals_.end(),
                                      [&](const Approval& approval) { return approval.plugin_id == plugin_id; });
      return found == approvals_.end() ? nullptr : &*found;
   }

   // The same bytes under two names are the same plugin: the first file stands for all.
   void drop_copies() {
      std::ranges::stable_sort(entries_, {}, &CatalogEntry::file);
      std::set<std::string> seen;
      std::erase_if(entries_, [&](const CatalogEntry& entry) {
         return entry.manifest.has_value() && !seen.insert(entry.sha256).second;
      });
   }

   // Of several files with one id only the approved one is used; without one, nobody can tell which is meant.
   void mark_duplicates() {
      std::map<std::string, std::vector<CatalogEntry*>> by_id;
      for (CatalogEntry& entry : entries_) {
         if (entry.manifest) by_id[entry.manifest->id].push_back(&entry);
      }
      for (auto& [id, same] : by_id) {
         if (same.size() < 2) continue;
         std::sort(same.begin(), same.end(), [](const auto* a, const auto* b) { return a->file < b->file; });
         const Approval* approval = approval_of(id);
         const auto chosen = std::find_if(same.begin(), same.end(), [&](const CatalogEntry* entry) {
            return approval != nullptr && entry->sha256 == approval->sha256;
         });
         for (CatalogEntry* entry : same) {
            if (chosen != same.end() && entry == *chosen) continue;
            const CatalogEntry* other = chosen != same.end() ? *chosen : entry == same[0] ? same[1] : same[0];
            put(*entry, PluginState::duplicate,
                {"plugin.defect", "Another file has the same plugin id '" + id + "': " + other->file.string() + ".",
                 "Keep one of the two files and remove the other."});
         }
         // Two new versions at once are no reason to stop the approved one.
         if (chosen == same.end() && approval != nullptr) serve(*same[0], *approval);
      }
   }

   void judge(CatalogEntry& entry) const {
      const Approval* approval = approval_of(entry.manifest->id);
      if (approval == nullptr) return;
      if (entry.sha256 != approval->sha256) {
         put(entry, PluginState::modified,
             {"plugin.modified",
              approval->enabled ? "The file changed after it was approved; the approved version keeps serving."
                                : "The file changed after it was approved.",
              "Enable the plugin again to approve the new version, or put the approved file back."});
         entry.approved_manifest = manifest_of_copy(*approval);
         if (!entry.approved_manifest)
            entry.reason += " What is new in it cannot be told: no copy of that one is left.";
      } else {
         entry.state = approval->enabled ? PluginState::enabled : PluginState::disabled;
      }
      serve(entry, *approval);
   }

   // Fills in the approved bytes. They must be those of the plugin that was approved: an approval says which plugin's
   // secrets they are given.
   void serve(CatalogEntry& entry, const Approval& approval) const {
      if (!approval.enabled) return;
      const auto copy = store_.find(approval.sha256);
      const auto found = look_at_copy(approval);
      if (!found) return put(entry, PluginState::failed, found.finding());
      const Result<Manifest>& manifest = found.value()->manifest;
      if (!manifest) return put_unusable(entry, manifest.finding());
      if (manifest.value().id != approval.plugin_id) {
         return put(entry, PluginState::failed,
                    {"plugin.modified",
                     "What was approved for the plugin '" + approval.plugin_id + "' is the plugin '" +
                         manifest.value().id + "', so it is not used.",
                     "Look at the plugin's file, and enable it again if you trust it."});
      }
      // The copy may serve while the file is another one by now.
      if (const auto trusted = distrust_places(found.value()->places); !trusted)
         return put(entry, PluginState::failed, trusted.finding());
      entry.serving_sha256 = approval.sha256;
      entry.serving_copy = *copy;
      entry.serving_manifest = manifest.value();
   }

   Result<std::shared_ptr<const LibraryFile>> look_at_copy(const Approval& approval) const {
      auto copy = store_.trusted(approval.sha256);
      if (!copy) return copy.finding();
      auto found = files_.look(copy.value());
      if (found && found.value()->sha256 != approval.sha256) return PluginStore::copy_changed(copy.value());
      return found;
   }

   bool is_present(const Approval& approval) const {
      return std::any_of(entries_.begin(), entries_.end(), [&](const CatalogEntry& entry) {
         return entry.manifest && entry.manifest->id == approval.plugin_id;
      });
   }

   // The approved file was taken away, something unusable was put in its place, or it lies where nobody could look.
   // Only taking it away stops the plugin: a right too many on a directory says nothing against the approved bytes.
   // The copy still says whose row it is.
   void add_absent(const Approval& approval) {
      CatalogEntry* entry = replacement_of(approval);
      const bool gone = entry == nullptr && !unseen_;
      if (gone && !approval.enabled) return;  // nobody waits for it
      if (entry == nullptr) {
         entry = &entries_.emplace_back();
         put(*entry, PluginState::failed, gone ? file_gone(approval) : file_unseen(approval));
      }
      if (!gone) {
         const std::string found = entry->reason;
         serve(*entry, approval);
         if (entry->serving_manifest)
            entry->reason += " The approved version keeps serving.";
         else if (approval.enabled)
            entry->reason = found + ' ' + entry->reason;  // the copy is unusable as well
      }
      if (auto manifest = manifest_of_copy(approval)) entry->manifest = std::move(manifest);
   }

   std::optional<Manifest> manifest_of_copy(const Approval& approval) const {
      const auto found = look_at_copy(approval);
      if (!found || !found.value()->manifest || found.value()->manifest.value().id != approval.plugin_id) return {};
      return found.value()->manifest.value();
   }

   static Finding file_gone(const Approval& approval) {
      return {"plugin.missing", "The file of the approved plugin '" + approval.plugin_id + "' is gone.",
              "Put the file back into the plugin directory, or disable the plugin and remove its integrations."};
   }

   Finding file_unseen(const Approval& approval) const {
      return {"plugin.missing",
              unseen_->problem.summary + " So the file of the approved plugin '" + approval.plugin_id +
                  "' was not looked for in '" + unseen_->directory.string() + "'.",
              unseen_->problem.remedy};
   }

   // The copy bears the name that the approved file had.
   CatalogEntry* replacement_of(const Approval& approval) {
      const auto copy = store_.find(approval.sha256);
      const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const CatalogEntry& entry) {
         return copy && !entry.manifest && entry.file.filename() == copy->filename();
      });
      return found == entries_.end() ? nullptr : &*found;
   }

   const PluginStore& store_;
   LibraryFiles& files_;
   std::span<const Approval> approvals_;
   std::vector<CatalogEntry> entries_;
   std::optional<Unseen> unseen_;  // the first of them
};

}  // namespace

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
   Scan scan(store, *files_, approvals);
   for (const fs::path& directory : plugin_dirs_) scan.look_into(fs::absolute(directory));
   auto entries = scan.finish();
   files_->forget_unused();
   return entries;
}

void Catalog::remove_unneeded_copies(std::span<const Approval> approvals) const {
   PluginStore(fs::absolute(data_dir_) / "plugins").remove_all_but(approvals);
}

std::uint64_t Catalog::bytes_read() const noexcept { return files_->bytes_read(); }

}  // namespace msp::host
