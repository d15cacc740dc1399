/* msp/msp.h - the whole contract in one include. */
#ifndef MSP_MSP_H
#define MSP_MSP_H

#include "abi.h"
#include "browser.h"
#include "call.h"
#include "digest.h"
#include "host.h"
#include "http.h"
#include "keep.h"
#include "plugin.h"
#include "sign.h"
#include "sign_out.h"
#include "signer.h"

#endif
