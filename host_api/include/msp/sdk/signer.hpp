// msp/sdk/signer.hpp - a plugin that signs each request: the extension "msp.signer/1". A class with the function
//
//    Outcome sign(Call& call, const Signing& signing);
//
// has it; MSP_SDK_PLUGIN sees to the rest. Its sessions say `is_signed`, its manifest "requires": ["msp.signer/1"].
#pragma once

#include <cstdint>
#include <string_view>

#include "msp/sdk/call.hpp"
#include "msp/sdk/text.hpp"
#include "msp/signer.h"

namespace msp::sdk {

// One request to be signed: a view, good until the operation returns. [call-thread]
class Signing {
 public:
   explicit Signing(const msp_signing& table) noexcept : table_(&table) {}

   // The name of its session, empty for the main one.
   [[nodiscard]] std::string_view session() const noexcept { return table_->session ? table_->session : ""; }
   [[nodiscard]] std::string_view method() const noexcept { return table_->request->method; }
   [[nodiscard]] std::string_view url() const noexcept { return table_->request->url; }
   [[nodiscard]] std::string_view body() const noexcept {
      const msp_http_request& request = *table_->request;
      return {static_cast<const char*>(request.body), static_cast<std::size_t>(request.body_size)};
   }
   // The value of a header, its name in any case; empty when absent.
   [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
      const msp_http_request& request = *table_->request;
      for (std::uint32_t i = 0; i < request.header_count; ++i)
         if (equal_ignoring_case(request.headers[i].name, name)) return request.headers[i].value;
      return {};
   }

   void add_header(Call& call, const Pair& header) const noexcept {
      const msp_pair table = header.table();
      table_->add_header(call.table(), &table);
   }
   void add_parameter(Call& call, const Pair& parameter) const noexcept {
      const msp_pair table = parameter.table();
      table_->add_parameter(call.table(), &table);
   }

 private:
   const msp_signing* table_;
};

}  // namespace msp::sdk
