#include "test_support/runner.hpp"

#include <cstdlib>

namespace test_support {

std::filesystem::path runner() {
#ifdef MSP_TEST_RUNNER_PROGRAM
   if (std::getenv("MSP_TEST_IN_PROCESS") == nullptr) return std::filesystem::absolute(MSP_TEST_RUNNER_PROGRAM);
#endif
   return {};
}

}  // namespace test_support
