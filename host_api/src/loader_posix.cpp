#include <dlfcn.h>

#include <optional>
#include <string>
#include <string_view>

#include "loader_system.hpp"
#include "text.hpp"

namespace msp::host {
namespace {

constexpr const char* kAskAuthor = "Ask the plugin's author for a corrected version.";

// What dlerror() said, out of Boost.DLL's sentence around it, without the path of our copy in front.
std::string_view loader_message(std::string_view what) {
   constexpr std::string_view kBefore = "(dlerror system message: ";
   const std::size_t start = what.find(kBefore);
   if (start == std::string_view::npos) return what;
   what.remove_prefix(start + kBefore.size());
   return what.substr(0, what.rfind(')'));
}

// "<library>: <rest>" without the library.
std::string_view without_library(std::string_view message) {
   const std::size_t colon = message.find(": ");
   return message.front() != '/' || colon == std::string_view::npos ? message : message.substr(colon + 2);
}

std::optional<Problem> missing_library(std::string_view message) {
   const std::size_t end = message.find(": cannot open shared object file");
   if (end == std::string_view::npos) return std::nullopt;
   const std::string library = clean_text(message.substr(0, end), 256);
   return Problem{"plugin.incompatible",
                  "The plugin needs the library " + library + ", which this computer does not have.",
                  "Install " + library + ", or ask the plugin's author for a version without it."};
}

std::optional<Problem> missing_symbol(std::string_view message) {
   constexpr std::string_view kBefore = "undefined symbol: ";
   const std::size_t start = message.find(kBefore);
   if (start == std::string_view::npos) return std::nullopt;
   std::string_view symbol = message.substr(start + kBefore.size());
   symbol = symbol.substr(0, symbol.find(','));  // ", version X" follows a versioned one
   return Problem{"plugin.defect", "The plugin uses " + clean_text(symbol, 256) + ", which no library provides.",
                  kAskAuthor};
}

// "/lib/libc.so.6: version `GLIBC_2.99' not found (required by ...)"
std::optional<Problem> missing_version(std::string_view message) {
   constexpr std::string_view kBefore = "version `";
   const std::size_t start = message.find(kBefore);
   const std::size_t end = message.find("' not found");
   if (start == std::string_view::npos || end == std::string_view::npos || end < start) return std::nullopt;
   const std::string version = clean_text(message.substr(start + kBefore.size(), end - start - kBefore.size()), 256);
   return Problem{"plugin.incompatible",
                  "The plugin needs " + version + ", which is newer than what this computer has.",
                  "Ask the plugin's author for a version for this system, or update the system."};
}

}  // namespace

int system_load_mode() noexcept { return RTLD_NODELETE; }

void stay_loaded(void* /*address*/) noexcept {}  // RTLD_NODELETE has seen to it

Problem explain_load_error(const std::filesystem::path& /*library*/, const std::system_error& error) {
   const std::string_view message = loader_message(error.what());
   if (auto problem = missing_library(message)) return *problem;
   if (auto problem = missing_symbol(message)) return *problem;
   if (auto problem = missing_version(message)) return *problem;
   return {"plugin.defect", "The system cannot load the plugin: " + clean_text(without_library(message), 512) + ".",
           kAskAuthor};
}

}  // namespace msp::host
