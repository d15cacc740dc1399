/* The smallest plugin there is. The definitions of the build change its table in one place each. */
#include <stdlib.h>

#include "msp/plugin.h"

#ifndef VARIANT_ABI_MAJOR
#define VARIANT_ABI_MAJOR MSP_ABI_MAJOR
#endif
#ifndef VARIANT_ABI_MINOR
#define VARIANT_ABI_MINOR MSP_ABI_MINOR
#endif
#ifndef VARIANT_SIZE
#define VARIANT_SIZE sizeof(msp_plugin)
#endif
#ifndef VARIANT_DESTROY
#define VARIANT_DESTROY destroy
#endif
#ifndef VARIANT_TABLE
#define VARIANT_TABLE &kTable.plugin
#endif

#ifdef VARIANT_START
/* Runs when the system loads the library. */
__attribute__((constructor)) static void start(void) {
   static char variable[] = VARIANT_START;
   putenv(variable);
}
#endif

#ifdef VARIANT_ENDS
#include <string.h>

/* Ends the process, or never comes to an end, where the variable MSP_VARIANT_ENDS says so: "crash load", "hang load",
   "exit work", "crash end". */
static void end_in(const char *place) {
   const char *wanted = getenv("MSP_VARIANT_ENDS");
   if (wanted == NULL || strstr(wanted, place) == NULL) return;
   if (strncmp(wanted, "crash", 5) == 0) abort();
   if (strncmp(wanted, "exit", 4) == 0) exit(0);
   for (;;) {
      volatile int never = 0;
      (void)never;
   }
}
__attribute__((constructor)) static void start(void) { end_in("load"); }
__attribute__((destructor)) static void finish(void) { end_in("end"); }
#else
#define end_in(place) ((void)0)
#endif

#ifdef VARIANT_SHARES
/* A name that every variant exports: each must see its own. */
__attribute__((visibility("default"))) int msp_variant_shared = VARIANT_SHARES;
#endif

struct msp_connection {
   const msp_host *host;
};

static msp_connection *MSP_CDECL create(const msp_host *host) {
   msp_connection *connection = malloc(sizeof *connection);
   if (connection != NULL) connection->host = host;
   return connection;
}

static void MSP_CDECL destroy(msp_connection *connection) { free(connection); }

static msp_outcome MSP_CDECL accept(msp_connection *connection, const msp_call *call) {
   (void)connection;
   (void)call;
   end_in("work");
#ifdef VARIANT_SHARES
   /* Through the loader's table, so that another library's would be taken if it were seen. */
   return msp_variant_shared;
#else
   return MSP_ACCEPTED;
#endif
}

/* A later minor's table: whatever comes behind is unknown to this host. */
static const struct {
   msp_plugin plugin;
   unsigned char later[64];
} kTable = {{VARIANT_SIZE, VARIANT_ABI_MAJOR, VARIANT_ABI_MINOR,
             0, create, VARIANT_DESTROY, accept, accept, accept, NULL},
            {0}};

const msp_plugin *MSP_CDECL msp_plugin_entry(const msp_host *host) {
   (void)host;
   (void)kTable;
   (void)destroy;
   return VARIANT_TABLE;
}
