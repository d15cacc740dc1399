#include "library/preflight_problem.hpp"

#include "base/plugin_defect.hpp"
#include "msp/plugin.h"

namespace msp::host {
namespace {

constexpr const char* kCopyAgain = "Copy the plugin again from where you got it.";
constexpr const char* kDropLibrary = "Drop the plugin's library itself into the plugin directory.";

Finding incompatible(std::string summary, std::string remedy) {
   return {"plugin.incompatible", std::move(summary), std::move(remedy)};
}

}  // namespace

std::string_view name(Machine machine) noexcept {
   switch (machine) {
      case Machine::x86_64:
         return "x86-64";
      case Machine::aarch64:
         return "ARM64";
      case Machine::other:
         return "another processor";
   }
   return "another processor";
}

Finding file_empty() { return plugin_defect("The file is empty.", kCopyAgain); }

Finding file_is_no_library(std::string_view system) {
   return plugin_defect("The file is not a library for " + std::string(system) + ".", kDropLibrary);
}

Finding file_incomplete(std::uint64_t size) {
   return plugin_defect(
       "The file is cut off: its headers name more than the " + std::to_string(size) + " bytes that are there.",
       kCopyAgain);
}

Finding file_is_program() { return plugin_defect("The file is a program, not a library.", kDropLibrary); }

Finding file_is_object() {
   return plugin_defect("The file is a compiler's intermediate file, not a library.", kDropLibrary);
}

Finding file_damaged(const std::string& where) {
   return plugin_defect("The file is damaged: its " + where + " makes no sense.", kCopyAgain);
}

Finding library_of_other_system(std::string_view its_system, std::string_view our_system) {
   return incompatible(
       "The library is for " + std::string(its_system) + "; this console runs on " + std::string(our_system) + ".",
       "Get the plugin for " + std::string(our_system) + ".");
}

Finding library_32_bit() {
   return incompatible("The library is a 32-bit one; this console is 64-bit.",
                       "Get the plugin for 64-bit " + std::string(name(kOwnMachine)) + ".");
}

Finding library_of_other_machine(const std::string& its_machine) {
   return incompatible(
       "The library is for " + its_machine + "; this computer is " + std::string(name(kOwnMachine)) + ".",
       "Get the plugin for " + std::string(name(kOwnMachine)) + ".");
}

Finding dynamic_section_elsewhere() {
   return plugin_defect(
       "The library's dynamic section is not where the system's loader reads it, so other contents would be "
       "loaded than were checked.",
       "Do not use this file; ask the plugin's author for a corrected version.");
}

Finding exports_missing(Exports found) {
   if (found.manifest) {
      return plugin_defect("The library does not export " MSP_ENTRY_SYMBOL ", so it cannot be used as a plugin.");
   }
   if (found.entry) {
      return plugin_defect("The library does not export " MSP_MANIFEST_SYMBOL ", so it does not say what it is.");
   }
   return plugin_defect("The library is not a plugin: it exports neither " MSP_MANIFEST_SYMBOL " nor " MSP_ENTRY_SYMBOL
                        ".",
                        "Remove it from the plugin directory.");
}

Finding manifest_writable() { return plugin_defect("The library's " MSP_MANIFEST_SYMBOL " is not constant data."); }

Finding manifest_endless() {
   return plugin_defect("The library's " MSP_MANIFEST_SYMBOL " does not end within " +
                        std::to_string(MSP_MANIFEST_MAX) + " bytes.");
}

Finding entry_is_no_function() { return plugin_defect("The library's " MSP_ENTRY_SYMBOL " is not a function."); }

}  // namespace msp::host
