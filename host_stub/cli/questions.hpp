// questions.hpp - what a person at the terminal is asked, one question at a time.
#pragma once

#include <string>
#include <vector>

namespace msp::console {

// One of several, numbered from 1. `value` is what an option would be given; it is an answer, too.
struct Answer {
   std::string value;
   std::string label;
   std::string help;
};
// An empty answer is `otherwise`, where that is not empty. Asks again until it is one of them. Throws UsageError at the
// end of the input.
std::string ask_choice(const std::string& question, const std::vector<Answer>& answers, const std::string& otherwise);

// A line of text; an empty one is `otherwise`. `help` stands above.
std::string ask_text(const std::string& question, const std::string& help, const std::string& otherwise);

}  // namespace msp::console
