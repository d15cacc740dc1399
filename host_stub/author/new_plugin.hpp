// new_plugin.hpp - a plugin that builds, passes `msp-plugin check` and runs in the console, for its author to go on
// from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msp::author {

struct NewPlugin {
   std::filesystem::path directory;  // made; must not exist or be empty
   std::string id;                   // dots and dashes become underscores
   std::string name;                 // for people; empty: made of the id
   std::string language;             // "c", "cpp" or "rust"
};

// The files that were written, relative to the directory. Throws std::runtime_error, one sentence.
std::vector<std::string> make_new_plugin(const NewPlugin& wanted);

}  // namespace msp::author
