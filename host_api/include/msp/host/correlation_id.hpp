// msp/host/correlation_id.hpp - names one piece of work in every log line that belongs to it.
#pragma once

#include <string>

namespace msp::host {

// 16 random hex digits. [any-thread]
std::string new_correlation_id();

}  // namespace msp::host
