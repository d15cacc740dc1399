// store.hpp - the console's database: approvals, integrations with their settings and sealed secrets, history.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/records.hpp"

namespace msp::console {

// SQLite in <data-dir>/console.db. Knows no plugin and no key: secrets come sealed and go sealed. Several processes may
// work on one database. Every function throws FindingError (host.storage) when the database cannot be read or
// written; nothing is changed then. [any-thread]
class Store {
 public:
   // Creates the database when there is none and brings an older one up to date. One that is damaged, of a newer
   // console or not ours is refused and left as it is. Where the disk is full or nothing may be written, a database of
   // this version is opened for reading, and each change is refused with that reason.
   explicit Store(const std::filesystem::path& data_dir);
   ~Store();
   Store(const Store&) = delete;
   Store& operator=(const Store&) = delete;

   [[nodiscard]] const std::string& id() const noexcept;
   [[nodiscard]] bool is_read_only() const noexcept;
   // The file in which an integration has its turn (turn_file.hpp).
   [[nodiscard]] const std::filesystem::path& turns() const noexcept;

   // As they stand in the database: whether they may be believed is known to the vault (approvals.hpp).
   [[nodiscard]] std::vector<ApprovalRecord> approvals() const;

   // In the order of their names.
   [[nodiscard]] std::vector<IntegrationRecord> integrations() const;
   [[nodiscard]] std::optional<IntegrationRecord> integration(std::int64_t id) const;
   // By name as people read it (names.hpp).
   [[nodiscard]] std::optional<IntegrationRecord> integration(std::string_view name) const;
   [[nodiscard]] std::optional<IntegrationRecord> integration_of(std::string_view platform, std::string_view account,
                                                                 std::string_view principal) const;
   [[nodiscard]] std::map<std::string, int, std::less<>> integrations_per_platform() const;
   [[nodiscard]] std::vector<CheckRecord> checks(std::int64_t integration) const;  // newest first
   // The check after which the present settings were saved.
   [[nodiscard]] std::optional<CheckRecord> baseline(std::int64_t integration) const;

   [[nodiscard]] std::vector<PluginEnd> plugin_ends() const;
   void add_plugin_end(const PluginEnd& end);  // the newest of a plugin counts
   void remove_plugin_end(std::string_view plugin_id);
   [[nodiscard]] std::vector<host::QuarantineRecord> quarantine() const;

   [[nodiscard]] std::vector<DataKeyRecord> data_keys() const;

   // What was replaced or removed is gone from SQLite's log too, unless another process reads just now.
   void empty_log();

   // Everything done through a change becomes visible at once with commit(), or not at all. It waits for other writers
   // when it begins, so what is read from the store during a change stays true until the commit.
   class Change {
    public:
      explicit Change(Store& store);
      ~Change();
      Change(const Change&) = delete;
      Change& operator=(const Change&) = delete;

      // Name, platform, identity and times; returns the new id, which no other integration ever had.
      std::int64_t insert(const IntegrationRecord& record);
      // Name, enabled, identity and change time of record.id; its revision grows by one, and it counts as not refused.
      void update(const IntegrationRecord& record);
      void set_enabled(std::int64_t integration, bool enabled);
      // Neither the revision nor what is known of the credentials changes.
      void rename(std::int64_t integration, const std::string& name, std::int64_t at);
      // Whether the integration is there and its settings are still those of that revision.
      bool is_at(std::int64_t integration, std::int64_t revision);
      // The credentials of this revision's settings are refused; the first time stands.
      void set_refused(std::int64_t integration, std::int64_t revision, std::int64_t at);
      // The same where the refusal may be that of something in front of the platform. A clear one stays clear.
      void set_unclear(std::int64_t integration, std::int64_t revision, std::int64_t at);
      // They are not, or no longer.
      void set_not_refused(std::int64_t integration, std::int64_t revision);
      // All values and secrets of record.id; those that are not in the record are gone.
      void replace_settings(const IntegrationRecord& record);
      // What the plugin keeps; the revision stays, because nobody changed the settings.
      void keep_secret(std::int64_t integration, const std::string& field, const SealedSecret& secret);
      void forget_secret(std::int64_t integration, const std::string& field);
      void remove(std::int64_t integration);
      // Keeps the newest kChecksKept per integration, and the baseline. Nothing when the integration is gone.
      void add_check(std::int64_t integration, const CheckRecord& check);
      // The same for the check after which the settings are saved: it becomes the baseline.
      void add_baseline(std::int64_t integration, const CheckRecord& check);

      void set_approval(const ApprovalRecord& record, std::int64_t now);
      // The same decision, sealed again.
      void replace_seal(const ApprovalRecord& record);

      void set_quarantine(const std::vector<host::QuarantineRecord>& records);

      std::int64_t add_data_key(const DataKeyRecord& key, std::int64_t now);
      void replace_data_key(const DataKeyRecord& key);
      void remove_unused_data_keys();
      // The same secret, sealed again: neither its time nor the integration's revision changes.
      void replace_secret(std::int64_t integration, const std::string& field, const SealedSecret& secret);
      [[nodiscard]] bool has_secrets() const;

      void commit();

    private:
      struct State;
      std::unique_ptr<State> state_;
   };

   static constexpr int kChecksKept = 50;

 private:
   struct State;
   std::unique_ptr<State> state_;
};

}  // namespace msp::console
