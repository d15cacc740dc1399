#include "cli/secret_source.hpp"

#include <cstdlib>

#include "cli/input_file.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kLargest = std::size_t{64} * 1024;

std::string ways(const std::string& option, const std::string& field) {
   std::string text;
   for (const auto* source : {"@prompt", "@stdin", "@file:PATH"}) text += option + " " + field + "=" + source + ", ";
   return text + "or " + option + " " + field + "=@env:NAME";
}

// Wipes `content`.
host::SecretBytes secret_in(std::string& content, const std::string& what) {
   if (content.size() > kLargest) {
      host::wipe(content);
      throw UsageError(what + " cannot be read or is longer than 64 KiB.",
                       "Give a source that holds nothing but the secret.");
   }
   std::string_view secret(content);
   // One line end, which editors and `echo` add; anything more belongs to the secret.
   if (secret.ends_with('\n')) secret.remove_suffix(secret.ends_with("\r\n") ? 2 : 1);
   host::SecretBytes result(secret);
   host::wipe(content);
   return result;
}

std::string read_secret_from_stdin() {
   std::string content(kLargest + 1, '\0');
   const std::size_t size = std::fread(content.data(), 1, content.size(), stdin);
   if (std::ferror(stdin) == 0) content.resize(size);  // too long otherwise
   return content;
}

}  // namespace

void refuse_literal(std::string_view option, std::string_view field) {
   const std::string name = one_line(field, 100);
   throw UsageError(
       "The secret \"" + name +
           "\" stands on the command line or in a variable itself, where the shell's history or the list of processes "
           "would show it; it was not used.",
       "Give it as " + ways(option == "--set" ? "--secret" : std::string(option), name) + ".");
}

SecretArgument parse_secret_argument(std::string_view option, std::string_view argument) {
   const std::size_t equals = argument.find('=');
   if (equals == std::string_view::npos || equals == 0) {
      throw UsageError(std::string(option) + " needs a field and a source.",
                       "Write " + ways(std::string(option), option == "--preset" ? "PLUGIN.FIELD" : "FIELD") + ".");
   }
   const std::string_view field = argument.substr(0, equals);
   const std::string_view source = argument.substr(equals + 1);
   const bool known = source == "@stdin" || source == "@prompt" ||
                      (source.starts_with("@file:") && source.size() > 6) ||
                      (source.starts_with("@env:") && source.size() > 5);
   if (!known) refuse_literal(option, field);
   return {std::string(field), std::string(source)};
}

host::SecretBytes SecretReader::read(const std::string& source, const std::string& label, const std::string& option,
                                     Typed typed) {
   if (source == "@prompt") return prompt(label, option, typed);
   host::SecretBytes secret = read_source(source, option);
   if (secret.empty()) {
      const std::string what = source == "@stdin" ? "Standard input"
                               : source.starts_with("@env:")
                                   ? "The environment variable \"" + one_line(source.substr(5)) + "\""
                                   : "The file \"" + one_line(source.substr(6)) + "\"";
      throw UsageError(what + " for " + option + " is empty.", "Put \"" + label + "\" there, or give another source.");
   }
   return secret;
}

host::SecretBytes SecretReader::read_source(const std::string& source, const std::string& option) {
   if (source == "@stdin") {
      if (stdin_read_) {
         throw UsageError("Two secrets were to come from standard input, which holds only one.",
                          "Give the others with @file:PATH, @env:NAME or @prompt.");
      }
      stdin_read_ = true;
      std::string content = read_secret_from_stdin();
      return secret_in(content, "The secret from standard input");
   }
   if (source.starts_with("@env:")) {
      const char* value = std::getenv(source.c_str() + 5);
      if (!value) {
         throw UsageError("The environment variable for " + option +
                              " is not set. Its name is not repeated here, in case it is the secret itself.",
                          "Write the name of a variable after @env: and export that variable, or give another source.");
      }
      return host::SecretBytes(value);
   }
   const std::string path = source.substr(6);
   const std::string file = "he file \"" + one_line(path) + "\"";
   std::string content = read_input_file(path, "T" + file + " for " + option, kLargest, patience_);
   return secret_in(content, "The secret from t" + file);
}

host::SecretBytes SecretReader::prompt(const std::string& label, const std::string& option, Typed typed) {
   if (!may_prompt_) {
      throw UsageError("\"" + label + "\" is needed, and there is nobody to ask.",
                       "Give it with " + option + ", where SOURCE is @stdin, @file:PATH or @env:NAME.");
   }
   auto secret = read_hidden(typed, label + (typed == Typed::lines ? " (several lines, then an empty one): " : ": "));
   print(Stream::error, "\n");
   if (!secret) throw UsageError("\"" + label + "\" was not entered.", "Enter it, or give it with " + option + ".");
   return std::move(*secret);
}

}  // namespace msp::console
