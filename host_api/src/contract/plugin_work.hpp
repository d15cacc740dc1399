// plugin_work.hpp - code of a plugin at work, as the console's watch is told of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "msp/host/plugin_watch.hpp"

namespace msp::host {

// Lives as long as the plugin's code runs.
class PluginWork {
 public:
   PluginWork(std::shared_ptr<PluginWatch> watch, const std::string& plugin_id, const std::string& sha256,
              std::string_view work)
       : watch_(std::move(watch)), number_(watch_ ? watch_->begin(plugin_id, sha256, work) : 0) {}
   ~PluginWork() {
      if (watch_) watch_->end(number_);
   }
   PluginWork(const PluginWork&) = delete;
   PluginWork& operator=(const PluginWork&) = delete;

   void overdue() {
      if (watch_) watch_->overdue(number_);
   }

 private:
   std::shared_ptr<PluginWatch> watch_;
   std::uint64_t number_;
};

}  // namespace msp::host
