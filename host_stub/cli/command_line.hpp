// command_line.hpp - all commands and options of the program. Help, completion and the manual page come from here.
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "cli/context.hpp"
#include "cli/global_options.hpp"

namespace msp::console {

struct CommandLine {
   CommandLine();
   CommandLine(const CommandLine&) = delete;
   CommandLine& operator=(const CommandLine&) = delete;

   GlobalOptions options;
   Command command;
   std::string told;  // what the program says of itself; then no command runs, and nothing is opened
   CLI::App app;
};

}  // namespace msp::console
