// plugin.cpp - what makes this library a plugin.
#include "msp/sdk/plugin.hpp"

#include "connection.hpp"

MSP_SDK_PLUGIN(kaseya_vsa::Connection);
