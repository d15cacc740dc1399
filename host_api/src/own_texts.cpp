#include "own_texts.hpp"

#include <fstream>
#include <iterator>

namespace msp::host {
namespace {

constexpr std::size_t kNeighbours = 4;     // bytes that must be the same on either side, unless a text ends there
constexpr std::size_t kAllNeighbours = 8;  // on both sides together, unless one of our texts is there as a whole
constexpr std::size_t kMostAdded = 65536;  // bytes; the host's sentences are few

bool holds(std::string_view known, std::string_view text, std::size_t begin, std::size_t end) {
   const std::string_view wanted = text.substr(begin, end - begin);
   for (std::size_t at = known.find(wanted); at != std::string_view::npos; at = known.find(wanted, at + 1)) {
      std::size_t before = 0;
      while (before < begin && before < at && text[begin - before - 1] == known[at - before - 1]) ++before;
      const std::size_t known_end = at + wanted.size();
      std::size_t after = 0;
      while (end + after < text.size() && known_end + after < known.size() &&
             text[end + after] == known[known_end + after]) {
         ++after;
      }
      const bool from_start = before == at || known[at - before - 1] == '\0';
      const bool to_end = known_end + after == known.size() || known[known_end + after] == '\0';
      const bool begins_alike = before >= kNeighbours || before == begin || from_start;
      const bool ends_alike = after >= kNeighbours || end + after == text.size() || to_end;
      const std::size_t enough = from_start && to_end ? kNeighbours : kAllNeighbours;
      if (begins_alike && ends_alike && before + after >= enough) return true;
   }
   return false;
}

}  // namespace

void OwnTexts::add(std::string_view text) {
   const std::string whole = std::string(text) + '\0';
   const std::lock_guard lock(mutex_);
   if (added_.size() < kMostAdded && added_.find(whole) == std::string::npos) added_ += whole;
}

bool OwnTexts::hold(std::string_view text, std::size_t begin, std::size_t end) const {
   std::call_once(read_, [this] {
      std::ifstream file(library_, std::ios::binary);
      of_library_.assign(std::istreambuf_iterator<char>(file), {});
   });
   if (holds(of_library_, text, begin, end)) return true;
   const std::lock_guard lock(mutex_);
   return holds(added_, text, begin, end);
}

}  // namespace msp::host
