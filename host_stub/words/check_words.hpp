// check_words.hpp - how a check ended, in the words that command line and page share.
#pragma once

#include <string>
#include <string_view>

#include "core/integrations.hpp"
#include "store/purpose.hpp"

namespace msp::console {

// A state, outcome or step as people read it: "needs_sign_in" is "needs sign in".
std::string words(std::string_view code);

// "active", "active, 14 restricted", "needs sign in": the state as people read it.
std::string state_words(const IntegrationView& view);

struct CheckWords {
   std::string headline;     // without a full stop
   std::string consequence;  // one sentence: what is saved and used now
};
CheckWords words_for(const CheckedIntegration& checked, Purpose purpose);

}  // namespace msp::console
