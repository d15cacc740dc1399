#include "msp/host/redaction.hpp"

#include <algorithm>
#include <bitset>
#include <cctype>
#include <cstring>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

#include "own_texts.hpp"
#include "redaction_needles.hpp"

namespace msp::host {
namespace {

// [first, second) of the text that came in.
using Range = std::pair<std::size_t, std::size_t>;

// Every needle is at least this long, so its start can be looked up as one number.
constexpr std::size_t kStart = 4;
static_assert(kStart <= Redactor::kShortest);

std::uint32_t start_of(const char* text) noexcept {
   std::uint32_t value = 0;
   std::memcpy(&value, text, kStart);
   return value;
}

// Random characters of these lengths are no words; ours are shorter than 20.
bool reads_like_words(std::string_view secret) {
   constexpr std::size_t kLongerThanWords = 20;
   constexpr std::size_t kNoNumber = 8;
   if (secret.size() < kNoNumber) return true;
   const auto of_words = [](unsigned char c) {
      return std::isalpha(c) != 0 || c == ' ' || c == '.' || c == '_' || c == '-';
   };
   return secret.size() < kLongerThanWords && std::all_of(secret.begin(), secret.end(), of_words);
}

struct Needle {
   std::string_view text;
   bool of_words;  // the secret that it is a shape of reads like words
};

enum class Search { all, no_words };

std::size_t slot_of(std::uint32_t start) noexcept { return (start * 2654435761U) >> 16; }

std::string marked(std::string_view text, std::vector<Range> ranges) {
   if (ranges.empty()) return std::string(text);
   // A mark that is already there counts as found: what overlaps it melts into it, so a text is never marked twice,
   // not even by a secret that reads "redacted".
   for (auto at = text.find(Redactor::kMark); at != std::string_view::npos;
        at = text.find(Redactor::kMark, at + Redactor::kMark.size()))
      ranges.emplace_back(at, at + Redactor::kMark.size());
   std::sort(ranges.begin(), ranges.end());

   std::string result;
   result.reserve(text.size());
   std::size_t copied = 0;
   for (auto range = ranges.begin(); range != ranges.end();) {
      auto [begin, end] = *range;
      for (++range; range != ranges.end() && range->first < end; ++range) end = std::max(end, range->second);
      result += text.substr(copied, begin - copied);
      result += Redactor::kMark;
      copied = end;
   }
   result += text.substr(copied);
   return result;
}

}  // namespace

struct Redactor::State {
   mutable std::shared_mutex mutex;
   std::uint64_t last_id = 0;
   std::unordered_map<std::uint64_t, std::vector<SecretBytes>> leased;
   std::unordered_multimap<std::uint32_t, Needle> by_start;
   std::bitset<65536> maybe;  // by slot; tells at once that nothing starts here. May say yes for a needle that is gone.
   std::size_t gone = 0;      // needles, since `maybe` was made

   std::uint64_t add(std::vector<SecretBytes> needles, bool of_words) {
      const std::unique_lock lock(mutex);
      for (const SecretBytes& needle : needles) {
         const std::uint32_t start = start_of(needle.view().data());
         by_start.emplace(start, Needle{needle.view(), of_words});
         maybe.set(slot_of(start));
      }
      leased.emplace(++last_id, std::move(needles));
      return last_id;
   }

   void remove(std::uint64_t id) noexcept {
      const std::unique_lock lock(mutex);
      const auto entry = leased.find(id);
      if (entry == leased.end()) return;
      for (const SecretBytes& needle : entry->second) {
         auto [at, end] = by_start.equal_range(start_of(needle.view().data()));
         while (at->second.text.data() != needle.view().data()) ++at;
         by_start.erase(at);
      }
      gone += entry->second.size();
      leased.erase(entry);
      if (gone > std::max<std::size_t>(by_start.size(), 256)) forget_gone();
   }

   // REQUIRES: mutex is held.
   void forget_gone() noexcept {
      maybe.reset();
      for (const auto& [start, needle] : by_start) maybe.set(slot_of(start));
      gone = 0;
   }

   // Calls `found` with the longest needle at every place of `text` where one stands.
   template <class Found>
   void scan(std::string_view text, Search which, Found found) const {
      for (std::size_t at = 0; at + kStart <= text.size(); ++at) {
         const std::uint32_t start = start_of(text.data() + at);
         if (!maybe.test(slot_of(start))) continue;
         std::size_t longest = 0;
         const auto [begin, end] = by_start.equal_range(start);
         for (auto candidate = begin; candidate != end; ++candidate) {
            const Needle& needle = candidate->second;
            if (which == Search::no_words && needle.of_words) continue;
            if (text.substr(at).starts_with(needle.text)) longest = std::max(longest, needle.text.size());
         }
         if (longest != 0) found(at, at + longest);
      }
   }

   // Every place where a secret stands, in order.
   std::vector<Range> find(std::string_view text, Search which) const {
      constexpr int kLayers = 2;
      std::vector<Range> ranges;
      const std::shared_lock lock(mutex);
      if (leased.empty()) return ranges;
      search(text, which, kLayers, [&](std::size_t begin, std::size_t end) { ranges.emplace_back(begin, end); });
      std::sort(ranges.begin(), ranges.end());
      ranges.erase(std::unique(ranges.begin(), ranges.end()), ranges.end());
      return ranges;
   }

   // Scans the text and, `layers` deep, what is under its escapes. `found` gets offsets into `text`.
   void search(std::string_view text, Search which, int layers,
               const std::function<void(std::size_t, std::size_t)>& found) const {
      scan(text, which, found);
      if (layers == 0) return;
      const auto through = [&](DecodedText decoded) {
         if (decoded.bytes.size() == text.size()) return;  // there was no escape
         search(decoded.bytes, which, layers - 1, [&](std::size_t begin, std::size_t end) {
            // The origin of the byte after may be that of the last one, when one escape stands for several bytes.
            const std::size_t from = decoded.origin[begin];
            while (decoded.origin[end] == decoded.origin[end - 1]) ++end;
            found(from, decoded.origin[end]);
         });
         wipe(decoded.bytes);
      };
      if (text.find('%') != std::string_view::npos) through(percent_decode(text));
      if (text.find('\\') != std::string_view::npos) through(json_unescape(text));
   }
};

Redactor::Lease& Redactor::Lease::operator=(Lease&& other) noexcept {
   std::swap(state_, other.state_);
   std::swap(id_, other.id_);
   return *this;
}

Redactor::Lease::~Lease() {
   if (state_) state_->remove(id_);
}

Redactor::Redactor() : state_(std::make_shared<State>()) {}
Redactor::~Redactor() = default;

Redactor::Lease Redactor::add(std::string_view secret) {
   if (secret.size() < kShortest) return {};
   return Lease(state_, state_->add(needles_of(secret), reads_like_words(secret)));
}

std::string Redactor::apply(std::string_view text, const OwnTexts* own) const {
   std::vector<Range> everything = state_->find(text, Search::all);
   // A text full of a short secret is no sentence of anybody's, and looking each one up would take long.
   constexpr std::size_t kMostLookedUp = 32;
   if (own == nullptr || everything.size() > kMostLookedUp) return marked(text, std::move(everything));
   std::vector<Range> ranges = state_->find(text, Search::no_words);
   for (const Range& range : everything) {
      if (!own->hold(text, range.first, range.second)) ranges.push_back(range);
   }
   return marked(text, std::move(ranges));
}

std::string Redactor::guard(std::string_view text) const { return marked(text, state_->find(text, Search::no_words)); }

}  // namespace msp::host
