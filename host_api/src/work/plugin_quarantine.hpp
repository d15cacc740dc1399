// plugin_quarantine.hpp - the quarantine of one Host: its records, and what it says about a plugin.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "isolation/quarantine.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/result.hpp"

namespace msp::host {

// [any-thread]
class PluginQuarantine {
 public:
   // Null: the records live in memory.
   explicit PluginQuarantine(std::shared_ptr<QuarantineRecords> records);

   void ended_badly(const std::string& sha256);
   void made_forbidden_call(const std::string& sha256);
   void release(const std::string& sha256);

   // Why the plugin is not started: code "plugin.quarantined".
   [[nodiscard]] std::optional<Finding> finding(const std::string& sha256, const Manifest& manifest) const;

 private:
   template <class Change>
   void change(Change change);

   const std::shared_ptr<QuarantineRecords> records_;
};

}  // namespace msp::host
