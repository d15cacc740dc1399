// carried_call.hpp - one operation as the plugin sees it. The values of the form lie in the frame that they came in;
// all that the plugin says goes to the console.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "carried_answer.hpp"
#include "carried_visited.hpp"
#include "console.hpp"
#include "isolation/operation_messages.hpp"
#include "msp/host/secret.hpp"
#include "msp/msp.h"

namespace msp::runner {

class CarriedCall {
 public:
   // Ends the process when the frame is no Begin. REQUIRES: the console outlives this.
   CarriedCall(Console& console, isolation::Frame frame);
   CarriedCall(const CarriedCall&) = delete;
   CarriedCall& operator=(const CarriedCall&) = delete;

   [[nodiscard]] const msp_call* table() const noexcept { return &table_; }
   [[nodiscard]] std::uint8_t operation() const noexcept { return begin_.operation; }

   // Of `sign`: what is to be signed, which the console says after Begin.
   const msp_signing* hear_what_to_sign();

   // The operation has returned: values and answers are wiped, the memory stays.
   void end() noexcept;

 private:
   friend const msp_browser& browser_service() noexcept;
   friend const msp_http& http_service() noexcept;
   friend const msp_keep& keep_service() noexcept;
   friend const msp_sign& sign_service() noexcept;
   struct Table;

   struct Signing {
      isolation::Frame frame;  // its texts lie in it
      std::vector<msp_pair> headers{};
      msp_http_request request{};
      msp_signing table{};
   };

   const char* value(const char* id, bool secret);
   std::uint32_t remaining_ms();
   std::uint32_t wait(std::uint32_t ms);
   void send(const msp_http_request* requests, std::uint32_t count, const msp_http_response** responses);
   const msp_http_response* hear_answer();
   const char* redirect_uri();
   const msp_visited* visit(const msp_visit* visit);
   msp_result keep_secret(const char* field, const char* value);
   msp_result sign(const isolation::SignRequest& request, std::uint8_t* out, std::uint64_t out_size,
                   std::uint64_t& size);
   template <class Message>
   void say(const Message& message);
   void tell_late_use();

   Console& console_;
   isolation::Frame frame_;
   isolation::Begin begin_;
   std::chrono::steady_clock::time_point deadline_;
   msp_call table_{};
   std::vector<std::unique_ptr<CarriedAnswer>> answers_;
   std::vector<std::unique_ptr<CarriedVisited>> visited_;
   std::string redirect_uri_;
   // What the plugin kept, the newest last: it may still hold pointers to the older ones.
   std::deque<std::pair<std::string, host::SecretBytes>> kept_;
   std::optional<Signing> signing_;
   bool ended_ = false;
   bool late_use_told_ = false;
};

// The services that go through a call, the same for all calls.
const msp_browser& browser_service() noexcept;
const msp_http& http_service() noexcept;
const msp_keep& keep_service() noexcept;
const msp_sign& sign_service() noexcept;

}  // namespace msp::runner
