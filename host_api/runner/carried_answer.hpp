// carried_answer.hpp - one answer of a platform as the plugin sees it. Its texts lie in the frame that it came in.
#pragma once

#include <cstdint>

#include "isolation/operation_messages.hpp"
#include "msp/msp.h"

namespace msp::runner {

class CarriedAnswer {
 public:
   // Ends the process when the frame is no Answer.
   explicit CarriedAnswer(isolation::Frame frame);
   CarriedAnswer(const CarriedAnswer&) = delete;
   CarriedAnswer& operator=(const CarriedAnswer&) = delete;

   [[nodiscard]] const msp_http_response* table() const noexcept { return &table_; }

   // Wiped. The struct stays, for a plugin that kept a pointer.
   void clear() noexcept;

 private:
   struct Table;

   isolation::Frame frame_;
   isolation::Answer answer_;
   msp_finding problem_{};
   msp_http_response table_{};
};

}  // namespace msp::runner
