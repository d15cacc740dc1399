// runner.hpp - the program that plugins run in, so that a test runs them as a console does.
#pragma once

#include <filesystem>

namespace test_support {

// Empty where there is none, and with MSP_TEST_IN_PROCESS in the environment: then the console's process runs them.
std::filesystem::path runner();

}  // namespace test_support
