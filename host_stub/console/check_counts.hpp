// check_counts.hpp - how many integrations a check of all left in which state, in the words that command line and page
// share.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "integrations.hpp"

namespace msp::console {

// The first thing that is wrong with an integration, as one sentence; empty when all is well.
std::string reason_of(const CheckedIntegration& checked);

class CheckCounts {
 public:
   void add(const CheckedIntegration& checked);

   [[nodiscard]] std::size_t ended() const noexcept { return ended_; }

   // "Checked 3 of 4: 2 active, 1 needs sign in, 1 not tried again (refused before)."
   [[nodiscard]] std::string sentence(std::size_t enabled, bool cancelled) const;

   // Why some were not tried, and what to do about them; empty when all were.
   [[nodiscard]] std::string advice() const;

 private:
   std::size_t ended_ = 0;
   std::size_t not_tried_ = 0;
   std::map<IntegrationState, std::size_t> states_;
};

}  // namespace msp::console
