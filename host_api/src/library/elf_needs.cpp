#include "library/elf_needs.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/plugin_defect.hpp"
#include "base/text.hpp"
#include "library/preflight_problem.hpp"

namespace msp::host {
namespace {

#if defined(__has_feature)
#define MSP_HAS_FEATURE(feature) __has_feature(feature)
#else
#define MSP_HAS_FEATURE(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || MSP_HAS_FEATURE(address_sanitizer)
constexpr bool kHasAddressSanitizer = true;
#else
constexpr bool kHasAddressSanitizer = false;
#endif
#if defined(__SANITIZE_THREAD__) || MSP_HAS_FEATURE(thread_sanitizer)
constexpr bool kHasThreadSanitizer = true;
#else
constexpr bool kHasThreadSanitizer = false;
#endif
constexpr bool kHasASanitizer = kHasAddressSanitizer || kHasThreadSanitizer;

// Known by the name of its library, or by a function that it alone has: clang links it into the program only.
struct Runtime {
   std::string_view library;
   std::string_view function;
   std::string_view name;
   std::string_view option;
   bool is_here;
};
constexpr std::array kRuntimes{
    Runtime{"libasan.", "__asan_init", "AddressSanitizer", "-fsanitize=address", kHasAddressSanitizer},
    Runtime{"libclang_rt.asan", "__asan_init", "AddressSanitizer", "-fsanitize=address", kHasAddressSanitizer},
    Runtime{"libhwasan.", "__hwasan_init", "HWAddressSanitizer", "-fsanitize=hwaddress", false},
    Runtime{"libtsan.", "__tsan_init", "ThreadSanitizer", "-fsanitize=thread", kHasThreadSanitizer},
    Runtime{"libclang_rt.tsan", "__tsan_init", "ThreadSanitizer", "-fsanitize=thread", kHasThreadSanitizer},
    Runtime{"libclang_rt.msan", "__msan_init", "MemorySanitizer", "-fsanitize=memory", false},
    Runtime{"liblsan.", "__lsan_init", "LeakSanitizer", "-fsanitize=leak", kHasASanitizer},
    Runtime{"libubsan.", "__ubsan_handle_", "UndefinedBehaviorSanitizer", "-fsanitize=undefined", kHasASanitizer},
    Runtime{"libclang_rt.ubsan", "__ubsan_handle_", "UndefinedBehaviorSanitizer", "-fsanitize=undefined",
            kHasASanitizer},
};

Finding built_with(const Runtime& runtime) {
   return {"plugin.incompatible",
           "The plugin was built with " + std::string(runtime.name) +
               " for its author's tests; loading it would end this console, which was not.",
           "Get the plugin as it is released, built without " + std::string(runtime.option) + "."};
}

Finding brings_others(const std::string& what) {
   return plugin_defect(
       "The library would bring along code that nobody approved: " + what + ".",
       "Ask the plugin's author for a version that needs only libraries of the system, by their plain names.");
}

std::string quoted(std::string_view text) { return "\"" + clean_text(text, 256) + "\""; }

// "/proc/self/cwd" is the working directory under a name that looks fixed.
bool is_of_process(std::string_view place) {
   const std::string plain = std::filesystem::path(place).lexically_normal().generic_string();
   return std::ranges::any_of(std::array<std::string_view, 2>{"/proc", "/dev"}, [&](std::string_view top) {
      return plain.starts_with(top) && (plain.size() == top.size() || plain[top.size()] == '/');
   });
}

bool is_fixed(std::string_view place) {
   const bool has_dots = place.find("/../") != std::string_view::npos || place.ends_with("/..");
   return place.starts_with('/') && place.find('$') == std::string_view::npos && !has_dots && !is_of_process(place);
}

Result<std::string> read_library(std::string_view name) {
   if (name.empty()) return file_damaged("table of names");
   if (name.find('/') != std::string_view::npos || name.find('$') != std::string_view::npos)
      return brings_others("it names the library " + quoted(name) + " by a path");
   for (const Runtime& runtime : kRuntimes) {
      if (!runtime.is_here && name.starts_with(runtime.library)) return built_with(runtime);
   }
   return clean_text(name, 256);
}

// A list of directories. An empty one would be the working directory.
Result<void> read_places(std::string_view list, std::vector<std::string>& places) {
   for (;;) {
      const std::size_t end = list.find(':');
      const std::string_view place = list.substr(0, end);
      if (!is_fixed(place)) {
         return brings_others("it has libraries searched in " + quoted(place) +
                              ", which is no fixed directory of this computer");
      }
      places.push_back(clean_text(place, 4096));
      if (end == std::string_view::npos) return {};
      list.remove_prefix(end + 1);
   }
}

Result<void> check_functions(const ElfSymbols& symbols) {
   for (std::uint64_t i = 0; i < symbols.count(); ++i) {
      const elf::Symbol symbol = symbols.at(i);
      if (symbol.section != elf::kSectionUndefined || symbol.name == 0) continue;
      for (const Runtime& runtime : kRuntimes) {
         if (!runtime.is_here && symbols.begins_with(symbol.name, runtime.function)) return built_with(runtime);
      }
   }
   return {};
}

}  // namespace

Result<ElfNeeds> read_needs(const ElfImage& image, const ElfSymbols& symbols) {
   ElfNeeds needs;
   for (const elf::Dynamic& entry : image.dynamic_entries()) {
      switch (entry.tag) {
         case elf::kDynamicAudit:
         case elf::kDynamicAuditOfDependencies:
         case elf::kDynamicFilter:
         case elf::kDynamicAuxiliary:
         case elf::kDynamicConfiguration:
            return brings_others("its dynamic section asks for another library to watch or replace it");
         case elf::kDynamicNeeded: {
            auto library = read_library(symbols.text(entry.value));
            if (!library) return library.finding();
            needs.libraries.push_back(std::move(library).value());
            break;
         }
         case elf::kDynamicPath:
         case elf::kDynamicRunPath:
            if (auto read = read_places(symbols.text(entry.value), needs.places); !read) return read.finding();
            break;
         default:
            break;
      }
   }
   if (auto checked = check_functions(symbols); !checked) return checked.finding();
   return needs;
}

}  // namespace msp::host
