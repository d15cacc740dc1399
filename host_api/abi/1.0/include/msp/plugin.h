/* msp/plugin.h - the plugin as the host sees it: two exported symbols and one table.
 *
 * A plugin library exports exactly msp_plugin_manifest and msp_plugin_entry. The host reads the manifest from the
 * file's bytes before it runs a line of the plugin, and calls the entry once after loading.
 */
#ifndef MSP_PLUGIN_H
#define MSP_PLUGIN_H

#include "call.h"
#include "host.h"

/* One set of credentials at work. The plugin defines it; the host only carries the pointer. */
typedef struct msp_connection msp_connection;

/* The plugin's table, constant for the life of the process that the plugin runs in. It is frozen: what a plugin learns
 * later is an extension. The host never runs two functions at once on one connection; two connections may be at work
 * at once. Each operation works when it is the first one called, and may use what an earlier one on the same connection
 * found out, so that one sign-in serves all three. Nothing that matters lives in memory only: a connection may end
 * without `destroy`. */
typedef struct msp_plugin {
   uint32_t struct_size;
   uint32_t abi_major; /* MSP_ABI_MAJOR, as compiled */
   uint32_t abi_minor; /* MSP_ABI_MINOR, as compiled */
   uint32_t reserved;  /* 0 */

   /* Makes a connection. Allocates only: no network, no file. NULL for want of memory only. [serial] */
   msp_connection *(MSP_CDECL *create)(const msp_host *host) MSP_NOEXCEPT;

   /* Ends a connection and wipes what it kept. No network. [serial] */
   void (MSP_CDECL *destroy)(msp_connection *connection) MSP_NOEXCEPT;

   /* Are the credentials the right ones? Reports the identity. Sends at most one request that the platform can count as
    * a failed sign-in, and never a second one by itself. [serial] */
   msp_outcome (MSP_CDECL *validate_credentials)(msp_connection *connection, const msp_call *call) MSP_NOEXCEPT;

   /* What may they do? Reports a grant for every permission of the manifest, with read-only requests. MSP_ACCEPTED
    * means that the question was answered: whether the grants suffice is the host's verdict. [serial] */
   msp_outcome (MSP_CDECL *check_permissions)(msp_connection *connection, const msp_call *call) MSP_NOEXCEPT;

   /* Opens a session and reports it, and those with a name where the platform has more than one server. Called again on
    * the same connection, it opens other ones and reports all of them: one of them is about to expire, or the platform
    * rejected it (MSP_CALL_REJECTED). [serial] */
   msp_outcome (MSP_CDECL *authenticate)(msp_connection *connection, const msp_call *call) MSP_NOEXCEPT;

   /* The table of an extension, or NULL. The host asks only for ids that it knows. The member may itself be NULL when
    * the plugin has no extension. [serial] */
   const void *(MSP_CDECL *get_extension)(const char *extension_id) MSP_NOEXCEPT;
} msp_plugin;

#define MSP_MANIFEST_SYMBOL "msp_plugin_manifest"
#define MSP_ENTRY_SYMBOL    "msp_plugin_entry"

/* The plugin's manifest: a NUL-terminated UTF-8 JSON text in read-only data (schema/manifest.schema.json). At most
 * MSP_MANIFEST_MAX bytes. msp_add_plugin() of the build makes this symbol from manifest.json. */
#define MSP_MANIFEST_MAX 1048576
MSP_EXPORT
const char msp_plugin_manifest[];

/* Hands over the plugin's table; never NULL. The host has compared versions and what the manifest requires before.
 * Called once in each process, before anything else. `host` is valid for the life of that process. [serial] */
MSP_EXPORT
const msp_plugin *MSP_CDECL msp_plugin_entry(const msp_host *host) MSP_NOEXCEPT;

MSP_STATIC_ASSERT(sizeof(msp_plugin) == 64, "frozen at 1.0");
MSP_STATIC_ASSERT(offsetof(msp_plugin, create) == 16, "frozen at 1.0");
MSP_STATIC_ASSERT(offsetof(msp_plugin, get_extension) == 56, "frozen at 1.0");

#endif
