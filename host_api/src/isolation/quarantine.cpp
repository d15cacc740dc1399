#include "isolation/quarantine.hpp"

#include <algorithm>
#include <utility>

namespace msp::isolation {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kEnds = 3;
constexpr std::chrono::seconds kWindow = 10min;
constexpr std::chrono::seconds kFirst = 10min;
constexpr std::chrono::seconds kLongest = 24h;
constexpr std::chrono::seconds kForgotten = 24h;

// The first is the first time.
std::chrono::seconds length(int times) {
   std::chrono::seconds length = kFirst;
   for (int i = 1; i < times && length < kLongest; ++i) length *= 2;
   return std::min(length, kLongest);
}

// The last moment at which something happened that still counts.
std::optional<QuarantineRecord::Time> last(const QuarantineRecord& record) {
   std::optional<QuarantineRecord::Time> last = record.until;
   if (!record.ends.empty()) last = std::max(last.value_or(record.ends.back()), record.ends.back());
   return last;
}

bool forgotten(const QuarantineRecord& record, QuarantineRecord::Time now) {
   if (record.until_released) return false;
   const auto moment = last(record);
   return !moment || now - *moment >= kForgotten;
}

// A clock that was put back must not keep a plugin longer than a quarantine lasts, nor count ends of the future.
void adapt(QuarantineRecord& record, QuarantineRecord::Time now) {
   if (record.until) record.until = std::min(*record.until, now + kLongest);
   std::erase_if(record.ends, [now](const auto end) { return end > now || now - end >= kWindow; });
}

}  // namespace

Quarantine::Quarantine(Clock clock, std::vector<QuarantineRecord> records) : clock_(std::move(clock)) {
   for (QuarantineRecord& record : records) {
      std::string sha256 = record.sha256;
      records_.insert_or_assign(std::move(sha256), std::move(record));
   }
}

QuarantineRecord& Quarantine::record(std::string_view sha256) {
   auto found = records_.find(sha256);
   if (found == records_.end()) found = records_.emplace(sha256, QuarantineRecord{}).first;
   QuarantineRecord& record = found->second;
   if (forgotten(record, clock_())) record = QuarantineRecord{};
   record.sha256 = sha256;
   return record;
}

void Quarantine::ended_badly(std::string_view sha256) {
   QuarantineRecord& of = record(sha256);
   const Time now = clock_();
   adapt(of, now);
   of.ends.push_back(now);
   if (of.ends.size() < kEnds) return;
   of.ends.clear();
   ++of.times;
   of.until = now + length(of.times);
}

void Quarantine::made_forbidden_call(std::string_view sha256) { record(sha256).until_released = true; }

void Quarantine::release(std::string_view sha256) {
   if (const auto found = records_.find(sha256); found != records_.end()) records_.erase(found);
}

std::optional<Quarantine::Sentence> Quarantine::sentence(std::string_view sha256) const {
   const auto found = records_.find(sha256);
   if (found == records_.end()) return std::nullopt;
   QuarantineRecord record = found->second;
   if (record.until_released) return Sentence{};
   const Time now = clock_();
   adapt(record, now);
   if (!record.until || *record.until <= now) return std::nullopt;
   return Sentence{record.until};
}

std::vector<QuarantineRecord> Quarantine::records() const {
   std::vector<QuarantineRecord> records;
   for (const auto& [sha256, record] : records_) {
      if (!forgotten(record, clock_())) records.push_back(record);
   }
   return records;
}

}  // namespace msp::isolation
