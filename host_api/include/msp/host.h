/* msp/host.h - the host as the plugin sees it: its version, its services, its log.
 *
 * One table per loaded plugin, handed to msp_plugin_entry and valid for the life of the process that the plugin runs
 * in.
 */
#ifndef MSP_HOST_H
#define MSP_HOST_H

#include "abi.h"

#define MSP_LOG_DEBUG   1
#define MSP_LOG_INFO    2
#define MSP_LOG_WARNING 3
#define MSP_LOG_ERROR   4

#define MSP_LOG_LINES_MAX 1000

typedef struct msp_host msp_host;

struct msp_host {
   uint32_t struct_size;
   uint32_t abi_major;
   uint32_t abi_minor;
   uint32_t reserved;   /* 0 */
   void *host_data;     /* the host's own; plugins leave it alone */
   const char *name;    /* of the console, for example "msp-console" */
   const char *version; /* of the console */

   /* The table of a service, for example MSP_HTTP_SERVICE of http.h, or NULL when this host has none of that id.
    * Every host has msp.http/1 and msp.digest/1; what else a plugin cannot do without stands in its manifest under
    * "requires". An id names one frozen table; what comes later gets another id. [call-thread] */
   const void *(MSP_CDECL *get_service)(const msp_host *host, const char *service_id) MSP_NOEXCEPT;

   /* A line in the host's log, for support and not for the administrator: findings are for people. A console may
    * write no log until somebody asks for one. The host replaces every secret it knows, and keeps at most
    * MSP_LOG_LINES_MAX lines of one operation. `level` is MSP_LOG_... [call-thread] */
   void (MSP_CDECL *log)(const msp_host *host, int32_t level, const char *text) MSP_NOEXCEPT;
};

MSP_STATIC_ASSERT(offsetof(msp_host, host_data) == 16, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(offsetof(msp_host, get_service) == 40, "layout of 1.0 is frozen");
MSP_STATIC_ASSERT(offsetof(msp_host, log) == 48, "layout of 1.0 is frozen");

#endif
