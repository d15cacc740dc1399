// man_page.hpp - the program's manual page, made from the commands themselves.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace msp::console {

// As man(7) has it. The date is left out, so that two builds make the same page.
std::string man_page(const CLI::App& app);

}  // namespace msp::console
