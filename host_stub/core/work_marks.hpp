// work_marks.hpp - which plugins are at work, written where it is found when one of them ends the process.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "msp/host/plugin_watch.hpp"
#include "store/held_file.hpp"
#include "store/records.hpp"

namespace msp::console {

// One file per process, held as long as the process runs, with a slot for each piece of work. [any-thread]
class WorkMarks : public host::PluginWatch {
 public:
   explicit WorkMarks(std::filesystem::path directory);
   // The file stays when a plugin is still at work: it was left behind and never came to its end.
   ~WorkMarks() override;

   std::uint64_t begin(const std::string& plugin_id, const std::string& sha256, std::string_view work) override;
   void overdue(std::uint64_t number) override;
   void end(std::uint64_t number) override;

 private:
   const std::filesystem::path directory_;
   std::mutex mutex_;  // guards what follows
   std::unique_ptr<HeldFile> file_;
   bool tried_ = false;
   std::vector<bool> used_;
};

// What plugins did when their process ended; told to `keep`, once when it returns true. `at` is left 0.
void take_plugin_ends(const std::filesystem::path& directory,
                      const std::function<bool(const std::vector<PluginEnd>&)>& keep);

}  // namespace msp::console
