#include "library/catalog_decision.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace msp::host {
namespace {

void put(CatalogEntry& entry, PluginState state, const Finding& problem) {
   entry.state = state;
   entry.code = problem.code;
   entry.reason = problem.summary;
   entry.remedy = problem.remedy;
}

// Every step adds to what the steps before it decided about an entry.
class Decision {
 public:
   explicit Decision(const CatalogFacts& facts) : facts_(facts) {}

   std::vector<CatalogEntry> run() {
      for (const CatalogFacts::Unseen& unseen : facts_.unseen) add(unseen);
      for (const CatalogFacts::Found& found : facts_.found) add(found);
      drop_copies();
      mark_duplicates();
      for (CatalogEntry& entry : entries_) {
         if (entry.manifest && entry.state == PluginState::available) judge(entry);
      }
      for (const CatalogFacts::Copy& copy : facts_.copies) {
         if (!is_present(copy.approval)) add_absent(copy);
      }
      std::sort(entries_.begin(), entries_.end(), [](const CatalogEntry& a, const CatalogEntry& b) {
         return std::make_tuple(id_of(a), a.file) < std::make_tuple(id_of(b), b.file);
      });
      return std::move(entries_);
   }

 private:
   static std::string_view id_of(const CatalogEntry& entry) {
      if (entry.manifest) return entry.manifest->id;
      return entry.serving_manifest ? std::string_view(entry.serving_manifest->id) : std::string_view();
   }

   void add(const CatalogFacts::Unseen& unseen) {
      CatalogEntry& entry = entries_.emplace_back();
      entry.file = unseen.directory;
      put(entry, PluginState::invalid, unseen.problem);
   }

   void add(const CatalogFacts::Found& found) {
      CatalogEntry& entry = entries_.emplace_back();
      entry.file = found.file;
      if (!found.library) return put(entry, PluginState::invalid, found.library.finding());
      const LibraryFile& library = *found.library.value();
      entry.sha256 = library.sha256;
      if (!library.manifest) return put_unusable(entry, library.manifest.finding());
      entry.manifest = library.manifest.value();
      entry.libraries = library.libraries;
      entry.search_places = library.places;
      if (!found.places) return put(entry, PluginState::invalid, found.places.finding());
      entry.state = PluginState::available;
      if (!found.copy) return;
      if (!*found.copy) return put(entry, PluginState::failed, found.copy->finding());
      entry.copy = found.copy->value();
   }

   static void put_unusable(CatalogEntry& entry, const Finding& problem) {
      const bool incompatible = problem.code == "plugin.incompatible";
      put(entry, incompatible ? PluginState::incompatible : PluginState::invalid, problem);
   }

   // What was approved for the plugin; null when nothing was.
   [[nodiscard]] const CatalogFacts::Copy* approved(std::string_view plugin_id) const {
      const auto found = std::ranges::find(
          facts_.copies, plugin_id, [](const auto& copy) -> std::string_view { return copy.approval.plugin_id; });
      return found == facts_.copies.end() ? nullptr : &*found;
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
         const CatalogFacts::Copy* copy = approved(id);
         const auto chosen = std::find_if(same.begin(), same.end(), [&](const CatalogEntry* entry) {
            return copy != nullptr && entry->sha256 == copy->approval.sha256;
         });
         for (CatalogEntry* entry : same) {
            if (chosen != same.end() && entry == *chosen) continue;
            const CatalogEntry* other = chosen != same.end() ? *chosen : entry == same[0] ? same[1] : same[0];
            put(*entry, PluginState::duplicate,
                {"plugin.defect", "Another file has the same plugin id '" + id + "': " + other->file.string() + ".",
                 "Keep one of the two files and remove the other."});
         }
         // Two new versions at once are no reason to stop the approved one.
         if (chosen == same.end() && copy != nullptr) serve(*same[0], *copy);
      }
   }

   void judge(CatalogEntry& entry) const {
      const CatalogFacts::Copy* copy = approved(entry.manifest->id);
      if (copy == nullptr) return;
      const Approval& approval = copy->approval;
      if (entry.sha256 != approval.sha256) {
         put(entry, PluginState::modified,
             {"plugin.modified",
              approval.enabled ? "The file changed after it was approved; the approved version keeps serving."
                               : "The file changed after it was approved.",
              "Review the change and enable the plugin again to approve the new version, or put the approved file "
              "back."});
         entry.approved_manifest = manifest_of(*copy);
         if (!entry.approved_manifest)
            entry.reason += " What is new in it cannot be told: no copy of that one is left.";
      } else {
         entry.state = approval.enabled ? PluginState::enabled : PluginState::disabled;
      }
      serve(entry, *copy);
   }

   // Fills in the approved bytes. They must be those of the plugin that was approved: an approval says which plugin's
   // secrets they are given.
   static void serve(CatalogEntry& entry, const CatalogFacts::Copy& copy) {
      const Approval& approval = copy.approval;
      if (!approval.enabled) return;
      if (!copy.library) return put(entry, PluginState::failed, copy.library.finding());
      const Result<Manifest>& manifest = copy.library.value()->manifest;
      if (!manifest) return put_unusable(entry, manifest.finding());
      if (manifest.value().id != approval.plugin_id) {
         return put(entry, PluginState::failed,
                    {"plugin.modified",
                     "What was approved for the plugin '" + approval.plugin_id + "' is the plugin '" +
                         manifest.value().id + "', so it is not used.",
                     "Look at the plugin's file, and enable it again if you trust it."});
      }
      if (!copy.places) return put(entry, PluginState::failed, copy.places.finding());
      entry.serving_sha256 = approval.sha256;
      entry.serving_copy = *copy.path;
      entry.serving_manifest = manifest.value();
   }

   bool is_present(const Approval& approval) const {
      return std::any_of(entries_.begin(), entries_.end(), [&](const CatalogEntry& entry) {
         return entry.manifest && entry.manifest->id == approval.plugin_id;
      });
   }

   // The approved file was taken away, something unusable was put in its place, or it lies where nobody could look.
   // Only taking it away stops the plugin: a right too many on a directory says nothing against the approved bytes.
   // The copy still says whose row it is.
   void add_absent(const CatalogFacts::Copy& copy) {
      const Approval& approval = copy.approval;
      CatalogEntry* entry = replacement_of(copy);
      const bool gone = entry == nullptr && facts_.unseen.empty();
      if (gone && !approval.enabled) return;  // nobody waits for it
      if (entry == nullptr) {
         entry = &entries_.emplace_back();
         put(*entry, PluginState::failed, gone ? file_gone(approval) : file_unseen(approval));
      }
      if (!gone) {
         const std::string found = entry->reason;
         serve(*entry, copy);
         if (entry->serving_manifest)
            entry->reason += " The approved version keeps serving.";
         else if (approval.enabled)
            entry->reason = found + ' ' + entry->reason;  // the copy is unusable as well
      }
      if (auto manifest = manifest_of(copy)) entry->manifest = std::move(manifest);
   }

   static std::optional<Manifest> manifest_of(const CatalogFacts::Copy& copy) {
      if (!copy.library) return std::nullopt;
      const Result<Manifest>& manifest = copy.library.value()->manifest;
      if (!manifest || manifest.value().id != copy.approval.plugin_id) return std::nullopt;
      return manifest.value();
   }

   static Finding file_gone(const Approval& approval) {
      return {"plugin.missing", "The file of the approved plugin '" + approval.plugin_id + "' is gone.",
              "Put the file back into the plugin directory, or disable the plugin and remove its integrations."};
   }

   Finding file_unseen(const Approval& approval) const {
      return {"plugin.missing",
              facts_.unseen.front().problem.summary + " So the file of the approved plugin '" + approval.plugin_id +
                  "' was not looked for in '" + facts_.unseen.front().directory.string() + "'.",
              facts_.unseen.front().problem.remedy};
   }

   // The copy bears the name that the approved file had.
   CatalogEntry* replacement_of(const CatalogFacts::Copy& copy) {
      const auto found = std::ranges::find_if(entries_, [&](const CatalogEntry& entry) {
         return copy.path && !entry.manifest && entry.file.filename() == copy.path->filename();
      });
      return found == entries_.end() ? nullptr : &*found;
   }

   const CatalogFacts& facts_;
   std::vector<CatalogEntry> entries_;
};

}  // namespace

std::vector<CatalogEntry> decide(const CatalogFacts& facts) { return Decision(facts).run(); }

}  // namespace msp::host
