// child_process.hpp - a part of a test in a process of its own, which may be killed. POSIX only.
#pragma once

#include <sys/types.h>

#include <functional>

namespace msp::console::test {

// A copy of this process that does `work` and ends. The parent must have no thread and no database open when it starts.
class Child {
 public:
   explicit Child(const std::function<void()>& work);
   ~Child();  // killed, if it still runs
   Child(Child&& other) noexcept : id_(other.id_) { other.id_ = -1; }
   Child(const Child&) = delete;
   Child& operator=(const Child&) = delete;

   void kill() const;
   // 0 when `work` came to its end, 1 when it threw or a check of its test failed, 128 + the signal that killed it.
   int wait();

 private:
   pid_t id_ = -1;
};

// What a child tells its parent, one signal after the other.
class Signals {
 public:
   Signals();
   ~Signals();
   Signals(const Signals&) = delete;
   Signals& operator=(const Signals&) = delete;

   void send() const;
   void await(int count) const;

 private:
   int ends_[2];
};

inline int in_child(const std::function<void()>& work) { return Child(work).wait(); }

}  // namespace msp::console::test
