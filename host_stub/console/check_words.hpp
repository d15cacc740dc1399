// check_words.hpp - how a check ended, in the words that command line and page share.
#pragma once

#include <string>
#include <string_view>

#include "integrations.hpp"

namespace msp::console {

// What a check is for; what became of the settings depends on it.
enum class Purpose { add, try_out, check, edit };
std::string_view name(Purpose purpose) noexcept;

struct CheckWords {
   std::string headline;     // without a full stop
   std::string consequence;  // one sentence: what is saved and used now
};
CheckWords words_for(const CheckedIntegration& checked, Purpose purpose);

}  // namespace msp::console
