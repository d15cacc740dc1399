// msp-plugin-runner in all but its end: it crashes before the message whose number the host's version says.
#include <cstdlib>

#include "own_process.hpp"
#include "plugin_service.hpp"

namespace {

class DyingService : public msp::runner::PluginService {
 public:
   void meet(const msp::runner::Plugin& plugin, const msp::isolation::Start& start) override {
      left_ = std::strtol(start.host_version.data(), nullptr, 10);
      PluginService::meet(plugin, start);
   }

 protected:
   void before_message() override {
      if (--left_ == 0) __builtin_trap();
   }

 private:
   long left_ = 0;
};

}  // namespace

int main() {
   DyingService service;
   msp::runner::end_process(msp::runner::run(service));
}
