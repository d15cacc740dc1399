// msp/host/trusted_path.hpp - whether others decide what a path leads to.
#pragma once

#include <filesystem>
#include <optional>

#include "msp/host/result.hpp"

namespace msp::host {

// Looks at every directory and link on the way to `path`, without its last part: somebody who may write one of them can
// put another directory in its place. Each must belong to this user or the system's administrator and be closed to
// others; one with the sticky bit, such as /tmp, may be open. On Windows it looks at nothing: there a directory in use
// cannot be moved, and who may write above it is not who may change it. [any-thread]
Result<void> distrust_way_to(const std::filesystem::path& path);

}  // namespace msp::host
