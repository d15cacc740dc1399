#include "redaction/redaction_needles.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "msp/host/ascii.hpp"
#include "msp/host/redaction.hpp"

namespace msp::host {
namespace {

// What a byte is searched as; 0 when it is a control or a blank, which is not searched.
constexpr std::array<char, 256> looks() {
   std::array<char, 256> result{};
   for (std::size_t byte = 0x21; byte < 256; ++byte)
      if (byte != 0x7F) result[byte] = to_lower(static_cast<char>(byte));
   return result;
}

constexpr std::array<char, 256> kLooks = looks();

// The bytes of a character at the start of `text` that shows nothing, or only a gap: 0 when it shows something.
std::size_t unseen_character(std::string_view text) {
   using namespace std::string_view_literals;
   static constexpr std::array kUnseen = {"\u0085"sv, "\u00A0"sv, "\u00AD"sv, "\u034F"sv, "\u061C"sv, "\u180E"sv,
                                          "\u200B"sv, "\u200C"sv, "\u200D"sv, "\u200E"sv, "\u200F"sv, "\u2028"sv,
                                          "\u2029"sv, "\u202A"sv, "\u202B"sv, "\u202C"sv, "\u202D"sv, "\u202E"sv,
                                          "\u202F"sv, "\u2060"sv, "\u2061"sv, "\u2062"sv, "\u2063"sv, "\u2064"sv,
                                          "\u2066"sv, "\u2067"sv, "\u2068"sv, "\u2069"sv, "\u3000"sv, "\uFEFF"sv};
   for (const std::string_view each : kUnseen)
      if (text.starts_with(each)) return each.size();
   return text.size() >= 4 && text.starts_with("\xF3\xA0") ? 4 : 0;  // tag characters and selectors
}

// Writes to `out`, which has room for all, what is searched of `bytes`; tells `keep` the place of each before the next
// is looked at. Returns how many they are.
template <class Keep>
std::size_t squeeze(std::string_view bytes, char* out, Keep keep) {
   constexpr unsigned char kFirstOfMany = 0xC2;
   std::size_t size = 0;
   for (std::size_t at = 0; at < bytes.size(); ++at) {
      const auto byte = static_cast<unsigned char>(bytes[at]);
      if (byte >= kFirstOfMany) [[unlikely]] {
         if (const std::size_t unseen = unseen_character(bytes.substr(at)); unseen != 0) {
            at += unseen - 1;
            continue;
         }
      }
      out[size] = kLooks[byte];
      keep(size, at);
      size += kLooks[byte] != 0 ? 1U : 0U;
   }
   return size;
}

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";

// The characters of base64 (6 bits each) or base32 (5 bits) that lie wholly within `bytes` when `before` bytes of
// something else precede them.
std::string interior(std::string_view bytes, std::size_t before, std::string_view alphabet) {
   const std::size_t bits = alphabet.size() == 64 ? 6 : 5;
   const std::size_t first = (before * 8 + bits - 1) / bits;
   const std::size_t last = (before + bytes.size()) * 8 / bits;
   std::string text;
   text.reserve(last - std::min(first, last));
   for (std::size_t character = first; character < last; ++character) {
      unsigned value = 0;
      for (std::size_t bit = character * bits; bit < (character + 1) * bits; ++bit) {
         const auto byte = static_cast<unsigned char>(bytes[bit / 8 - before]);
         value = value << 1 | ((byte >> (7 - bit % 8)) & 1U);
      }
      text += alphabet[value];
   }
   return text;
}

std::optional<unsigned> value_of(std::string_view digits, unsigned base) {
   if (digits.empty()) return std::nullopt;
   unsigned value = 0;
   for (const char digit : digits) {
      const auto each = hex_digit(digit);
      if (!each || *each >= base) return std::nullopt;
      value = value * base + *each;
   }
   return value;
}

void append_utf8(std::string& out, unsigned code) {
   const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
   if (code < 0x80) {
      byte(code);
   } else if (code < 0x800) {
      byte(0xC0 | code >> 6);
      byte(0x80 | (code & 63));
   } else if (code < 0x10000) {
      byte(0xE0 | code >> 12);
      byte(0x80 | (code >> 6 & 63));
      byte(0x80 | (code & 63));
   } else {
      byte(0xF0 | (code >> 18 & 7));
      byte(0x80 | (code >> 12 & 63));
      byte(0x80 | (code >> 6 & 63));
      byte(0x80 | (code & 63));
   }
}

// The digits between `start` and `end`, as "{43}" has: their value, and the bytes up to after `end`.
std::optional<std::pair<unsigned, std::size_t>> enclosed(std::string_view text, std::size_t start, char end,
                                                         unsigned base) {
   constexpr std::size_t kMostDigits = 7;
   const std::size_t at = text.substr(0, start + kMostDigits + 1).find(end, start);
   if (at == std::string_view::npos) return std::nullopt;
   const auto value = value_of(text.substr(start, at - start), base);
   if (!value) return std::nullopt;
   return std::pair(*value, at + 1);
}

// One escape at the start of `text` into `out`. Returns how long it is, 0 when there is none.
std::size_t take_percent(std::string_view text, std::string& out) {
   if (const auto byte = percent_escape(text)) {
      out += *byte;
      return 3;
   }
   if (text.size() < 6 || text[1] != 'u') return 0;
   const auto value = value_of(text.substr(2, 4), 16);
   if (!value) return 0;
   append_utf8(out, *value);
   return 6;
}

// Reads "\uXXXX" at the start of `text`.
std::optional<unsigned> unicode_escape(std::string_view text) {
   if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
   return value_of(text.substr(2, 4), 16);
}

std::size_t take_backslash(std::string_view text, std::string& out) {
   static constexpr std::string_view kNames = "\"\\/'bfnrtv";
   static constexpr std::string_view kValues = "\"\\/'\b\f\n\r\t\v";
   if (text.size() < 2) return 0;
   if (const auto at = kNames.find(text[1]); at != std::string_view::npos) {
      out += kValues[at];
      return 2;
   }
   if (text[1] == 'x' && text.size() >= 4) {
      const auto value = value_of(text.substr(2, 2), 16);
      if (!value) return 0;
      out += static_cast<char>(*value);
      return 4;
   }
   if (text[1] >= '0' && text[1] <= '7') {
      std::size_t digits = 1;
      while (digits < 3 && 1 + digits < text.size() && text[1 + digits] >= '0' && text[1 + digits] <= '7') ++digits;
      out += static_cast<char>(*value_of(text.substr(1, digits), 8) & 0xFFU);
      return 1 + digits;
   }
   if (text.starts_with("\\u{")) {
      const auto braced = enclosed(text, 3, '}', 16);
      if (!braced) return 0;
      append_utf8(out, braced->first);
      return braced->second;
   }
   const auto high = unicode_escape(text);
   if (!high) return 0;
   if (*high >= 0xD800 && *high < 0xDC00) {
      const auto low = unicode_escape(text.substr(6));
      if (low && *low >= 0xDC00 && *low < 0xE000) {
         append_utf8(out, 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00));
         return 12;
      }
   }
   append_utf8(out, *high);
   return 6;
}

std::size_t take_html(std::string_view text, std::string& out) {
   static constexpr std::pair<std::string_view, char> kNames[] = {{"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},
                                                                  {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};
   for (const auto& [name, value] : kNames) {
      if (!text.starts_with(name)) continue;
      out += value;
      return name.size();
   }
   if (!text.starts_with("&#")) return 0;
   const bool hexadecimal = text.substr(2).starts_with('x');
   const auto number = enclosed(text, hexadecimal ? 3 : 2, ';', hexadecimal ? 16 : 10);
   if (!number) return 0;
   append_utf8(out, number->first);
   return number->second;
}

}  // namespace

SeenText::SeenText(std::string_view source) : bytes_(source.size(), '\0'), source_(source) {
   bytes_.resize(squeeze(source, bytes_.data(), [](std::size_t, std::size_t) {}));
}

const std::vector<SeenText::Place>& SeenText::places() const {
   if (places_.size() == bytes_.size()) return places_;
   std::string bytes(source_.size(), '\0');
   places_.resize(source_.size());
   const std::size_t size = squeeze(source_, bytes.data(), [this](std::size_t to, std::size_t from) {
      const auto begin = static_cast<std::uint32_t>(from);
      places_[to] = {begin, begin + 1};
   });
   places_.resize(size);
   wipe(bytes);
   return places_;
}

template <class Take>
SeenText SeenText::decoded(char sign, Take take) const {
   const std::string_view text = bytes_;
   const std::vector<Place>& from = places();
   std::string plain;
   plain.reserve(text.size());
   std::vector<Place> origins;
   origins.reserve(text.size());
   for (std::size_t at = 0; at < text.size();) {
      const std::size_t next = std::min(text.find(sign, at), text.size());
      plain += text.substr(at, next - at);
      origins.insert(origins.end(), from.begin() + static_cast<std::ptrdiff_t>(at),
                     from.begin() + static_cast<std::ptrdiff_t>(next));
      at = next;
      if (at == text.size()) break;
      std::size_t length = take(text.substr(at), plain);
      if (length == 0) plain += text[at];
      length = std::max<std::size_t>(length, 1);
      origins.resize(plain.size(), {from[at].begin, from[at + length - 1].end});
      at += length;
   }
   SeenText result;
   result.bytes_.resize(plain.size());
   result.places_.resize(plain.size());
   const std::size_t size = squeeze(plain, result.bytes_.data(),
                                    [&](std::size_t to, std::size_t origin) { result.places_[to] = origins[origin]; });
   result.bytes_.resize(size);
   result.places_.resize(size);
   wipe(plain);
   return result;
}

SeenText SeenText::percent_decoded() const { return decoded('%', take_percent); }
SeenText SeenText::backslash_decoded() const { return decoded('\\', take_backslash); }
SeenText SeenText::html_decoded() const { return decoded('&', take_html); }

std::vector<SecretBytes> needles_of(std::string_view secret) {
   constexpr std::size_t kNoWord = 8;  // short ones have rare shapes that ordinary texts hold by chance
   constexpr std::size_t kNoDocument = 512;
   std::vector<SecretBytes> needles;
   const auto add = [&needles](std::string shape) {
      {
         const SeenText needle(shape);
         const auto same = [&needle](const SecretBytes& known) { return known.view() == needle.bytes(); };
         if (needle.bytes().size() >= Redactor::kShortest && std::none_of(needles.begin(), needles.end(), same))
            needles.emplace_back(needle.bytes());
      }
      wipe(shape);
   };
   add(std::string(secret));
   // A form writes a space as "+"; everything else of its encoding is taken off by percent_decoded().
   std::string form(secret);
   std::replace(form.begin(), form.end(), ' ', '+');
   add(std::move(form));
   add(hex(secret));
   const bool rare_shapes = secret.size() >= kNoWord && secret.size() <= kNoDocument;
   for (const auto& alphabet : {kBase64, kBase64Url}) {
      for (const std::size_t before : {0U, 1U, 2U}) {
         std::string once = interior(secret, before, alphabet);
         for (const std::size_t again : {0U, 1U, 2U})
            if (rare_shapes) add(interior(once, again, kBase64));
         add(std::move(once));
      }
   }
   for (const std::size_t before : {0U, 1U, 2U, 3U, 4U})
      if (rare_shapes) add(interior(secret, before, kBase32));
   return needles;
}

}  // namespace msp::host
