// scripted_plugin.hpp - a plugin whose three operations a test writes as lambdas; well-behaved where it writes none.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contract/loaded_plugin.hpp"
#include "msp/host/host.hpp"
#include "msp/msp.h"

namespace msp::host {
struct ScriptedPlugin;
}
struct msp_connection {
   msp::host::ScriptedPlugin* plugin;
};

namespace msp::host {

using Work = std::function<msp_outcome(const msp_call*)>;

inline void report_error(const msp_call* call, const char* code, const char* summary, const char* remedy = "Do this.") {
   msp_finding finding{};
   finding.struct_size = sizeof(finding);
   finding.severity = MSP_ERROR;
   finding.code = code;
   finding.summary = summary;
   finding.remedy = remedy;
   call->report_finding(call, &finding);
}

inline void report_grant(const msp_call* call, const char* id, std::int32_t granted) {
   msp_grant grant{};
   grant.struct_size = sizeof(grant);
   grant.permission_id = id;
   grant.granted = granted;
   grant.how = MSP_HOW_INTROSPECTED;
   call->report_permission(call, &grant);
}

inline void report_identity(const msp_call* call, const char* account = "4711", const char* principal = "jane") {
   msp_identity identity{};
   identity.struct_size = sizeof(identity);
   identity.account = account;
   identity.principal = principal;
   call->report_identity(call, &identity);
}

inline void report_session(const msp_call* call, const char* base_url = "https://api.example.com/",
                           std::vector<msp_pair> headers = {{"Authorization", "Bearer session-token", 0, 0}}) {
   msp_session session{};
   session.struct_size = sizeof(session);
   session.base_url = base_url;
   session.headers = headers.data();
   session.header_count = static_cast<std::uint32_t>(headers.size());
   call->report_session(call, &session);
}

inline Manifest sample_manifest() {
   Manifest manifest;
   manifest.id = "sample";
   manifest.name = "Sample";
   manifest.vendor = "Example Ltd";
   manifest.hosts = {"api.example.com"};
   Field user;
   user.id = "user";
   user.label = "User name";
   user.required = true;
   Field password;
   password.id = "password";
   password.label = "Password";
   password.kind = FieldKind::secret;
   manifest.fields = {user, password};
   Permission read{.id = "tickets.read",
                   .entity = "Tickets",
                   .operation = "read",
                   .used_for = "seeing tickets",
                   .remedy = "Allow reading.",
                   .doc_url = {}};
   Permission update = read;
   update.id = "tickets.update";
   update.operation = "update";
   update.used_for = "closing tickets";
   update.remedy = "Allow updating.";
   Permission reports = read;
   reports.id = "reports.read";
   reports.entity = "Reports";
   reports.need = Need::optional;
   reports.used_for = "monthly reports";
   reports.remedy = "Allow reports.";
   manifest.permissions = {read, update, reports};
   return manifest;
}

inline Settings sample_settings() {
   Settings settings;
   settings.values["user"] = "jane";
   settings.secrets["password"] = SecretBytes("correct horse");
   return settings;
}

struct ScriptedPlugin {
   Manifest manifest = sample_manifest();
   Work validate = [](const msp_call* call) { return report_identity(call), MSP_ACCEPTED; };
   Work permissions = [this](const msp_call* call) {
      for (const auto& permission : manifest.permissions) report_grant(call, permission.id.c_str(), MSP_GRANTED_ALL);
      return MSP_ACCEPTED;
   };
   Work authenticate = [](const msp_call* call) { return report_session(call), MSP_ACCEPTED; };
   std::function<msp_outcome(const msp_call*, const msp_signing*)> sign;
   Work sign_out;  // without it the plugin has no such extension
   Work create = [](const msp_call*) { return MSP_ACCEPTED; };
   std::atomic<int> destroyed{0};

   // REQUIRES: this outlives every connection of the plugin, also one that was left behind.
   std::shared_ptr<Plugin> load(HostOptions options = {}) {
      host.host_data = this;
      auto loaded = std::make_shared<LoadedPlugin>();
      loaded->runtime = std::make_shared<Runtime>(std::move(options));
      loaded->manifest = manifest;
      loaded->sha256 = std::string(64, '0');
      table = kTable;
      if (sign_out) table.get_extension = extension_with_sign_out;
      loaded->table = &table;
      loaded->host = &host;
      state = loaded;
      return std::make_shared<Plugin>(std::move(loaded));
   }

   msp_host host{};
   msp_plugin table{};
   std::shared_ptr<LoadedPlugin> state;

   // What a compiler does not stop everybody from doing: functions that may throw, passed off as noexcept.
   template <Work ScriptedPlugin::*Operation>
   static msp_outcome MSP_CDECL run(msp_connection* connection, const msp_call* call) {
      return (connection->plugin->*Operation)(call);
   }
   static msp_connection* MSP_CDECL make(const msp_host* host) {
      auto* plugin = static_cast<ScriptedPlugin*>(host->host_data);
      return plugin->create(nullptr) == MSP_ACCEPTED ? new msp_connection{plugin} : nullptr;
   }
   static void MSP_CDECL destroy(msp_connection* connection) noexcept {
      ++connection->plugin->destroyed;
      delete connection;
   }
   static msp_outcome MSP_CDECL sign_request(msp_connection* connection, const msp_call* call,
                                             const msp_signing* signing) noexcept {
      return connection->plugin->sign(call, signing);
   }
   using Noexcept = msp_outcome(MSP_CDECL*)(msp_connection*, const msp_call*) noexcept;
   static const void* MSP_CDECL extension(const char* id) noexcept {
      static constexpr msp_signer kSigner = {.struct_size = sizeof(msp_signer), .reserved = 0, .sign = sign_request};
      return std::string(id) == MSP_SIGNER_EXTENSION ? &kSigner : nullptr;
   }
   static const void* MSP_CDECL extension_with_sign_out(const char* id) noexcept {
      static const msp_sign_out kSignOut = {
          .struct_size = sizeof(msp_sign_out),
          .reserved = 0,
          .sign_out = reinterpret_cast<Noexcept>(&ScriptedPlugin::run<&ScriptedPlugin::sign_out>)};
      return std::string(id) == MSP_SIGN_OUT_EXTENSION ? &kSignOut : extension(id);
   }
   using NoexceptCreate = msp_connection*(MSP_CDECL*)(const msp_host*) noexcept;
   static const msp_plugin kTable;
};

inline const msp_plugin ScriptedPlugin::kTable = {
    .struct_size = sizeof(msp_plugin),
    .abi_major = MSP_ABI_MAJOR,
    .abi_minor = MSP_ABI_MINOR,
    .reserved = 0,
    .create = reinterpret_cast<NoexceptCreate>(&ScriptedPlugin::make),
    .destroy = &ScriptedPlugin::destroy,
    .validate_credentials = reinterpret_cast<Noexcept>(&ScriptedPlugin::run<&ScriptedPlugin::validate>),
    .check_permissions = reinterpret_cast<Noexcept>(&ScriptedPlugin::run<&ScriptedPlugin::permissions>),
    .authenticate = reinterpret_cast<Noexcept>(&ScriptedPlugin::run<&ScriptedPlugin::authenticate>),
    .get_extension = &ScriptedPlugin::extension};

}  // namespace msp::host
