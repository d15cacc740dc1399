// response_document.hpp - the answer to a request through an integration, as the document msp.response/1.
#pragma once

#include <string>

#include "core/integrations.hpp"

namespace msp::console {

// Pretty-printed, ending in a newline. A body that is no UTF-8 text stands in base64.
std::string response_document(const IntegrationAnswer& answer);

}  // namespace msp::console
