#include "core/lock_out_guard.hpp"

namespace msp::console {

std::optional<std::int64_t> tries_again_at(const IntegrationRecord& saved) noexcept {
   if (!saved.refused_at || saved.unclear_refusals == 0 || saved.unclear_refusals >= kUnclearTries) return {};
   return saved.unclear_at + kUnclearPause;
}

bool may_try(const IntegrationRecord& saved, std::int64_t now) noexcept {
   if (!saved.refused_at) return true;
   const auto at = tries_again_at(saved);
   return at && now >= *at;
}

}  // namespace msp::console
