/* null_plugin.h - the operation of null_plugin.c, to be called directly as well. */
#ifndef NULL_PLUGIN_H
#define NULL_PLUGIN_H

#include "msp/msp.h"

#if defined(__cplusplus)
extern "C"
#endif
msp_outcome MSP_CDECL null_operation(msp_connection *connection, const msp_call *call) MSP_NOEXCEPT;

#endif
