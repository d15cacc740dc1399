// quarantine.hpp - plugins that are not started for a while, because their processes ended badly.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/quarantine_records.hpp"

namespace msp::isolation {

using host::QuarantineRecord;

// Three bad ends within ten minutes: ten minutes of quarantine, the next time twenty, at most a day. A forbidden system
// call: until somebody releases the plugin. After a day without a bad end or quarantine the count starts from nothing.
// Not thread-safe.
class Quarantine {
 public:
   using Time = QuarantineRecord::Time;
   using Clock = std::function<Time()>;

   explicit Quarantine(Clock clock, std::vector<QuarantineRecord> records = {});

   // A plugin's process crashed, hung, was exhausted or misspoke.
   void ended_badly(std::string_view sha256);
   void made_forbidden_call(std::string_view sha256);
   void release(std::string_view sha256);  // and forget everything about it

   struct Sentence {
      std::optional<Time> until;  // nothing: until it is released
      friend bool operator==(const Sentence&, const Sentence&) = default;
   };
   // Nothing when the plugin may be started.
   [[nodiscard]] std::optional<Sentence> sentence(std::string_view sha256) const;

   // What still matters, in the order of the digests.
   [[nodiscard]] std::vector<QuarantineRecord> records() const;

 private:
   QuarantineRecord& record(std::string_view sha256);

   Clock clock_;
   std::map<std::string, QuarantineRecord, std::less<>> records_;
};

}  // namespace msp::isolation
