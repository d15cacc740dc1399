// loader.hpp - the one place that knows Boost.DLL: from a file's path to a negotiated plugin table.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "msp/host/manifest.hpp"
#include "msp/host/result.hpp"
#include "msp/plugin.h"

namespace msp::host {

// Loads the library (never to be unloaded), calls its entry and checks what it hands over. `host` must stay valid for
// the life of the process. Every problem is one sentence with a remedy: code "plugin.incompatible" or "plugin.defect".
// Loads of one process exclude each other. [any-thread]
Result<const msp_plugin*> load_plugin(const std::filesystem::path& library, const msp_host& host);

// The same for these bytes, read and proven before: whatever becomes of the file `copy`, which they were read from,
// they are what is loaded. Gives up after `limit`; whatever `kept` holds lives until the library's start came to its
// end. Code "plugin.hung" when this plugin, or one before it, does not.
struct LibraryToLoad {
   std::string name;  // for people
   std::filesystem::path copy;
   std::string bytes;
   std::chrono::milliseconds limit;
   std::shared_ptr<void> kept;
};
Result<const msp_plugin*> load_plugin(LibraryToLoad library, const msp_host& host);

}  // namespace msp::host
