// input_file.hpp - files that somebody names: read whole and within bounds (input_file_posix.cpp,
// input_file_windows.cpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace msp::console {

// The content of a file or of a pipe (/dev/fd/63), which is longer than `largest` by one byte when there is more.
// `what` names it in a sentence. Throws UsageError when it cannot be read, or when a pipe is not at its end in time.
std::string read_input_file(const std::string& path, const std::string& what, std::size_t largest,
                            std::chrono::milliseconds patience);

// Why it is no plain file that this user can read, as the end of a sentence; empty when it is one. Waits for nobody.
std::string plain_file_fault(const std::string& path);

// Why nothing can be written at its end, or empty; what is not there yet has no fault. Waits for nobody.
std::string appending_fault(const std::string& path);

}  // namespace msp::console
