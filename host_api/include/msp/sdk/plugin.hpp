// msp/sdk/plugin.hpp - from a class to a plugin: MSP_SDK_PLUGIN(Connection) defines the entry and the table.
//
// The class holds one set of credentials at work:
//
//    class Connection {
//     public:
//       explicit Connection(const msp::sdk::Host& host);    // allocates only: no network, no file
//       Outcome validate_credentials(Call& call);           // reports the identity
//       Outcome check_permissions(Call& call);              // reports a grant for every permission of the manifest
//       Outcome authenticate(Call& call);                   // reports the session
//    };
//    MSP_SDK_PLUGIN(Connection)
//
// The host never overlaps calls on one connection. An exception ends the operation as a defect of the plugin; it never
// reaches the host, and neither does its text, which may hold a secret.
#pragma once

#include <new>

#include "msp/plugin.h"
#include "msp/sdk/call.hpp"
#include "msp/sdk/host.hpp"
#include "msp/sdk/outcome.hpp"

namespace msp::sdk {

template <class Connection>
class PluginTable {
 public:
   static msp_outcome enter(const msp_host* host, const msp_plugin** plugin) noexcept {
      if (host->abi_major != MSP_ABI_MAJOR) return MSP_INCOMPATIBLE;
      static constexpr msp_plugin kTable{sizeof(msp_plugin),
                                         MSP_ABI_MAJOR,
                                         MSP_ABI_MINOR,
                                         0,  // works with every minor: the SDK asks MSP_HAS for what came later
                                         create,
                                         destroy,
                                         run<&Connection::validate_credentials>,
                                         run<&Connection::check_permissions>,
                                         run<&Connection::authenticate>,
                                         nullptr};
      *plugin = &kTable;
      return MSP_ACCEPTED;
   }

 private:
   static msp_outcome MSP_CALL create(const msp_host* host, msp_connection** connection) noexcept {
      try {
         *connection = reinterpret_cast<msp_connection*>(new Connection(Host(*host)));
         return MSP_ACCEPTED;
      } catch (const Incompatible&) {
         return MSP_INCOMPATIBLE;
      } catch (...) {
         return MSP_FAILED;
      }
   }

   static void MSP_CALL destroy(msp_connection* connection) noexcept {
      delete reinterpret_cast<Connection*>(connection);
   }

   template <Outcome (Connection::*operation)(Call&)>
   static msp_outcome MSP_CALL run(msp_connection* connection, const msp_call* table) noexcept {
      try {
         Call call(*table);
         return static_cast<msp_outcome>((reinterpret_cast<Connection*>(connection)->*operation)(call));
      } catch (const std::bad_alloc&) {
         return defect(table, "The plugin ran out of memory.", "Free memory on the console's machine and try again.");
      } catch (...) {
         return defect(table, "The plugin stopped at an error of its own.",
                       "Try again. If it stays, report it to the plugin's vendor with the log of this check.");
      }
   }

   // From constant texts only: nothing is allocated here, and no exception's text is passed on.
   static msp_outcome defect(const msp_call* table, const char* summary, const char* remedy) noexcept {
      msp_finding finding{};
      finding.struct_size = sizeof(finding);
      finding.severity = MSP_ERROR;
      finding.code = "plugin.defect";
      finding.summary = summary;
      finding.remedy = remedy;
      table->report_finding(table, &finding);
      return MSP_FAILED;
   }
};

}  // namespace msp::sdk

// Once per plugin, outside any namespace, in one source file.
#define MSP_SDK_PLUGIN(Connection)                                                                       \
   MSP_EXPORT                                                                                            \
   msp_outcome MSP_CALL msp_plugin_entry(const msp_host* host, const msp_plugin** plugin) MSP_NOEXCEPT { \
      return ::msp::sdk::PluginTable<Connection>::enter(host, plugin);                                   \
   }                                                                                                     \
   static_assert(true, "so that a semicolon may follow")
