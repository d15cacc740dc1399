// form.hpp - queries and form bodies (application/x-www-form-urlencoded), as whoever is out there sends them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp::sim {

// The pairs of a query or of a form's body, in their order. A '+' is a blank; a '%' that begins no escape stays.
class Form {
 public:
   explicit Form(std::string_view text);

   // The first value of that name; empty if there is none, which RFC 6749 3.1 treats alike.
   std::string value(std::string_view name) const;
   bool has(std::string_view name) const { return !value(name).empty(); }

   // Whether a name comes twice, which RFC 6749 3.1 forbids.
   bool repeats() const;

   const std::vector<std::pair<std::string, std::string>>& pairs() const& { return pairs_; }
   std::vector<std::pair<std::string, std::string>> pairs() && { return std::move(pairs_); }

 private:
   std::vector<std::pair<std::string, std::string>> pairs_;
};

// Everything but letters, digits and "-._~" as "%XX" (RFC 3986).
std::string percent_encoded(std::string_view text);

// The address with the pairs added to its query; pairs without a value are left out.
std::string with_query(const std::string& address, const std::vector<std::pair<std::string, std::string>>& pairs);

// For text and for attributes in double quotes.
std::string html_escaped(std::string_view text);

// The words between blanks.
std::vector<std::string> words(std::string_view text);

}  // namespace msp::sim
