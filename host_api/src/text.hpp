// text.hpp - the same for the library's own files.
#pragma once

#include "msp/host/text.hpp"
