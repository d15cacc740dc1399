#include "connection.hpp"

MSP_SDK_PLUGIN(acme_helpdesk::Connection);
