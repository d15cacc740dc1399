// app_container_windows.hpp - the container that runners live in: a less privileged one, without capabilities. It may
// open what its own name or all such containers were given, and nothing else of its user.
#pragma once

#include <memory>
#include <optional>

namespace msp::isolation {

struct FreeSid {
   void operator()(void* sid) const noexcept;
};
using Sid = std::unique_ptr<void, FreeSid>;

// Null where the system has no such containers.
[[nodiscard]] const Sid& runner_container();

// A file that runners load, opened with the right to change who may read it. Nothing happens where there are no
// containers. [any-thread]
void let_runners_read(void* file);

}  // namespace msp::isolation
