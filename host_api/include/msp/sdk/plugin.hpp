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
// One with `Outcome sign(Call& call, const Signing& signing)` signs requests, too: see signer.hpp. One with
// `Outcome sign_out(Call& call)` ends the sign-in when an integration is removed: see msp/sign_out.h.
//
// The host never overlaps calls on one connection. An exception ends the operation as a defect of the plugin and never
// reaches the host. Its type is logged as an error, its text for debugging only.
#pragma once

#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#if defined(__GNUG__)
#include <cxxabi.h>
#endif

#include "msp/plugin.h"
#include "msp/sdk/call.hpp"
#include "msp/sdk/host.hpp"
#include "msp/sdk/outcome.hpp"
#include "msp/sdk/signer.hpp"
#include "msp/sign_out.h"

namespace msp::sdk {

template <class Connection>
class PluginTable {
 public:
   static const msp_plugin* table() noexcept {
      static constexpr msp_plugin kTable{sizeof(msp_plugin),
                                         MSP_ABI_MAJOR,
                                         MSP_ABI_MINOR,
                                         0,
                                         create,
                                         destroy,
                                         run<&Connection::validate_credentials>,
                                         run<&Connection::check_permissions>,
                                         run<&Connection::authenticate>,
                                         get_extension};
      return &kTable;
   }

 private:
   template <class Class, class = void>
   struct Signs : std::false_type {};
   template <class Class>
   struct Signs<
       Class, std::void_t<decltype(std::declval<Class&>().sign(std::declval<Call&>(), std::declval<const Signing&>()))>>
       : std::true_type {};

   template <class Class, class = void>
   struct SignsOut : std::false_type {};
   template <class Class>
   struct SignsOut<Class, std::void_t<decltype(std::declval<Class&>().sign_out(std::declval<Call&>()))>>
       : std::true_type {};

   static const void* MSP_CDECL get_extension([[maybe_unused]] const char* id) noexcept {
      if constexpr (Signs<Connection>::value) {
         static constexpr msp_signer kSigner{sizeof(msp_signer), 0, sign};
         if (std::string_view(id) == MSP_SIGNER_EXTENSION) return &kSigner;
      }
      if constexpr (SignsOut<Connection>::value) {
         static constexpr msp_sign_out kSignOut{sizeof(msp_sign_out), 0, sign_out};
         if (std::string_view(id) == MSP_SIGN_OUT_EXTENSION) return &kSignOut;
      }
      return nullptr;
   }

   struct Held {
      explicit Held(const msp_host& table) : host(table), connection(host) {}
      Host host;
      Connection connection;
   };

   static msp_connection* MSP_CDECL create(const msp_host* host) noexcept {
      try {
         return reinterpret_cast<msp_connection*>(new Held(*host));
      } catch (const std::exception& error) {
         log(Host(*host), error);
      } catch (...) {  // of no type that can be told
      }
      return nullptr;
   }

   static void MSP_CDECL destroy(msp_connection* connection) noexcept { delete reinterpret_cast<Held*>(connection); }

   template <Outcome (Connection::*operation)(Call&)>
   static msp_outcome MSP_CDECL run(msp_connection* connection, const msp_call* table) noexcept {
      return guarded(connection, table, [](Connection& self, Call& call) { return (self.*operation)(call); });
   }

   static msp_outcome MSP_CDECL sign(msp_connection* connection, const msp_call* table,
                                     const msp_signing* signing) noexcept {
      return guarded(connection, table,
                     [signing](auto& self, Call& call) { return self.sign(call, Signing(*signing)); });
   }

   static msp_outcome MSP_CDECL sign_out(msp_connection* connection, const msp_call* table) noexcept {
      return guarded(connection, table, [](auto& self, Call& call) { return self.sign_out(call); });
   }

   template <class Work>
   static msp_outcome guarded(msp_connection* connection, const msp_call* table, Work work) noexcept {
      Held& held = *reinterpret_cast<Held*>(connection);
      try {
         Call call(*table);
         return static_cast<msp_outcome>(work(held.connection, call));
      } catch (const std::bad_alloc&) {
         return defect(table, "The plugin ran out of memory.", "Free memory on the console's machine and try again.");
      } catch (const std::exception& error) {
         log(held.host, error);
      } catch (...) {  // of no type that can be told
      }
      return defect(table, "The plugin stopped at an error of its own.",
                    "Try again. If it stays, report it to the plugin's vendor with the log of this check.");
   }

   static void log(const Host& host, const std::exception& error) noexcept try {
      host.log(LogLevel::error, "stopped at an exception of the type " + type_name(error));
      host.log(LogLevel::debug, std::string("the exception says: ") + error.what());
   } catch (...) {  // no memory for a log line
   }

   static std::string type_name(const std::exception& error) {
      const char* name = typeid(error).name();
#if defined(__GNUG__)
      int status = 0;
      const std::unique_ptr<char, void (*)(void*)> readable(abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                                            std::free);
      if (status == 0) return readable.get();
#endif
      return name;
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
#define MSP_SDK_PLUGIN(Connection)                                              \
   MSP_EXPORT                                                                   \
   const msp_plugin* MSP_CDECL msp_plugin_entry(const msp_host*) MSP_NOEXCEPT { \
      return ::msp::sdk::PluginTable<Connection>::table();                      \
   }                                                                            \
   static_assert(true, "so that a semicolon may follow")
