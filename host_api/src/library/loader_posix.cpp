#include <dlfcn.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "base/plugin_defect.hpp"
#include "base/text.hpp"
#include "library/loader_system.hpp"
#include "msp/host/descriptor.hpp"

namespace msp::host {
namespace {

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

std::optional<Finding> missing_library(std::string_view message) {
   const std::size_t end = message.find(": cannot open shared object file");
   if (end == std::string_view::npos) return std::nullopt;
   const std::string library = clean_text(message.substr(0, end), 256);
   return Finding{"plugin.incompatible",
                  "The plugin needs the library " + library + ", which this computer does not have.",
                  "Install " + library + ", or ask the plugin's author for a version without it."};
}

std::optional<Finding> missing_symbol(std::string_view message) {
   constexpr std::string_view kBefore = "undefined symbol: ";
   const std::size_t start = message.find(kBefore);
   if (start == std::string_view::npos) return std::nullopt;
   std::string_view symbol = message.substr(start + kBefore.size());
   symbol = symbol.substr(0, symbol.find(','));  // ", version X" follows a versioned one
   return plugin_defect("The plugin uses " + clean_text(symbol, 256) + ", which no library provides.");
}

// "/lib/libc.so.6: version `GLIBC_2.99' not found (required by ...)"
std::optional<Finding> missing_version(std::string_view message) {
   constexpr std::string_view kBefore = "version `";
   const std::size_t start = message.find(kBefore);
   const std::size_t end = message.find("' not found");
   if (start == std::string_view::npos || end == std::string_view::npos || end < start) return std::nullopt;
   const std::string version = clean_text(message.substr(start + kBefore.size(), end - start - kBefore.size()), 256);
   return Finding{"plugin.incompatible",
                  "The plugin needs " + version + ", which is newer than what this computer has.",
                  "Ask the plugin's author for a version for this system, or update the system."};
}

// The mount that `path` lies on, as /proc says it; "/" when nobody says.
std::string mount_of(const std::filesystem::path& path) {
   std::ifstream mounts("/proc/self/mounts");
   const std::string wanted = path.string() + '/';
   std::string longest = "/";
   for (std::string line; std::getline(mounts, line);) {
      std::istringstream words(line);
      std::string device;
      std::string place;
      words >> device >> place;
      if (place.size() >= longest.size() && wanted.starts_with(place == "/" ? place : place + '/')) longest = place;
   }
   return longest;
}

// What forbids to run code from where the library lies. That is nobody's fault but this computer's settings'.
std::optional<Finding> forbidden_here(const std::filesystem::path& library, std::string_view message) {
   const bool refused = message.find("Operation not permitted") != std::string_view::npos ||
                        message.find("Permission denied") != std::string_view::npos;
   const bool mapping = message.find("failed to map segment") != std::string_view::npos;
   const bool no_memory = message.find("Cannot allocate memory") != std::string_view::npos;
   const bool no_files = message.find("Too many open files") != std::string_view::npos;
   if (no_memory || no_files) {
      return Finding{
          "host.storage",
          std::string("This computer has no ") + (no_memory ? "memory" : "open files") + " left for the plugin.",
          "Close other programs, or allow the console more, then try again."};
   }
   if (!refused) return std::nullopt;
   struct statvfs system {};
   if (::statvfs(library.c_str(), &system) == 0 && (system.f_flag & ST_NOEXEC) != 0) {
      const std::string mount = mount_of(library.parent_path());
      return Finding{"host.storage",
                     "This computer runs no code from '" + mount +
                         "', which is mounted with \"noexec\"; the console's data directory lies there.",
                     "Mount it without \"noexec\", or choose another data directory."};
   }
   if (!mapping) {
      return Finding{"host.storage", "This computer does not let the console read '" + library.string() + "'.",
                     "Let the console's user read that file and enter the directories above it."};
   }
   return Finding{
       "host.storage",
       "This computer's security settings (such as SELinux or AppArmor) do not let the console run code from '" +
           library.parent_path().string() + "'.",
       "Allow the console to map files of its data directory as code; the system's log says which rule "
       "refused it."};
}

// Executable, where the system asks for a word about that: since Linux 6.3.
constexpr unsigned kExecutable = 0x0010;

Descriptor sealed_memory([[maybe_unused]] const std::string& name, [[maybe_unused]] std::string_view bytes) {
#if defined(__linux__)
   return seal_in_memory(name, bytes, kExecutable);
#else
   return {};
#endif
}

}  // namespace

// Where there is no such memory, or no code may run from it, the copy itself is loaded: nobody else can change it, nor
// any directory above it.
Result<const msp_plugin*> load_bytes(
    const std::filesystem::path& copy, std::string_view bytes,
    const std::function<Result<const msp_plugin*>(const std::filesystem::path&)>& load) {
   Descriptor memory = sealed_memory(copy.filename().string().substr(0, 200), bytes);
   if (!memory) return load(copy);
   // The process's number and not "self", so that a debugger finds the same file there. Never closed: the loader knows
   // libraries by their names, and would take a second one of this name for the first.
   auto loaded = load("/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(memory.release()));
   if (loaded || loaded.finding().code != "host.storage") return loaded;
   return load(copy);
}

int system_load_mode() noexcept { return RTLD_NODELETE; }

void stay_loaded(void* /*address*/) noexcept {}  // RTLD_NODELETE has seen to it

Finding explain_load_error(const std::filesystem::path& library, const std::system_error& error) {
   const std::string_view message = loader_message(error.what());
   if (auto problem = forbidden_here(library, message)) return *problem;
   if (auto problem = missing_library(message)) return *problem;
   if (auto problem = missing_symbol(message)) return *problem;
   if (auto problem = missing_version(message)) return *problem;
   return plugin_defect("The system cannot load the plugin: " + clean_text(without_library(message), 512) + ".");
}

}  // namespace msp::host
