// msp-plugin-runner in all but what it does for the console: calls the plugin's entry as the plugin of the tests has
// it.
#include <unistd.h>

#include "attack_messages.hpp"
#include "runner.hpp"

namespace {

using namespace msp::isolation;

void serve(Channel& channel, const msp::runner::Plugin& plugin) {
   const auto entry = reinterpret_cast<long (*)()>(plugin.entry);
   Frame frame;
   while (channel.receive(frame, Deadline::max()) == Transfer::done) {
      if (decode<CallEntry>(frame)) frame = *encode(Result{entry()});
      if (channel.send(frame, Deadline::max()) != Transfer::done) return;
   }
}

}  // namespace

int main() { ::_exit(msp::runner::run(serve)); }
