#include "cli/usage_words.hpp"

#include <CLI/Error.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "cli/output.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kLongestValue = 60;

std::string quoted(const std::string& value) { return '"' + one_line(value, kLongestValue) + '"'; }

template <class Number>
bool is_within(const std::string& text, Number least, Number most) {
   Number value{};
   const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
   return error == std::errc() && end == text.data() + text.size() && value >= least && value <= most;
}

// Says where the complaint begins with "takes", so that the option's name can be its subject.
std::string takes(const std::string& what, const std::string& given) {
   return "takes " + what + ", not " + quoted(given);
}

bool goes_on(char c) { return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The option with the longest name that `text` begins with.
const CLI::Option* option_at_front(const CLI::App& app, std::string_view text) {
   const CLI::Option* found = nullptr;
   const auto take = [&](const CLI::Option* option) {
      const std::string name = option->get_name();
      if (name.empty() || !text.starts_with(name) || (text.size() > name.size() && goes_on(text[name.size()]))) return;
      if (found == nullptr || option->count() > found->count()) found = option;
   };
   for (const CLI::Option* option : app.get_options()) take(option);
   for (const CLI::App* command : app.get_subcommands([](const CLI::App* one) { return one->parsed(); })) {
      if (const CLI::Option* option = option_at_front(*command, text)) take(option);
   }
   return found;
}

// "(the integration, as in `integration list`)": what an argument is, from its help.
std::string explained(const CLI::Option& option) {
   std::string text = option.get_description();
   const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
   if (text.size() > 1 && is_upper(text[0]) && !is_upper(text[1])) text[0] = static_cast<char>(text[0] - 'A' + 'a');
   return text.empty() ? text : " (" + text + ")";
}

// " (from MSP_CONSOLE_TIMEOUT)" where that variable holds what was given.
std::string source(const CLI::Option& option) {
   const std::string variable = option.get_envname();
   const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
   const bool from_there = value != nullptr && option.count() == 1 && option.results().front() == value;
   return from_there ? " (from " + variable + ")" : "";
}

std::string mismatch(const CLI::Option& option, std::string_view words) {
   if (words.find("At Most") != std::string_view::npos)
      return option.get_name() + " is given " + std::to_string(option.count()) + " times, and takes one value";
   const std::string type = option.get_type_name();
   return option.get_name() + " is given without its value, " + type.substr(0, type.find(" ("));
}

// How many letters are wrong, missing, too many, or stand in the place of their neighbour.
std::size_t edits(std::string_view one, std::string_view other) {
   std::vector<std::vector<std::size_t>> d(one.size() + 1, std::vector<std::size_t>(other.size() + 1));
   for (std::size_t i = 0; i <= one.size(); ++i) {
      for (std::size_t j = 0; j <= other.size(); ++j) {
         if (i == 0 || j == 0) {
            d[i][j] = i + j;
            continue;
         }
         const std::size_t wrong = one[i - 1] == other[j - 1] ? 0 : 1;
         d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + wrong});
         if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
            d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
   }
   return d[one.size()][other.size()];
}

}  // namespace

CLI::Validator number_within(double least, double most, const std::string& what) {
   return {[=](std::string& text) { return is_within(text, least, most) ? "" : takes(what, text); }, ""};
}

CLI::Validator whole_number_within(int least, int most) {
   const std::string what = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
   return {[=](std::string& text) { return is_within(text, least, most) ? "" : takes(what, text); }, ""};
}

CLI::Validator one_of(std::vector<std::string> words) {
   std::string what;
   for (const std::string& word : words) what += (what.empty() ? "" : word == words.back() ? " or " : ", ") + word;
   return {[=](std::string& text) { return std::ranges::find(words, text) != words.end() ? "" : takes(what, text); },
           ""};
}

std::string meant(std::string_view given, const std::vector<std::string>& words) {
   constexpr std::size_t kMostWrong = 2;
   std::string best;
   std::size_t fewest = kMostWrong + 1;
   for (const std::string& word : words) {
      const std::size_t wrong = edits(given, word);
      if (wrong >= fewest || wrong * 2 >= word.size()) continue;
      fewest = wrong;
      best = word;
   }
   return best;
}

std::string complaint(const CLI::ParseError& error, const CLI::App& app) {
   constexpr std::string_view kConversion = "Could not convert: ";
   std::string words = error.what();
   if (words.starts_with(kConversion)) words.erase(0, kConversion.size());
   const CLI::Option* option = option_at_front(app, words);
   const std::string whole = one_line(words, 500);
   if (option == nullptr) return whole;
   const std::string& name = option->get_name();
   switch (static_cast<CLI::ExitCodes>(error.get_exit_code())) {
      case CLI::ExitCodes::ArgumentMismatch:
         return mismatch(*option, words);
      case CLI::ExitCodes::RequiredError:
         return name + " is missing" + explained(*option);
      case CLI::ExitCodes::RequiresError:
         return name + " is used together with " + whole.substr(whole.rfind(' ') + 1) + " only";
      case CLI::ExitCodes::ExcludesError:
         return name + " and " + whole.substr(whole.rfind(' ') + 1) + " exclude each other; give one of them";
      case CLI::ExitCodes::ConversionError:  // numbers are checked before, so it is a flag
         return name + " takes no value, or true or false, not " +
                quoted(option->results().empty() ? "" : option->results().front()) + source(*option);
      case CLI::ExitCodes::ValidationError: {
         const std::string fault = whole.substr(std::min(name.size() + 2, whole.size()));
         return name + (fault.starts_with("takes ") ? " " : ": ") + fault + source(*option);
      }
      default:
         return whole;
   }
}

}  // namespace msp::console
