// input_file.hpp - files that somebody names: read whole and within bounds (input_file_posix.cpp,
// input_file_windows.cpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "msp/host/result.hpp"

namespace msp::console {

// The content of a file or of a pipe (/dev/fd/63), which is longer than `largest` by one byte when there is more.
// `what` names it in a sentence. Throws UsageError when it cannot be read, or when a pipe is not at its end in time.
std::string read_input_file(const std::string& path, const std::string& what, std::size_t largest,
                            std::chrono::milliseconds patience);

// Whether it is a plain file that this user can read. The summary of a finding is the end of a sentence about the file.
// Waits for nobody.
host::Result<void> judge_plain_file(const std::string& path);

// Whether something can be written at its end, or it is not there yet. The summary of a finding is the reason. Waits
// for nobody.
host::Result<void> judge_appending(const std::string& path);

}  // namespace msp::console
