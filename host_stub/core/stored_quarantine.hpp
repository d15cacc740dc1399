// stored_quarantine.hpp - the quarantine of plugins in the store, where every process of the console finds it.
#pragma once

#include "msp/host/quarantine_records.hpp"
#include "store/store.hpp"

namespace msp::console {

// A store that cannot be read or written keeps nobody from working: then nothing is remembered. [any-thread]
class StoredQuarantine : public host::QuarantineRecords {
 public:
   // REQUIRES: the store outlives this.
   explicit StoredQuarantine(Store& store) : store_(store) {}

   std::vector<host::QuarantineRecord> read() override;
   void change(const std::function<void(std::vector<host::QuarantineRecord>&)>& change) override;

 private:
   Store& store_;
};

}  // namespace msp::console
