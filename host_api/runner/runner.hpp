// runner.hpp - the life of a plugin's own process: told what to load, confined, loaded, ready, served, ended.
#pragma once

#include <stdexcept>
#include <string>

#include "isolation/channel.hpp"
#include "isolation/messages.hpp"
#include "plugin_loading.hpp"

namespace msp::runner {

// A plugin that cannot be used; what() says why.
class NotUsable : public std::runtime_error {
 public:
   NotUsable(isolation::Refused::Cause cause, const std::string& why) : std::runtime_error(why), cause_(cause) {}
   [[nodiscard]] isolation::Refused::Cause cause() const noexcept { return cause_; }

 private:
   isolation::Refused::Cause cause_;
};

class Service {
 public:
   Service() = default;
   Service(const Service&) = delete;
   Service& operator=(const Service&) = delete;
   virtual ~Service() = default;

   // Meets the plugin, which has just been loaded. Throws NotUsable.
   virtual void meet(const Plugin& plugin, const isolation::Start& start) = 0;
   // Works for the console until the channel closes.
   virtual void serve(isolation::Channel& channel) = 0;
};

// The exit code of the process.
int run(Service& service);

}  // namespace msp::runner
