// plugin_service.hpp - the plugin's host in this process: carries operations to the plugin, and what it says back.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "isolation/operation_messages.hpp"
#include "msp/msp.h"
#include "runner.hpp"

namespace msp::runner {

class CarriedCall;

class PluginService : public Service {
 public:
   PluginService();
   ~PluginService() override;

   void meet(const Plugin& plugin, const isolation::Start& start) override;
   void serve(isolation::Channel& channel) override;

   // For the tables that the plugin has.
   struct Tables;

 protected:
   // Before each message to the console; for tests of what happens when the process ends there.
   virtual void before_message() {}

 private:
   friend class CarriedCall;

   isolation::Returned operate(isolation::Frame frame);
   // Sends, or ends the process: without a console there is nothing left to do.
   template <class Message>
   void say(const Message& message);
   // The next frame from the console.
   isolation::Frame hear();
   // Takes in what has arrived, which can only be a cancel.
   void hear_cancel();

   std::string name_;
   std::string version_;
   msp_host host_{};
   const msp_plugin* plugin_ = nullptr;
   msp_connection* connection_ = nullptr;
   isolation::Channel* channel_ = nullptr;
   // A plugin may have kept a pointer to a call: the latest few stay valid memory.
   std::deque<std::unique_ptr<CarriedCall>> calls_;
   CarriedCall* current_ = nullptr;
   std::uint32_t log_lines_ = 0;  // of this operation
};

}  // namespace msp::runner
