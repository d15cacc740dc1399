// catalog_decision.hpp - from what was found and what was approved to the state of each plugin.
#pragma once

#include <vector>

#include "library/catalog_facts.hpp"
#include "msp/host/catalog.hpp"

namespace msp::host {

// Looks at no file. Sorted by plugin id, then file.
//
//    file found            approval       state         which bytes serve
//    ----------            --------       -----         -----------------
//    usable                none           available     none
//    the approved bytes    enabled        enabled       the copy
//    the approved bytes    disabled       disabled      none
//    other bytes           either         modified      the copy, when enabled
//    unusable or unseen    enabled        failed, ...   the copy
//    gone                  enabled        failed        none
//
// Of several files with one id all are `duplicate` but the approved one. A copy that cannot be used makes `failed`.
[[nodiscard]] std::vector<CatalogEntry> decide(const CatalogFacts& facts);

}  // namespace msp::host
