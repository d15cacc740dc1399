// default_paths.hpp - where plugins and data lie unless somebody says otherwise.
#pragma once

#include <filesystem>
#include <string>

namespace msp::console {

// This program's own file; `program` is what it was called by.
std::filesystem::path program_file(const std::string& program);

// The program that plugins run in: where an installed console has it, or beside the console. Whether it is there is
// found out when the first plugin is started.
std::filesystem::path default_runner(const std::string& program);

// "plugins" or "lib/msp/plugins" beside the directory of this program when one of them is there (a build tree, an
// unpacked archive, an installed console), else the system's.
std::filesystem::path default_plugin_dir(const std::string& program);

// $XDG_DATA_HOME/msp-console or ~/.local/share/msp-console; %LOCALAPPDATA%\msp-console on Windows. Throws UsageError
// when the environment names no home.
std::filesystem::path default_data_dir();

// Of a path that somebody gave for `option`. Throws UsageError when the working directory is gone.
std::filesystem::path absolute_path(const std::filesystem::path& path, const std::string& option);

}  // namespace msp::console
