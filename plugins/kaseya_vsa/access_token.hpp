// access_token.hpp - a personal access token as it was pasted.
#pragma once

#include <string_view>

namespace kaseya_vsa {

struct AccessToken {
   std::string_view text;    // what to send; a view into what was typed
   bool trimmed = false;     // white space, seen or unseen, stood around it
   bool looks_right = true;  // it is a GUID, which every token is so far
};

// Takes white space, what is pasted along unseen and, around a GUID, braces away. Nothing else is changed: a token of a
// later kind passes as it is.
AccessToken read_access_token(std::string_view typed) noexcept;

}  // namespace kaseya_vsa
