#include "msp/host/redaction.hpp"

#include <algorithm>
#include <bitset>
#include <cctype>
#include <cstring>
#include <limits>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "redaction/redaction_needles.hpp"

namespace msp::host {
namespace {

using Range = SeenText::Place;

// Every needle is at least this long, so its start can be looked up as one number. Of a secret that was cut, this much
// is recognised.
constexpr std::size_t kStart = 4;
static_assert(kStart <= Redactor::kShortest);

// A shorter match must stand in one piece: the letters of two words that follow each other may be the same by chance.
constexpr std::size_t kInPieces = 8;

std::uint32_t start_of(const char* text) noexcept {
   std::uint32_t value = 0;
   std::memcpy(&value, text, kStart);
   return value;
}

std::size_t slot_of(std::uint32_t start) noexcept { return (start * 2654435761U) >> 16; }

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

std::size_t common_length(std::string_view left, std::string_view right) noexcept {
   const std::size_t most = std::min(left.size(), right.size());
   std::size_t length = 0;
   while (length < most && left[length] == right[length]) ++length;
   return length;
}

constexpr std::string_view kDots = "...";
constexpr std::string_view kEllipsis = "\u2026";

// Whether somebody marks here that he left something out. `rest` is of a SeenText: without blanks.
bool is_left_out(std::string_view rest) noexcept {
   if (!rest.empty() && (rest[0] == '[' || rest[0] == '(' || rest[0] == '<')) rest.remove_prefix(1);
   return rest.starts_with(kDots) || rest.starts_with(kEllipsis);
}

// Whether a text may have been cut before `rest`: in front of a mark that says so, and at its end, also when a quote is
// closed there or half an escape or character is left.
bool is_cut(std::string_view rest, Redactor::End end) noexcept {
   constexpr std::size_t kLongestHalf = 8;
   static constexpr std::string_view kClosing[] = {"\"", "'", "\u201D", "\u00BB", "\uFFFD"};
   if (!rest.empty() && (rest[0] == '%' || rest[0] == '\\' || rest[0] == '&')) {
      std::size_t half = 1;
      while (half < std::min(kLongestHalf, rest.size()) &&
             (std::isalnum(static_cast<unsigned char>(rest[half])) != 0 || rest[half] == '#'))
         ++half;
      rest.remove_prefix(half);
   }
   if (is_left_out(rest)) return true;
   if (end == Redactor::End::is_whole) return false;
   for (bool closes = true; closes && !rest.empty();) {
      closes = false;
      for (const std::string_view each : kClosing) {
         if (!rest.starts_with(each)) continue;
         rest.remove_prefix(each.size());
         closes = true;
      }
   }
   return rest.empty() || is_left_out(rest);
}

std::string marked(std::string_view text, std::vector<Range> ranges) {
   if (ranges.empty()) return std::string(text);
   // A mark that is already there counts as found: what overlaps it melts into it, so a text is never marked twice,
   // not even by a secret that reads "redacted".
   for (auto at = text.find(Redactor::kMark); at != std::string_view::npos;
        at = text.find(Redactor::kMark, at + Redactor::kMark.size()))
      ranges.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + Redactor::kMark.size())});
   std::ranges::sort(ranges, {}, &Range::begin);

   std::string result;
   result.reserve(text.size());
   std::size_t copied = 0;
   for (auto range = ranges.begin(); range != ranges.end();) {
      auto [begin, end] = *range;
      for (++range; range != ranges.end() && range->begin < end; ++range) end = std::max(end, range->end);
      result += text.substr(copied, begin - copied);
      result += Redactor::kMark;
      copied = end;
   }
   result += text.substr(copied);
   return result;
}

// A secret's shape, as SeenText has it.
struct Needle {
   std::string_view text;
   bool of_words;   // the secret reads like words
   bool in_pieces;  // the secret itself has blanks, so blanks in between say nothing
};

// Whose text is searched, and whether its end may be missing.
struct Search {
   bool foreign;
   Redactor::End end;
};

}  // namespace

struct Redactor::State {
   mutable std::shared_mutex mutex;
   std::uint64_t last_id = 0;
   std::unordered_map<std::uint64_t, std::vector<SecretBytes>> leased;
   std::unordered_multimap<std::uint32_t, Needle> by_start;
   // By slot; they tell at once that no needle starts here, or that none goes on so. Both may say yes for a needle that
   // is gone.
   std::bitset<65536> starts;
   std::bitset<65536> inside;
   std::size_t gone = 0;  // needles, since the two were made

   std::uint64_t add(std::vector<SecretBytes> needles, bool of_words, bool in_pieces) {
      const std::unique_lock lock(mutex);
      for (const SecretBytes& secret : needles) {
         const Needle needle{secret.view(), of_words, in_pieces};
         by_start.emplace(start_of(needle.text.data()), needle);
         remember(needle);
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
   void remember(const Needle& needle) noexcept {
      starts.set(slot_of(start_of(needle.text.data())));
      for (std::size_t at = 1; at + kStart <= needle.text.size(); ++at)
         inside.set(slot_of(start_of(needle.text.data() + at)));
   }

   // REQUIRES: mutex is held.
   void forget_gone() noexcept {
      starts.reset();
      inside.reset();
      for (const auto& [start, needle] : by_start) remember(needle);
      gone = 0;
   }

   // How much of `found` bytes of a needle at `at` counts: all when that is the needle's end, else what stands before a
   // cut. A needle and the mark of the cut may have dots in common.
   static std::size_t counted(const SeenText& text, std::size_t at, std::size_t found, bool to_its_end,
                              const Needle& needle, Search search) {
      const auto in_one_piece = [&](std::size_t length) {
         if (needle.in_pieces || length >= kInPieces) return true;
         const auto& places = text.places();
         for (std::size_t next = at + 1; next < at + length; ++next)
            if (places[next].begin > places[next - 1].end) return false;
         return true;
      };
      if (to_its_end && found >= kStart && in_one_piece(found)) return found;
      const std::string_view bytes = text.bytes();
      for (std::size_t length = found; length >= kStart && length + kDots.size() >= found; --length) {
         if (!is_cut(bytes.substr(at + length), search.end) || !in_one_piece(length)) continue;
         // Our own sentences end in words.
         if (search.foreign || !reads_like_words(bytes.substr(at, length))) return length;
      }
      return 0;
   }

   static Range source_of(const SeenText& text, std::size_t at, std::size_t length) {
      return {text.places()[at].begin, text.places()[at + length - 1].end};
   }

   // Every place of `text` where a secret begins.
   void find_starts(const SeenText& text, Search search, std::vector<Range>& ranges) const {
      const std::string_view bytes = text.bytes();
      for (std::size_t at = 0; at + kStart <= bytes.size(); ++at) {
         const std::uint32_t start = start_of(bytes.data() + at);
         if (!starts[slot_of(start)]) continue;
         std::size_t longest = 0;
         const auto [begin, end] = by_start.equal_range(start);
         for (auto candidate = begin; candidate != end; ++candidate) {
            const Needle& needle = candidate->second;
            if (needle.of_words && !search.foreign) continue;
            const std::size_t found = common_length(bytes.substr(at), needle.text);
            longest = std::max(longest, counted(text, at, found, found == needle.text.size(), needle, search));
         }
         if (longest != 0) ranges.push_back(source_of(text, at, longest));
      }
   }

   // Every place after "..." where a secret goes on whose beginning was left out.
   void find_ends(const SeenText& text, Search search, std::vector<Range>& ranges) const {
      constexpr std::size_t kMostLookedUp = 1000;  // each is compared with every needle
      std::size_t looked_up = 0;
      const std::string_view bytes = text.bytes();
      for (const std::string_view mark : {kDots, kEllipsis}) {
         for (std::size_t at = bytes.find(mark); at != std::string_view::npos; at = bytes.find(mark, at)) {
            at += mark.size();
            while (at < bytes.size() && (bytes[at] == '.' || bytes[at] == ']' || bytes[at] == ')' || bytes[at] == '>'))
               ++at;
            if (at + kStart > bytes.size()) break;
            const std::uint32_t start = start_of(bytes.data() + at);
            if (!inside[slot_of(start)]) continue;
            // So many are no text for people: nothing more of it is shown.
            const bool enough = ++looked_up > kMostLookedUp;
            const std::size_t longest = enough ? bytes.size() - at : longest_inside(text, at, search);
            if (longest != 0) ranges.push_back(source_of(text, at, longest));
            if (enough) return;
         }
      }
   }

   std::size_t longest_inside(const SeenText& text, std::size_t from, Search search) const {
      const std::string_view rest = text.bytes().substr(from);
      std::size_t longest = 0;
      for (const auto& [start, needle] : by_start) {
         if (needle.of_words && !search.foreign) continue;
         for (std::size_t at = needle.text.find(rest.substr(0, kStart), 1); at != std::string_view::npos;
              at = needle.text.find(rest.substr(0, kStart), at + 1)) {
            const std::size_t found = common_length(rest, needle.text.substr(at));
            const bool to_its_end = at + found == needle.text.size();
            if (!search.foreign && reads_like_words(rest.substr(0, found))) continue;
            longest = std::max(longest, counted(text, from, found, to_its_end, needle, search));
         }
      }
      return longest;
   }

   // Finds in the text and, `layers` deep, in what is under its escapes.
   void find(const SeenText& text, Search search, int layers, std::vector<Range>& ranges) const {
      find_starts(text, search, ranges);
      find_ends(text, search, ranges);
      if (layers == 0) return;
      const auto through = [&](const SeenText& decoded) {
         if (decoded.bytes().size() != text.bytes().size())
            find(decoded, search, layers - 1, ranges);  // else no escape
      };
      if (text.bytes().find('%') != std::string_view::npos) through(text.percent_decoded());
      if (text.bytes().find('\\') != std::string_view::npos) through(text.backslash_decoded());
      if (text.bytes().find('&') != std::string_view::npos) through(text.html_decoded());
   }

   [[nodiscard]] std::string redacted(std::string_view text, Search search) const {
      constexpr int kLayers = 2;
      if (text.size() > std::numeric_limits<std::uint32_t>::max()) return std::string(kMark);
      std::vector<Range> ranges;
      {
         const std::shared_lock lock(mutex);
         if (leased.empty()) return std::string(text);
         find(SeenText(text), search, kLayers, ranges);
      }
      return marked(text, std::move(ranges));
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
   std::vector<SecretBytes> needles = needles_of(secret);
   if (secret.size() < kShortest || needles.empty()) return {};
   const bool in_pieces = SeenText(secret).bytes().size() != secret.size();
   return Lease(state_, state_->add(std::move(needles), reads_like_words(secret), in_pieces));
}

std::string Redactor::redact_foreign(std::string_view text, End end) const {
   return state_->redacted(text, {.foreign = true, .end = end});
}

std::string Redactor::redact_ours(std::string_view text) const {
   return state_->redacted(text, {.foreign = false, .end = End::may_be_cut});
}

}  // namespace msp::host
