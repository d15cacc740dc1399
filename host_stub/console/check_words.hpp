// check_words.hpp - how a check ended, in the words that command line and page share.
#pragma once

#include <string>
#include <string_view>

#include "integrations.hpp"

namespace msp::console {

// What a check is for; what became of the settings depends on it.
enum class Purpose { add, try_out, check, edit, check_all };
std::string_view name(Purpose purpose) noexcept;

// A state, outcome or step as people read it: "needs_sign_in" is "needs sign in".
std::string words(std::string_view code);

struct CheckWords {
   std::string headline;     // without a full stop
   std::string consequence;  // one sentence: what is saved and used now
};
CheckWords words_for(const CheckedIntegration& checked, Purpose purpose);

}  // namespace msp::console
