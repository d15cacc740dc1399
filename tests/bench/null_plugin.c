/* null_plugin.c - asks one setting, reports one identity, and does nothing else: what is left is the way there. */
#include "null_plugin.h"

msp_outcome MSP_CDECL null_operation(msp_connection *connection, const msp_call *call)
{
   (void)connection;
   const char *name = call->setting(call, "user_name");
   const msp_identity identity = {.struct_size = sizeof identity, .account = "account", .principal = name};
   call->report_identity(call, &identity);
   return MSP_ACCEPTED;
}

static msp_connection *MSP_CDECL create(const msp_host *host)
{
   static int anything;
   (void)host;
   return (msp_connection *)&anything;
}

static void MSP_CDECL destroy(msp_connection *connection) { (void)connection; }

const msp_plugin *MSP_CDECL msp_plugin_entry(const msp_host *host)
{
   static const msp_plugin table = {sizeof table, MSP_ABI_MAJOR, MSP_ABI_MINOR, 0, create, destroy,
                                    null_operation, null_operation, null_operation, NULL};
   (void)host;
   return &table;
}
