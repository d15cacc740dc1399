#include "cli/config_file.hpp"

#include <algorithm>
#include <istream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>

#include "cli/output.hpp"
#include "msp/host/text.hpp"

namespace msp::console {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

// A file that is read line by line; knows where it stands.
class Lines {
 public:
   Lines(std::string file, std::string_view text) : file_(std::move(file)), rest_(text) {}

   std::optional<std::string_view> next() {
      if (rest_.empty()) return {};
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      const std::string_view line = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++number_;
      return host::trim(line);
   }
   [[nodiscard]] std::string place() const {
      return "\"" + one_line(file_, 1000) + "\", line " + std::to_string(number_);
   }
   [[noreturn]] void refuse(const std::string& why) const {
      throw CLI::FileError("The configuration file " + place() + ": " + why);
   }

 private:
   std::string file_;
   std::string_view rest_;
   int number_ = 0;
};

void refuse_encoding(const std::string& file, std::string_view text) {
   const bool marked = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
   if (marked || text.find('\0') != std::string_view::npos) {
      throw CLI::FileError("The configuration file \"" + one_line(file, 1000) +
                           "\" is written in UTF-16 or is no text; save it as UTF-8");
   }
}

bool is_comment(std::string_view line) { return line.empty() || line.front() == '#' || line.front() == ';'; }

// One value from the front of `text`, quoted or up to a comma, a closing bracket of its list, or a comment.
std::string take_value(std::string_view& text, bool in_list, bool may_be_list, const Lines& lines,
                       const std::string& name) {
   const char quote = text.empty() ? '\0' : text.front();
   if (quote == '"' || quote == '\'') {
      const std::size_t end = text.find(quote, 1);
      if (end == std::string_view::npos) lines.refuse("the quotation mark after \"" + name + "\" is not closed");
      std::string value(text.substr(1, end - 1));
      text = host::trim(text.substr(end + 1));
      return value;
   }
   std::size_t end = 0;
   while (end < text.size()) {
      const char c = text[end];
      if ((c == ',' && (in_list || may_be_list)) || (c == ']' && in_list)) break;
      if (c == '#' && (end == 0 || text[end - 1] == ' ' || text[end - 1] == '\t')) break;
      ++end;
   }
   std::string value(host::trim(text.substr(0, end)));
   text.remove_prefix(end);
   return value;
}

// [a, b]: over several lines, where each line may end in a comment.
std::vector<std::string> take_list(std::string_view text, Lines& lines, const std::string& name) {
   std::vector<std::string> values;
   text = host::trim(text.substr(1));
   for (bool after_value = false;;) {
      if (is_comment(text)) {
         const auto line = lines.next();
         if (!line) lines.refuse("the list of \"" + name + "\" has no closing bracket");
         text = *line;
      } else if (text.front() == ']') {
         text = host::trim(text.substr(1));
         if (!is_comment(text)) lines.refuse("something stands after the list of \"" + name + "\"");
         return values;
      } else if (text.front() == ',' && after_value) {
         text = host::trim(text.substr(1));
         after_value = false;
      } else if (after_value) {
         lines.refuse("a comma is missing in the list of \"" + name + "\"");
      } else {
         values.push_back(take_value(text, true, true, lines, name));
         after_value = true;
      }
   }
}

std::vector<std::string> take_values(std::string_view text, bool is_list, Lines& lines, const std::string& name) {
   if (text.starts_with('[') && is_list) return take_list(text, lines, name);
   std::vector<std::string> values;
   for (;;) {
      values.push_back(take_value(text, false, is_list, lines, name));
      if (is_comment(text)) return values;
      if (text.front() != ',' || !is_list) lines.refuse("something stands after the value of \"" + name + "\"");
      text = host::trim(text.substr(1));
   }
}

std::vector<std::string> split(std::string_view path) {
   std::vector<std::string> names;
   for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find('.', begin), path.size());
      names.emplace_back(host::trim(path.substr(begin, end - begin)));
      begin = end + 1;
   }
   return names;
}

std::string without_quotes(std::string_view name) {
   name = host::trim(name);
   const bool quoted = name.size() > 1 && name.front() == name.back() && (name.front() == '"' || name.front() == '\'');
   return std::string(quoted ? name.substr(1, name.size() - 2) : name);
}

const CLI::App* find_command(const CLI::App& app, const std::vector<std::string>& names) {
   const CLI::App* command = &app;
   for (const std::string& name : names) {
      const auto all = command->get_subcommands([&](const CLI::App* one) { return one->get_name() == name; });
      if (all.empty()) return nullptr;
      command = all.front();
   }
   return command;
}

const CLI::Option* find_option(const CLI::App& command, const std::string& name) {
   const CLI::Option* option = command.get_option_no_throw("--" + name);
   if (option == nullptr) option = command.get_option_no_throw(name);
   return option != nullptr && option->get_configurable() ? option : nullptr;
}

}  // namespace

std::vector<CLI::ConfigItem> ConfigFile::from_config(std::istream& stream) const {
   const std::string file = app_.get_config_ptr()->as<std::string>();
   const std::string content{std::istreambuf_iterator<char>(stream), {}};
   refuse_encoding(file, content);
   std::string_view text = content;
   if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());

   std::vector<CLI::ConfigItem> found;
   std::vector<std::string> section;
   Lines lines(file, text);
   while (const auto line = lines.next()) {
      if (!host::is_valid_utf8(*line)) lines.refuse("this is not UTF-8; save the file as UTF-8");
      if (is_comment(*line)) continue;
      if (line->front() == '[') {
         const std::size_t end = line->find(']');
         if (end == std::string_view::npos || !is_comment(host::trim(line->substr(end + 1)))) {
            lines.refuse("a section is written [COMMAND]");
         }
         const std::string name = one_line(line->substr(1, end - 1), 60);
         section = name == "default" ? std::vector<std::string>{} : split(name);
         if (find_command(app_, section) == nullptr) lines.refuse("there is no command \"" + name + "\"");
         continue;
      }
      const std::size_t equals = line->find('=');
      const std::string name = without_quotes(line->substr(0, equals));
      CLI::ConfigItem item;
      item.parents = split(name);
      item.name = item.parents.back();
      item.parents.pop_back();
      item.parents.insert(item.parents.begin(), section.begin(), section.end());
      const CLI::App* command = find_command(app_, item.parents);
      const CLI::Option* option = command == nullptr ? nullptr : find_option(*command, item.name);
      const bool is_flag = option != nullptr && option->get_expected_min() == 0;
      if (equals == std::string_view::npos && !is_flag) {
         // Not repeated unless it is an option's name: it may be a part of a secret.
         lines.refuse(option == nullptr ? "this is not written NAME = VALUE"
                                        : "\"" + name + "\" has no value; write " + name + " = VALUE");
      }
      if (option == nullptr) lines.refuse("there is no option \"" + one_line(name, 60) + "\"");
      const bool is_list = option->get_items_expected_max() > 1;
      item.inputs = {"true"};
      if (equals != std::string_view::npos) {
         item.inputs = take_values(host::trim(line->substr(equals + 1)), is_list, lines, name);
      }
      const auto same = std::ranges::find_if(
          found, [&](const CLI::ConfigItem& one) { return one.name == item.name && one.parents == item.parents; });
      if (same == found.end()) {
         if (option->count() == 0) places_[option->get_name()] = lines.place();
         found.push_back(std::move(item));
      } else if (is_list) {
         same->inputs.insert(same->inputs.end(), item.inputs.begin(), item.inputs.end());
      } else {
         lines.refuse("\"" + name + "\" is given twice");
      }
   }
   return found;
}

std::string ConfigFile::place_of(const std::string& complaint) const {
   for (const auto& [name, place] : places_) {
      const std::size_t at = complaint.find(name);
      if (at == std::string::npos) continue;
      const char next = at + name.size() < complaint.size() ? complaint[at + name.size()] : ' ';
      if (next != '-' && (next < 'a' || next > 'z')) return place;
   }
   return {};
}

}  // namespace msp::console
