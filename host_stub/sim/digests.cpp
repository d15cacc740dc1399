#include "sim/digests.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace msp::sim {
namespace {

const EVP_MD* algorithm_of(DigestKind kind) {
   return kind == DigestKind::sha1 ? EVP_sha1() : kind == DigestKind::sha256 ? EVP_sha256() : EVP_sha512();
}

// Nothing unless all characters are digits.
std::optional<unsigned> number(std::string_view digits) {
   if (digits.empty() || digits.size() > 4 || digits.find_first_not_of("0123456789") != std::string_view::npos)
      return std::nullopt;
   return static_cast<unsigned>(std::stoul(std::string(digits)));
}

std::optional<UtcTime> time_of(std::optional<unsigned> year, std::optional<unsigned> month, std::optional<unsigned> day,
                               std::string_view hours, std::string_view minutes, std::string_view seconds) {
   const auto h = number(hours);
   const auto m = number(minutes);
   const auto s = number(seconds);
   if (!year || !month || !day || !h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
   const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                          std::chrono::day(*day)};
   if (!date.ok()) return std::nullopt;
   return std::chrono::sys_days(date) + std::chrono::hours(*h) + std::chrono::minutes(*m) + std::chrono::seconds(*s);
}

}  // namespace

std::string sha256(std::string_view text) {
   std::string digest(32, '\0');
   EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
              nullptr);
   return digest;
}

std::string hmac(DigestKind kind, std::string_view key, std::string_view text) {
   std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
   unsigned size = 0;
   HMAC(algorithm_of(kind), key.data(), static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
   return {reinterpret_cast<const char*>(digest.data()), size};
}

std::optional<UtcTime> read_compact_time(std::string_view text) {
   if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
   return time_of(number(text.substr(0, 4)), number(text.substr(4, 2)), number(text.substr(6, 2)), text.substr(9, 2),
                  text.substr(11, 2), text.substr(13, 2));
}

std::optional<UtcTime> read_mail_time(std::string_view text) {
   constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
   const std::size_t comma = text.find(", ");
   if (comma == std::string_view::npos) return std::nullopt;
   text.remove_prefix(comma + 2);
   // "21 Aug 2012 17:29:18 -0000"
   if (text.find(' ') == 1) return read_mail_time("x, 0" + std::string(text));
   if (text.size() < 23 || text[2] != ' ' || text[6] != ' ' || text[11] != ' ' || text[14] != ':' || text[17] != ':' ||
       text[20] != ' ')
      return std::nullopt;
   const std::string_view zone = text.substr(21);
   if (zone != "-0000" && zone != "+0000" && zone != "GMT" && zone != "UT") return std::nullopt;
   const auto month = std::find(months.begin(), months.end(), text.substr(3, 3));
   if (month == months.end()) return std::nullopt;
   return time_of(number(text.substr(7, 4)), static_cast<unsigned>(month - months.begin() + 1),
                  number(text.substr(0, 2)), text.substr(12, 2), text.substr(15, 2), text.substr(18, 2));
}

}  // namespace msp::sim
