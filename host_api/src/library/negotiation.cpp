#include "library/negotiation.hpp"

#include <cstddef>
#include <string>

#include "base/plugin_defect.hpp"

namespace msp::host {
namespace {

constexpr const char* kUpdate = "Update the plugin, or the console, whichever is older.";

// The part of a table that can be read whatever its version is.
constexpr std::uint32_t kVersionsSize = offsetof(msp_plugin, create);

Finding incompatible(std::string summary) { return {"plugin.incompatible", std::move(summary), kUpdate}; }

std::string version(std::uint32_t major, std::uint32_t minor) {
   return std::to_string(major) + "." + std::to_string(minor);
}

std::string own_version() { return version(MSP_ABI_MAJOR, MSP_ABI_MINOR); }

const char* missing_function(const msp_plugin& table) {
   if (table.create == nullptr) return "create";
   if (table.destroy == nullptr) return "destroy";
   if (table.validate_credentials == nullptr) return "validate_credentials";
   if (table.check_permissions == nullptr) return "check_permissions";
   if (table.authenticate == nullptr) return "authenticate";
   return nullptr;  // get_extension may be absent
}

// Reads no byte beyond the table's own struct_size: a shorter table may end where its page ends.
Result<void> examine(const msp_plugin* table) {
   if (table == nullptr) return plugin_defect("The plugin's entry handed over no table.");
   const std::uint32_t size = table->struct_size;
   if (size < kVersionsSize) {
      return plugin_defect("The plugin's table has " + std::to_string(size) +
                           " bytes and does not even hold its version.");
   }
   if (table->abi_major != MSP_ABI_MAJOR) {
      return incompatible("The plugin was built for version " + version(table->abi_major, table->abi_minor) +
                          " of the plugin contract, this console has " + own_version() + ".");
   }
   if (size < sizeof(msp_plugin)) {
      return incompatible("The plugin's table has " + std::to_string(size) + " bytes, version " + own_version() +
                          " of the plugin contract needs " + std::to_string(sizeof(msp_plugin)) + ".");
   }
   if (const char* function = missing_function(*table)) {
      return plugin_defect(std::string("The plugin's table has no function ") + function + ".");
   }
   return {};
}

}  // namespace

Result<const msp_plugin*> negotiate(const msp_plugin*(MSP_CDECL* entry)(const msp_host*) noexcept,
                                    const msp_host& host) {
   const msp_plugin* table = entry(&host);
   if (auto done = examine(table); !done) return done.finding();
   return table;
}

}  // namespace msp::host
