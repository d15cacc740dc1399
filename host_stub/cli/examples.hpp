// examples.hpp - for each command one that can be typed as it stands, but for the names in it.
#pragma once

#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace msp::console {

struct Example {
   std::string_view command;  // "integration add"; empty for the program itself
   std::string_view line;
};

std::span<const Example> examples() noexcept;

// The help of each command ends in its example.
void add_examples(CLI::App& app);

}  // namespace msp::console
