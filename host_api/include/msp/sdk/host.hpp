// msp/sdk/host.hpp - the host as the plugin sees it: its services and its log.
#pragma once

#include <exception>
#include <string>

#include "msp/host.h"

namespace msp::sdk {

// Thrown where this host lacks a service that the manifest does not name under "requires".
class Incompatible : public std::exception {
 public:
   [[nodiscard]] const char* what() const noexcept override { return "the host lacks a service this plugin needs"; }
};

enum class LogLevel { debug = MSP_LOG_DEBUG, info = MSP_LOG_INFO, warning = MSP_LOG_WARNING, error = MSP_LOG_ERROR };

// A view of the host's table, which lives as long as the process: copy it freely. [call-thread]
class Host {
 public:
   explicit Host(const msp_host& table) noexcept : table_(&table) {}

   // The table of a service. Throws Incompatible when this host has none of that id.
   template <class Table>
   [[nodiscard]] const Table& service(const char* id) const {
      const void* table = table_->get_service(table_, id);
      if (table == nullptr) throw Incompatible();
      return *static_cast<const Table*>(table);
   }

   // For support; findings are for people.
   void log(LogLevel level, const std::string& text) const noexcept {
      table_->log(table_, static_cast<std::int32_t>(level), text.c_str());
   }

   [[nodiscard]] const msp_host* table() const noexcept { return table_; }

 private:
   const msp_host* table_;
};

}  // namespace msp::sdk
