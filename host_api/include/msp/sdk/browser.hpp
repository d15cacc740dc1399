// msp/sdk/browser.hpp - lets a person sign in at the platform, over the host's service "msp.browser/1".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "msp/browser.h"
#include "msp/sdk/call.hpp"
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/host.hpp"
#include "msp/sdk/secret.hpp"

namespace msp::sdk {

// The value of a parameter of a query, decoded; nothing when it is not there.
inline std::optional<Secret> query_value(std::string_view query, std::string_view name) {
   while (!query.empty()) {
      const std::string_view pair = query.substr(0, query.find('&'));
      query.remove_prefix(pair.size() == query.size() ? pair.size() : pair.size() + 1);
      const std::size_t equals = pair.find('=');
      if (form_decode(pair.substr(0, equals)).view() == name)
         return equals == std::string_view::npos ? Secret() : form_decode(pair.substr(equals + 1));
   }
   return std::nullopt;
}

// How a visit ended: good for one operation. [call-thread]
class Visited {
 public:
   explicit Visited(const msp_visited& table) noexcept : table_(&table) {}

   // The browser came back, or the code is shown. Otherwise `return visited.report_problem(call);`
   [[nodiscard]] bool came_back() const noexcept { return table_->outcome == MSP_ACCEPTED; }
   Outcome report_problem(Call& call) const noexcept {
      call.table()->report_finding(call.table(), table_->problem);
      return static_cast<Outcome>(table_->outcome);
   }

   // What the platform sent back, such as the "code" or the "error".
   [[nodiscard]] std::optional<Secret> value(std::string_view name) const { return query_value(table_->query, name); }

 private:
   const msp_visited* table_;
};

// [call-thread]
class Browser {
 public:
   // Throws Incompatible when the host has no such service: name msp.browser/1 under "requires".
   explicit Browser(const Host& host) : host_(host), service_(&host.service<msp_browser>(MSP_BROWSER_SERVICE)) {}

   // Where the platform sends the browser back to; empty when nobody is there.
   [[nodiscard]] std::string redirect_uri(const Call& call) const {
      const char* address = service_->redirect_uri(host_.table(), call.table());
      return address == nullptr ? "" : address;
   }

   // Waits until the person has signed in and the platform has sent the browser back.
   [[nodiscard]] Visited visit(Call& call, const std::string& url) const {
      const msp_visit visit = {sizeof(msp_visit), 0, url.c_str(), nullptr};
      return Visited(*service_->visit(host_.table(), call.table(), &visit));
   }

   // Shows an address and the code to type there, and returns at once.
   [[nodiscard]] Visited show_code(Call& call, const std::string& url, const std::string& user_code,
                                   std::uint32_t expires_in_s) const {
      const msp_visit visit = {sizeof(msp_visit), expires_in_s, url.c_str(), user_code.c_str()};
      return Visited(*service_->visit(host_.table(), call.table(), &visit));
   }

 private:
   Host host_;
   const msp_browser* service_;
};

}  // namespace msp::sdk
