/* null_plugin.c - asks one setting, reports one identity, and does nothing else: what is left is the way there. */
#include "null_plugin.h"

msp_outcome MSP_CALL null_operation(msp_connection *connection, const msp_call *call)
{
   (void)connection;
   const char *name = call->setting(call, "user_name");
   const msp_identity identity = {.struct_size = sizeof identity, .account = "account", .principal = name};
   call->report_identity(call, &identity);
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CALL create(const msp_host *host, msp_connection **connection)
{
   static int anything;
   (void)host;
   *connection = (msp_connection *)&anything;
   return MSP_ACCEPTED;
}

static void MSP_CALL destroy(msp_connection *connection) { (void)connection; }

msp_outcome MSP_CALL msp_plugin_entry(const msp_host *host, const msp_plugin **plugin)
{
   static const msp_plugin table = {sizeof table, MSP_ABI_MAJOR, MSP_ABI_MINOR, 0, create, destroy,
                                    null_operation, null_operation, null_operation, NULL};
   (void)host;
   *plugin = &table;
   return MSP_ACCEPTED;
}
