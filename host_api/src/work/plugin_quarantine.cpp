#include "work/plugin_quarantine.hpp"

#include <mutex>

namespace msp::host {
namespace {

using isolation::Quarantine;

class RecordsInMemory : public QuarantineRecords {
 public:
   std::vector<QuarantineRecord> read() override {
      const std::lock_guard lock(mutex_);
      return records_;
   }
   void change(const std::function<void(std::vector<QuarantineRecord>&)>& change) override {
      const std::lock_guard lock(mutex_);
      change(records_);
   }

 private:
   std::mutex mutex_;
   std::vector<QuarantineRecord> records_;
};

QuarantineRecord::Time now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

std::string in_words(QuarantineRecord::Time until) {
   const auto left = std::chrono::ceil<std::chrono::minutes>(until - now());
   return std::to_string(left.count()) + (left.count() == 1 ? " minute" : " minutes");
}

}  // namespace

PluginQuarantine::PluginQuarantine(std::shared_ptr<QuarantineRecords> records)
    : records_(records ? std::move(records) : std::make_shared<RecordsInMemory>()) {}

template <class Change>
void PluginQuarantine::change(Change change) {
   records_->change([&](std::vector<QuarantineRecord>& records) {
      Quarantine quarantine(now, std::move(records));
      change(quarantine);
      records = quarantine.records();
   });
}

void PluginQuarantine::ended_badly(const std::string& sha256) {
   change([&](Quarantine& quarantine) { quarantine.ended_badly(sha256); });
}

void PluginQuarantine::made_forbidden_call(const std::string& sha256) {
   change([&](Quarantine& quarantine) { quarantine.made_forbidden_call(sha256); });
}

void PluginQuarantine::release(const std::string& sha256) {
   change([&](Quarantine& quarantine) { quarantine.release(sha256); });
}

std::optional<Finding> PluginQuarantine::finding(const std::string& sha256, const Manifest& manifest) const {
   const auto sentence = Quarantine(now, records_->read()).sentence(sha256);
   if (!sentence) return std::nullopt;
   Finding finding{"plugin.quarantined", {}, {}};
   if (sentence->until) {
      finding.summary = "The plugin " + manifest.name + " is in quarantine for another " + in_words(*sentence->until) +
                        ", because its process ended badly three times.";
      finding.remedy =
          "Wait, or release the plugin, or enable another version of it. Report it to the plugin's vendor, " +
          manifest.vendor + '.';
   } else {
      finding.summary =
          "The plugin " + manifest.name + " is in quarantine, because it tried what no plugin may do to this computer.";
      finding.remedy = "Disable the plugin, and report it to its vendor, " + manifest.vendor +
                       ". Release it only if you know why it did that.";
   }
   return finding;
}

}  // namespace msp::host
