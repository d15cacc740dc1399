#include "sim/form.hpp"

#include <algorithm>
#include <set>

#include "msp/host/ascii.hpp"

namespace msp::sim {
namespace {

std::string decoded(std::string_view text) {
   std::string blanks(text);
   std::replace(blanks.begin(), blanks.end(), '+', ' ');
   return host::percent_decoded(blanks);
}

}  // namespace

Form::Form(std::string_view text) {
   while (!text.empty()) {
      const std::string_view pair = text.substr(0, text.find('&'));
      text.remove_prefix(std::min(text.size(), pair.size() + 1));
      if (pair.empty()) continue;
      const std::size_t equals = std::min(pair.find('='), pair.size());
      pairs_.emplace_back(decoded(pair.substr(0, equals)), decoded(pair.substr(std::min(pair.size(), equals + 1))));
   }
}

std::string Form::value(std::string_view name) const {
   for (const auto& [each, text] : pairs_)
      if (each == name) return text;
   return "";
}

bool Form::repeats() const {
   std::set<std::string_view> names;
   return std::any_of(pairs_.begin(), pairs_.end(), [&](const auto& pair) { return !names.insert(pair.first).second; });
}

std::string percent_encoded(std::string_view text) {
   std::string encoded;
   for (const char c : text) {
      const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
      if (is_plain)
         encoded += c;
      else
         host::append_percent_escape(encoded, c);
   }
   return encoded;
}

std::string with_query(const std::string& address, const std::vector<std::pair<std::string, std::string>>& pairs) {
   std::string result = address;
   for (const auto& [name, value] : pairs) {
      if (value.empty()) continue;
      result += result.find('?') == std::string::npos ? '?' : '&';
      result += name + '=' + percent_encoded(value);
   }
   return result;
}

std::string html_escaped(std::string_view text) {
   std::string escaped;
   for (const char c : text) {
      switch (c) {
         case '&':
            escaped += "&amp;";
            break;
         case '<':
            escaped += "&lt;";
            break;
         case '>':
            escaped += "&gt;";
            break;
         case '"':
            escaped += "&quot;";
            break;
         case '\'':
            escaped += "&#39;";
            break;
         default:
            escaped += c;
      }
   }
   return escaped;
}

std::vector<std::string> words(std::string_view text) {
   std::vector<std::string> result;
   while (!text.empty()) {
      const std::string_view word = text.substr(0, text.find(' '));
      text.remove_prefix(std::min(text.size(), word.size() + 1));
      if (!word.empty()) result.emplace_back(word);
   }
   return result;
}

}  // namespace msp::sim
