// struct_messages.hpp - the contract's structs as messages, and messages as the contract's structs again.
//
// The texts of a message lie in the plugin's memory or in the frame that the message came in, and so do those of a
// struct that is made of it.
#pragma once

#include <vector>

#include "isolation/operation_messages.hpp"
#include "msp/msp.h"

namespace msp::isolation {

// Nothing for a null pointer; else the text, of which `longest` bytes are carried.
[[nodiscard]] OptionalText text_of(const char* text, std::size_t longest = kMaxWord);
// The other way. REQUIRES: a NUL follows the text, as it does in a frame.
[[nodiscard]] const char* or_null(const OptionalText& text) noexcept;

// A null pointer is carried as a struct of size 0, one that is too short by its size alone: the console refuses both.
[[nodiscard]] FindingReport carry(const msp_finding* finding);
[[nodiscard]] GrantReport carry(const msp_grant* grant);
[[nodiscard]] IdentityReport carry(const msp_identity* identity);
[[nodiscard]] SessionReport carry(const msp_session* session);
[[nodiscard]] VisitRequest carry(const msp_visit* visit);
[[nodiscard]] SignaturePair carry(const msp_pair* given, bool in_query);
[[nodiscard]] Request carry(const msp_http_request& request);

[[nodiscard]] msp_finding finding_of(const FindingReport& report);
[[nodiscard]] std::vector<msp_pair> pairs_of(const Pairs& pairs);

}  // namespace msp::isolation
