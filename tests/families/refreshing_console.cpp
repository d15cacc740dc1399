// refreshing_console.cpp - a console that checks one integration again and again: refreshing_console TIMES ID [WRITE]
// It is killed at that write of its files, if there are so many.
#include <cstdio>
#include <cstdlib>

#include "core/console.hpp"
#include "test_support/runner.hpp"
#include "tests/store/file_faults.hpp"

int main(int argc, char** argv) {
   if (argc < 3) return 2;
   if (argc > 3) msp::console::test::plan_file_fault(std::atoi(argv[3]), msp::console::test::FileFault::kill);
   msp::console::ConsoleOptions options;
   options.data_dir = std::getenv("MSP_CONSOLE_DATA_DIR");
   options.plugin_dirs = {std::getenv("MSP_CONSOLE_PLUGIN_DIR")};
   options.network.ca_file = std::getenv("MSP_CONSOLE_CACERT");
   for (std::string pairs = std::getenv("MSP_CONSOLE_CONNECT_TO"); !pairs.empty();) {
      const std::size_t end = pairs.find(',');
      options.network.connect_to.push_back(pairs.substr(0, end));
      pairs.erase(0, end == std::string::npos ? end : end + 1);
   }
   options.runner = test_support::runner();
   msp::console::Console console(options);
   msp::host::CheckOptions check;
   check.timeout = check.step_timeout = std::chrono::minutes(4);  // others have their turn, too
   for (int time = 0; time < std::atoi(argv[1]); ++time) {
      const auto checked = console.integrations().check(std::atoi(argv[2]), check);
      if (checked.report.outcome == msp::host::Outcome::accepted) continue;
      for (const auto& finding : checked.report.findings)
         std::fprintf(stderr, "%d: %s: %s\n", time, finding.code.c_str(), finding.summary.c_str());
      return 1;
   }
   return 0;
}
