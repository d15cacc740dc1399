#include "core/check_repeat.hpp"

#include <algorithm>
#include <random>

namespace msp::console {
namespace {

using std::chrono::milliseconds;

// Those who were sent away together should not come back together.
milliseconds jitter(int from, int to) {
   thread_local std::minstd_rand random(std::random_device{}());
   return milliseconds(std::uniform_int_distribution(from, to)(random));
}

bool is_short_of_time(const host::CheckReport& report) {
   if (report.outcome == host::Outcome::throttled) return true;
   if (report.outcome != host::Outcome::unavailable) return false;
   return std::ranges::any_of(report.findings, [](const host::Finding& finding) {
      return finding.code == "platform.throttled" || finding.http_status == 429 || finding.http_status == 502 ||
             finding.http_status == 503;
   });
}

}  // namespace

std::optional<milliseconds> time_to_repeat(const host::CheckReport& report) {
   if (!is_short_of_time(report)) return {};
   std::optional<int> asked_for;
   for (const host::Finding& finding : report.findings) asked_for = std::max(asked_for, finding.retry_after_s);
   if (!asked_for) return jitter(1000, 3000);
   const std::chrono::seconds wait(*asked_for);
   if (wait > kLongestPause) return {};
   return wait + jitter(0, 500);
}

}  // namespace msp::console
