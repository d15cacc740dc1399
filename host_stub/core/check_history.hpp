// check_history.hpp - keeps what checks of saved integrations found, many of them in one transaction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "msp/host/check.hpp"
#include "msp/host/result.hpp"
#include "store/store.hpp"

namespace msp::console {

// What a check says about the saved credentials.
// `unclear`: refused by the platform or by something in front of it, or answered in a way that could not be read.
enum class Credentials { unknown, accepted, refused, unclear };
Credentials credentials_after(const host::CheckReport& report) noexcept;

// That credentials were refused is kept at once, so that nobody tries them again after a crash. [any-thread]
class CheckHistory {
 public:
   CheckHistory(Store& store, std::size_t checks_per_commit) : store_(store), checks_per_commit_(checks_per_commit) {}

   // `revision` is that of the settings that were checked: what is learned about others is not kept.
   // A check that somebody broke off says nothing about the integration and is left out.
   void add(std::int64_t integration, std::int64_t revision, const host::CheckReport& report, CheckRecord record);

   // Keeps the rest. The problem is the first that a part could not be kept for.
   host::Result<void> finish();
   // Whether some were not kept because the integration has other settings by now, or is gone.
   [[nodiscard]] bool left_out() const;

 private:
   struct Entry {
      std::int64_t integration;
      std::int64_t revision;
      Credentials credentials;
      CheckRecord record;
   };
   void commit();

   Store& store_;
   std::size_t checks_per_commit_;
   mutable std::mutex mutex_;
   std::vector<Entry> entries_;
   bool left_out_ = false;
   host::Result<void> kept_;
};

}  // namespace msp::console
