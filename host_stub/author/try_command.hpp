// try_command.hpp - `msp-plugin try`: these very bytes in a console with a data directory that is thrown away.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msp::author {

struct TryArguments {
   std::filesystem::path file;
   std::filesystem::path exchange;    // a platform of its own; empty: the real one
   std::vector<std::string> set;      // FIELD=VALUE
   std::vector<std::string> secret;   // FIELD=SOURCE, as msp-console takes it, or FIELD=VALUE
   std::vector<std::string> console;  // further global options of msp-console, such as --cacert
};

// The exit code of the console's check. Each request of the plugin is a line on standard error.
int try_plugin(const TryArguments& arguments, const std::filesystem::path& this_program);

}  // namespace msp::author
