// wake.hpp - what the keeper's thread sleeps on (wake_linux.cpp, wake_windows.cpp).
#pragma once

#include <list>
#include <memory>

#include "isolation/handle.hpp"
#include "isolation/runner_process.hpp"

namespace msp::isolation {

class Wake {
 public:
   Wake();  // throws std::system_error

   // Ends the sleep, or the next one. [any-thread]
   void call() const noexcept;

   // Until somebody calls, one of these has ended, or it is that late. It may end before.
   void sleep(const std::list<std::shared_ptr<RunnerProcess>>& processes, Deadline until) const;

 private:
   Handle event_;
};

}  // namespace msp::isolation
