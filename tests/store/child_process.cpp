#include "child_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>

namespace msp::console::test {

Child::Child(const std::function<void()>& work) {
   std::fflush(nullptr);  // else the child would print it again
   id_ = ::fork();
   if (id_ < 0) throw std::runtime_error("No process could be made.");
   if (id_ > 0) return;
   int code = 0;
   try {
      work();
      if (testing::Test::HasFailure()) code = 1;
   } catch (const std::exception& error) {
      std::fprintf(stderr, "The child ended with: %s\n", error.what());
      code = 1;
   }
   std::fflush(nullptr);
   ::_exit(code);
}

Child::~Child() {
   if (id_ <= 0) return;
   kill();
   wait();
}

void Child::kill() const { ::kill(id_, SIGKILL); }

int Child::wait() {
   int status = 0;
   while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
   }
   id_ = -1;
   return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Signals::Signals() {
   if (::pipe(ends_) != 0) throw std::runtime_error("No pipe could be made.");
}

Signals::~Signals() {
   ::close(ends_[0]);
   ::close(ends_[1]);
}

void Signals::send() const {
   const char signal = 1;
   if (::write(ends_[1], &signal, 1) != 1) throw std::runtime_error("The parent cannot be told.");
}

void Signals::await(int count) const {
   for (char signal = 0; count > 0; --count) {
      if (::read(ends_[0], &signal, 1) != 1) throw std::runtime_error("The child tells nothing any more.");
   }
}

}  // namespace msp::console::test
