#include "core/work_marks.hpp"

#include <algorithm>

namespace msp::console {
namespace {

constexpr std::size_t kSlot = 256;
constexpr std::size_t kMostSlots = 1024;
constexpr char kAtWork = 'W';
constexpr char kOverdue = 'H';
constexpr char kFree = '-';

std::vector<std::string> lines(std::string_view slot) {
   std::vector<std::string> result;
   slot = slot.substr(0, slot.find('\0'));
   for (std::size_t end = 0; (end = slot.find('\n')) != std::string_view::npos; slot.remove_prefix(end + 1)) {
      result.emplace_back(slot.substr(0, end));
   }
   return result;
}

}  // namespace

WorkMarks::WorkMarks(std::filesystem::path directory) : directory_(std::move(directory)) {}

WorkMarks::~WorkMarks() {
   if (file_ && std::ranges::find(used_, true) == used_.end()) file_->remove();
}

// 0: it is written nowhere.
std::uint64_t WorkMarks::begin(const std::string& plugin_id, const std::string& sha256, std::string_view work) {
   const std::lock_guard lock(mutex_);
   if (!file_ && !tried_) file_ = HeldFile::create(directory_);
   tried_ = true;
   if (!file_) return 0;
   auto slot = static_cast<std::size_t>(std::ranges::find(used_, false) - used_.begin());
   if (slot == kMostSlots) return 0;
   if (slot == used_.size()) used_.push_back(false);
   std::string text = std::string(1, kAtWork) + "\n" + plugin_id + "\n" + sha256 + "\n" + std::string(work) + "\n";
   text.resize(kSlot, '\0');
   used_[slot] = true;
   file_->write(slot * kSlot, text);
   return slot + 1;
}

void WorkMarks::overdue(std::uint64_t number) {
   const std::lock_guard lock(mutex_);
   if (number != 0 && used_[number - 1]) file_->write((number - 1) * kSlot, {&kOverdue, 1});
}

void WorkMarks::end(std::uint64_t number) {
   const std::lock_guard lock(mutex_);
   if (number == 0) return;
   file_->write((number - 1) * kSlot, {&kFree, 1});
   used_[number - 1] = false;
}

void take_plugin_ends(const std::filesystem::path& directory,
                      const std::function<bool(const std::vector<PluginEnd>&)>& keep) {
   for_each_left(directory, [&](std::string_view content) {
      std::vector<PluginEnd> ends;
      for (std::size_t at = 0; at + kSlot <= content.size(); at += kSlot) {
         const std::vector<std::string> told = lines(content.substr(at, kSlot));
         if (told.size() != 4 || told[0].size() != 1 || told[0][0] == kFree) continue;
         ends.push_back({told[1], told[2], told[3], told[0][0] == kOverdue, 0});
      }
      return ends.empty() || keep(ends);
   });
}

}  // namespace msp::console
