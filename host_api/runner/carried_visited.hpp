// carried_visited.hpp - how a visit ended, as the plugin sees it. Its texts lie in the frame that they came in.
#pragma once

#include "isolation/operation_messages.hpp"
#include "isolation/struct_messages.hpp"
#include "msp/msp.h"

namespace msp::runner {

class CarriedVisited {
 public:
   CarriedVisited(isolation::Frame frame, const isolation::VisitAnswer& answer)
       : frame_(std::move(frame)), problem_(isolation::finding_of(answer.problem)) {
      table_ = {.struct_size = sizeof(msp_visited),
                .outcome = answer.outcome,
                .query = answer.query.data(),
                .problem = answer.has_problem ? &problem_ : nullptr};
   }
   CarriedVisited(const CarriedVisited&) = delete;
   CarriedVisited& operator=(const CarriedVisited&) = delete;

   [[nodiscard]] const msp_visited* table() const noexcept { return &table_; }

   // Wiped. The struct stays, for a plugin that kept a pointer.
   void clear() noexcept {
      table_.query = "";
      table_.problem = nullptr;
      frame_ = isolation::Frame();
   }

 private:
   isolation::Frame frame_;
   msp_finding problem_;
   msp_visited table_{};
};

}  // namespace msp::runner
