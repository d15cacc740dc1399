// msp-plugin-runner - a process for one plugin and one connection. A console starts it, see isolation/runner_start.hpp.
#include <unistd.h>

#include "runner.hpp"

namespace {

using msp::isolation::Channel;
using msp::isolation::Deadline;
using msp::isolation::Frame;
using msp::isolation::Transfer;

// Here is the place of the contract's operations: read a frame, call the plugin, write frames. As yet none are carried.
void serve(Channel& channel, const msp::runner::Plugin& /*plugin*/) {
   Frame frame;
   while (channel.receive(frame, Deadline::max()) == Transfer::done) {
   }
}

}  // namespace

// The plugin's destructors do not run: the console has what it wants, and they could only hang.
int main() { ::_exit(msp::runner::run(serve)); }
