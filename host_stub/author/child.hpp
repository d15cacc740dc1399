// child.hpp - a program run to its end, or to a time limit.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace msp::author {

struct ChildResult {
   bool in_time = true;
   int exit_code = 0;       // as the program said
   std::string ended_by{};  // what else ended it, such as "signal 11"; empty: nothing
   std::string output{};    // standard output and standard error, the first 64 KiB
};

// Without standard input. Throws std::runtime_error when it cannot be started. [any-thread]
ChildResult run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                      std::chrono::milliseconds limit);

// The same with our own input and output, and no limit. The exit code.
int run_in_front(const std::filesystem::path& program, const std::vector<std::string>& arguments);

}  // namespace msp::author
