#include "author/new_plugin.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <stdexcept>

#include "author/templates.hpp"

namespace msp::author {
namespace {

bool is_id(const std::string& id) {
   const auto fits = [](char each) {
      return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '_';
   };
   return !id.empty() && id.size() <= 64 && id[0] >= 'a' && id[0] <= 'z' && std::all_of(id.begin(), id.end(), fits);
}

std::string id_of(std::string wanted) {
   std::replace_if(
       wanted.begin(), wanted.end(), [](char each) { return each == '.' || each == '-'; }, '_');
   if (is_id(wanted)) return wanted;
   throw std::runtime_error(
       "\"" + wanted +
       "\" is no id: it has a-z, 0-9 and _, begins with a letter, and has at most 64 characters, as in "
       "com_acme_helpdesk.");
}

// "com_acme_helpdesk": "Acme Helpdesk".
std::string name_of(const std::string& id) {
   std::string name;
   bool begins = true;
   const std::string_view words = std::string_view(id).substr(id.starts_with("com_") ? 4 : 0);
   for (const char each : words) {
      if (each == '_') {
         begins = true;
         continue;
      }
      if (begins && !name.empty()) name += ' ';
      name += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(each))) : each;
      begins = false;
   }
   return name;
}

std::string replaced(std::string text, std::string_view from, const std::string& to) {
   for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
   return text;
}

void check_name(const std::string& name) {
   for (const char each : name)
      if (static_cast<unsigned char>(each) < 0x20 || each == '"' || each == '\\')
         throw std::runtime_error("A name has no quotes, backslashes or line ends: it is written into source files.");
}

}  // namespace

std::vector<std::string> make_new_plugin(const NewPlugin& wanted) {
   const std::string id = id_of(wanted.id);
   const std::string name = wanted.name.empty() ? name_of(id) : wanted.name;
   check_name(name);
   std::error_code error;
   if (std::filesystem::exists(wanted.directory, error) && !std::filesystem::is_empty(wanted.directory, error))
      throw std::runtime_error("\"" + wanted.directory.string() + "\" is there and not empty. Name a new directory.");

   std::vector<std::string> written;
   const std::string prefix = wanted.language + '/';
   for (const TemplateFile& file : template_files()) {
      if (!file.path.starts_with(prefix)) continue;
      const std::string path(file.path.substr(prefix.size()));
      const std::filesystem::path target = wanted.directory / path;
      std::filesystem::create_directories(target.parent_path());
      std::ofstream out(target, std::ios::binary);
      out << replaced(replaced(std::string(file.text), "acme_helpdesk", id), "Acme Helpdesk", name);
      if (!out.flush()) throw std::runtime_error("\"" + target.string() + "\" cannot be written.");
      written.push_back(path);
   }
   if (written.empty())
      throw std::runtime_error("There is no template for \"" + wanted.language + "\"; there is c, cpp and rust.");
   return written;
}

}  // namespace msp::author
