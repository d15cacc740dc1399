// msp/host/quarantine_records.hpp - plugins that are not started for a while, because their processes ended badly.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace msp::host {

// What is remembered of one plugin, by the digest of its bytes.
struct QuarantineRecord {
   using Time = std::chrono::sys_seconds;

   std::string sha256;
   std::vector<Time> ends;  // the latest bad ends, oldest first; fewer than three
   int times = 0;           // how often it was quarantined in a row
   std::optional<Time> until;
   bool until_released = false;

   friend bool operator==(const QuarantineRecord&, const QuarantineRecord&) = default;
};

// Where a console keeps the records, so that the next process knows them, too. [any-thread]
class QuarantineRecords {
 public:
   QuarantineRecords() = default;
   QuarantineRecords(const QuarantineRecords&) = delete;
   QuarantineRecords& operator=(const QuarantineRecords&) = delete;
   virtual ~QuarantineRecords() = default;

   virtual std::vector<QuarantineRecord> read() = 0;
   // Reads, lets `change` work, and writes: no other process comes between. What cannot be written is lost.
   virtual void change(const std::function<void(std::vector<QuarantineRecord>&)>& change) = 0;
};

}  // namespace msp::host
