// msp-plugin-runner in all but what it does for the console: calls the plugin's entry as the plugin of the tests has
// it.
#include "attack_messages.hpp"
#include "own_process.hpp"
#include "runner.hpp"

namespace {

using namespace msp::isolation;

class AttackedService : public msp::runner::Service {
 public:
   void meet(const msp::runner::Plugin& plugin, const Start& /*start*/) override {
      entry_ = reinterpret_cast<long (*)()>(plugin.entry);
   }
   void serve(Channel& channel) override {
      Frame frame;
      while (channel.receive(frame, Deadline::max()) == Transfer::done) {
         if (decode<CallEntry>(frame)) frame = *encode(Result{entry_()});
         if (channel.send(frame, Deadline::max()) != Transfer::done) return;
      }
   }

 private:
   long (*entry_)() = nullptr;
};

}  // namespace

int main() {
   AttackedService service;
   msp::runner::end_process(msp::runner::run(service));
}
