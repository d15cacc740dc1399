#include "core/stored_quarantine.hpp"

#include "store/finding_error.hpp"

namespace msp::console {

std::vector<host::QuarantineRecord> StoredQuarantine::read() {
   try {
      return store_.quarantine();
   } catch (const FindingError&) {
      return {};
   }
}

void StoredQuarantine::change(const std::function<void(std::vector<host::QuarantineRecord>&)>& change) {
   try {
      Store::Change writing(store_);
      std::vector<host::QuarantineRecord> records = store_.quarantine();
      const std::vector<host::QuarantineRecord> before = records;
      change(records);
      if (records == before) return;
      writing.set_quarantine(records);
      writing.commit();
   } catch (const FindingError&) {
   }
}

}  // namespace msp::console
