// process.hpp - programs, run by tests.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace test_support {

struct ProcessResult {
   int exit_code = -1;  // 128 + the signal's number when one ended it
   std::string out;
   std::string err;
};

struct ProcessSetup {
   std::string program;
   std::vector<std::string> arguments;
   std::map<std::string, std::string> environment;  // the whole of it: nothing is inherited
   std::string input;                               // what standard input holds, before it ends
};

// A program that runs beside the test. One that still runs at the end is killed.
class Process {
 public:
   explicit Process(const ProcessSetup& setup);
   ~Process();
   Process(const Process&) = delete;
   Process& operator=(const Process&) = delete;

   // What Ctrl-C sends.
   void interrupt();
   ProcessResult wait();

 private:
   struct State;
   std::unique_ptr<State> state_;
};

inline ProcessResult run(const ProcessSetup& setup) { return Process(setup).wait(); }

}  // namespace test_support
