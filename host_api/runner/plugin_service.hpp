// plugin_service.hpp - the plugin's host in this process: carries operations to the plugin, and what it says back.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "carried_call.hpp"
#include "console.hpp"
#include "msp/msp.h"
#include "runner.hpp"

namespace msp::runner {

class PluginService : public Service {
 public:
   void meet(const Plugin& plugin, const isolation::Start& start) override;
   void serve(isolation::Channel& channel) override;

 protected:
   // Before each message to the console; for tests of what happens when the process ends there.
   virtual void before_message() {}

 private:
   isolation::Returned operate(isolation::Frame frame);

   Console console_{[this] { before_message(); }};
   std::string name_;
   std::string version_;
   msp_host host_{};
   const msp_plugin* plugin_ = nullptr;
   msp_connection* connection_ = nullptr;
   // A plugin may have kept a pointer to a call: the latest few stay valid memory.
   std::deque<CarriedCall> calls_;
};

}  // namespace msp::runner
