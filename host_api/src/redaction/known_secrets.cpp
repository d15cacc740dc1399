#include "redaction/known_secrets.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace msp::host {

namespace {

constexpr std::size_t kShortestLine = 16;  // bytes; shorter lines of a key are no secret worth spoiling texts for

// What stands after "user:" in the base64 of "Basic"; empty when there is no such thing.
SecretBytes password_of(std::string_view base64) {
   static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
   std::string text;
   text.reserve(base64.size());
   unsigned bits = 0;
   unsigned count = 0;
   for (const char character : base64.substr(0, base64.find('='))) {
      const auto value = kAlphabet.find(character);
      if (value == std::string_view::npos) break;
      bits = (bits << 6U | static_cast<unsigned>(value)) & 0xFFFFU;
      count += 6;
      if (count < 8) continue;
      count -= 8;
      text += static_cast<char>(bits >> count & 0xFFU);
   }
   const auto colon = text.find(':');
   SecretBytes password(colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1));
   wipe(text);
   return password;
}

}  // namespace

bool KnownSecrets::knows(std::string_view secret) const {
   const auto is_it = [&](const auto& known) { return known.first.view() == secret; };
   return std::ranges::any_of(leases_, is_it) || std::ranges::any_of(credentials_, is_it);
}

void KnownSecrets::keep(Leases& leases, std::string_view secret) {
   if (secret.size() < Redactor::kShortest || knows(secret)) return;
   leases.emplace_back(SecretBytes(secret), redactor_.add(secret));
}

// A secret of several lines, such as a key in PEM or a key file in JSON, is also known line by line: a platform repeats
// one line of it, or the plugin uses the key that stands in the file with its line ends escaped.
void KnownSecrets::add(std::string_view secret) {
   const std::lock_guard lock(mutex_);
   keep(leases_, secret);
   if (secret.find('\n') == std::string_view::npos && secret.find("\\n") == std::string_view::npos) return;
   while (!secret.empty()) {
      const std::size_t end = std::min(secret.find('\n'), secret.find("\\n"));
      const std::string_view line = trim(secret.substr(0, end));
      if (line.size() >= kShortestLine && !line.starts_with("-----")) keep(leases_, line);
      if (end == std::string_view::npos) return;
      secret.remove_prefix(end + (secret[end] == '\n' ? 1 : 2));
   }
}

void KnownSecrets::make_public(std::string_view value) {
   const std::lock_guard lock(mutex_);
   public_.emplace_back(value);
}

void KnownSecrets::add_credentials(std::string_view value) {
   const std::lock_guard lock(mutex_);
   if (std::ranges::find(public_, value) != public_.end()) return;
   keep(credentials_, value);
   if (const auto blank = value.find(' '); blank != std::string_view::npos) {
      keep(credentials_, trim(value.substr(blank)));
      if (to_lower(value.substr(0, blank)) == "basic")
         keep(credentials_, password_of(trim(value.substr(blank))).view());
   }
   while (credentials_.size() > kKept) credentials_.pop_front();
}

}  // namespace msp::host
