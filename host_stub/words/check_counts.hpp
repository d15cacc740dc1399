// check_counts.hpp - how a check of all left the integrations, in the words that command line and page share.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "core/integrations.hpp"

namespace msp::console {

// What one check of a check of all comes to. The order is that of a terminal, where what comes last is seen first.
enum class CheckGroup { in_order, with_remarks, not_checked, needs_somebody };
CheckGroup group_of(const CheckedIntegration& checked) noexcept;
std::string_view name(CheckGroup group) noexcept;

// "Work, with remarks (3)"; `dash` as the terminal can show it.
std::string heading(CheckGroup group, std::size_t count, const std::string& dash);

// How one integration is, as people read it: "active, 14 restricted", "not checked".
std::string state_words(const CheckedIntegration& checked);

// Why an integration is not simply in order, as one sentence; empty when it is.
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
   std::size_t not_checked_ = 0;
   std::size_t with_remarks_ = 0;
   std::map<IntegrationState, std::size_t> states_;  // of the others
};

}  // namespace msp::console
