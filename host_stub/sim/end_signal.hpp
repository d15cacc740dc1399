// end_signal.hpp - when a program shall end.
#pragma once

namespace msp::sim {

// Lets a program run until it is told to end: by SIGINT or SIGTERM (on Windows by Ctrl+C or its console closing), or by
// its standard input closing.
// To be made before any other thread, because threads started earlier would still be ended by the signals.
class EndSignal {
 public:
   EndSignal();
   ~EndSignal();
   EndSignal(const EndSignal&) = delete;
   EndSignal& operator=(const EndSignal&) = delete;

   void wait(bool until_stdin_closes) const;

 private:
   int signals_ = -1;  // POSIX only
};

}  // namespace msp::sim
