// Writes: each Change is one transaction, which is there whole or not at all.
#include <SQLiteCpp/Transaction.h>

#include "store/names.hpp"
#include "store/remark_text.hpp"
#include "store/store_state.hpp"

namespace msp::console {
namespace {

std::int64_t seconds(host::QuarantineRecord::Time time) { return time.time_since_epoch().count(); }

}  // namespace

struct Store::Change::State {
   explicit State(Store::State& owner)
       : store(owner), lock(owner.mutex), transaction(owner.database, SQLite::TransactionBehavior::IMMEDIATE) {}

   // Prepares, binds in order, runs.
   template <class... Values>
   void run(const char* sql, const Values&... values) {
      const Prepared statement = store.statements.prepare(sql);
      int index = 0;
      (statement->bind(++index, values), ...);
      statement->exec();
   }

   void add_check(std::int64_t integration, const CheckRecord& check, bool baseline) {
      // The newest document is that of a check that was made, if there is one.
      run("UPDATE checks SET document = '' WHERE integration = ? AND document <> '' AND made <= ?", integration,
          check.made ? 1 : 0);
      run("INSERT INTO checks "
          "(integration, at, purpose, principal, outcome, codes, plugin_version, plugin_sha256, made, remarks, "
          "isolation, "
          "rights, document, baseline) SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, iif(? OR NOT EXISTS (SELECT 1 FROM "
          "checks "
          "WHERE integration = integrations.id AND made = 1), ?, ''), ? FROM integrations WHERE id = ?",
          check.at, check.purpose, check.principal, check.outcome, check.codes, check.plugin_version,
          check.plugin_sha256, check.made ? 1 : 0, to_text(check.remarks), std::string(host::name(check.isolation)),
          check.rights, check.made ? 1 : 0, check.document, baseline ? 1 : 0, integration);
      run("DELETE FROM checks WHERE integration = ? AND baseline = 0 AND id NOT IN "
          "(SELECT id FROM checks WHERE integration = ? ORDER BY id DESC LIMIT ?) AND id IS NOT "
          "(SELECT max(id) FROM checks WHERE integration = ? AND made = 1)",
          integration, integration, kChecksKept, integration);
   }

   void insert_secret(std::int64_t integration, const std::string& field, const SealedSecret& secret) {
      const Prepared insert = store.statements.prepare(
          "INSERT INTO settings (integration, field, sealed, data_key, from_preset, set_at) "
          "VALUES (?, ?, ?, ?, ?, ?)");
      insert->bind(1, integration);
      insert->bind(2, field);
      insert->bind(3, secret.sealed.data(), static_cast<int>(secret.sealed.size()));
      insert->bind(4, secret.data_key);
      insert->bind(5, secret.from_preset ? 1 : 0);
      insert->bind(6, secret.set_at);
      insert->exec();
   }

   Store::State& store;
   std::lock_guard<std::recursive_mutex> lock;
   SQLite::Transaction transaction;
};

Store::Change::Change(Store& store) {
   store.state_->require_writable();
   with_database(store.state_->file, [&] { state_ = std::make_unique<State>(*store.state_); });
}

Store::Change::~Change() = default;

std::int64_t Store::Change::insert(const IntegrationRecord& record) {
   return with_database(state_->store.file, [&] {
      state_->run(
          "INSERT INTO integrations (name, name_key, platform, enabled, account, label, principal, endpoint, revision, "
          "created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
          record.name, name_key(record.name), record.platform, record.enabled ? 1 : 0, record.identity.account,
          record.identity.label, record.identity.principal, record.identity.endpoint, record.created_at,
          record.changed_at);
      return static_cast<std::int64_t>(state_->store.database.getLastInsertRowid());
   });
}

void Store::Change::update(const IntegrationRecord& record) {
   with_database(state_->store.file, [&] {
      state_->run(
          "UPDATE integrations SET name = ?, name_key = ?, enabled = ?, account = ?, label = ?, principal = ?, "
          "endpoint = ?, revision = revision + 1, changed_at = ?, refused_at = NULL, unclear_refusals = 0 WHERE id = ?",
          record.name, name_key(record.name), record.enabled ? 1 : 0, record.identity.account, record.identity.label,
          record.identity.principal, record.identity.endpoint, record.changed_at, record.id);
   });
}

void Store::Change::replace_settings(const IntegrationRecord& record) {
   with_database(state_->store.file, [&] {
      state_->run("DELETE FROM settings WHERE integration = ?", record.id);
      for (const auto& [field, value] : record.values) {
         state_->run("INSERT INTO settings (integration, field, value, from_preset, set_at) VALUES (?, ?, ?, ?, ?)",
                     record.id, field, value.value, value.from_preset ? 1 : 0, value.set_at);
      }
      for (const auto& [field, secret] : record.secrets) {
         state_->insert_secret(record.id, field, secret);
      }
   });
}

void Store::Change::keep_secret(std::int64_t integration, const std::string& field, const SealedSecret& secret) {
   forget_secret(integration, field);
   with_database(state_->store.file, [&] { state_->insert_secret(integration, field, secret); });
}

void Store::Change::forget_secret(std::int64_t integration, const std::string& field) {
   with_database(state_->store.file,
                 [&] { state_->run("DELETE FROM settings WHERE integration = ? AND field = ?", integration, field); });
}

void Store::Change::remove(std::int64_t integration) {
   with_database(state_->store.file, [&] { state_->run("DELETE FROM integrations WHERE id = ?", integration); });
}

void Store::Change::set_enabled(std::int64_t integration, bool enabled) {
   with_database(state_->store.file, [&] {
      state_->run("UPDATE integrations SET enabled = ? WHERE id = ?", enabled ? 1 : 0, integration);
   });
}

void Store::Change::rename(std::int64_t integration, const std::string& name, std::int64_t at) {
   with_database(state_->store.file, [&] {
      state_->run("UPDATE integrations SET name = ?, name_key = ?, changed_at = ? WHERE id = ?", name, name_key(name),
                  at, integration);
   });
}

bool Store::Change::is_at(std::int64_t integration, std::int64_t revision) {
   return with_database(state_->store.file, [&] {
      const Prepared found =
          state_->store.statements.prepare("SELECT 1 FROM integrations WHERE id = ? AND revision = ?");
      found->bind(1, integration);
      found->bind(2, revision);
      return found->executeStep();
   });
}

void Store::Change::set_refused(std::int64_t integration, std::int64_t revision, std::int64_t at) {
   with_database(state_->store.file, [&] {
      state_->run(
          "UPDATE integrations SET refused_at = coalesce(refused_at, ?), unclear_refusals = 0 "
          "WHERE id = ? AND revision = ?",
          at, integration, revision);
   });
}

void Store::Change::set_unclear(std::int64_t integration, std::int64_t revision, std::int64_t at) {
   with_database(state_->store.file, [&] {
      state_->run(
          "UPDATE integrations SET refused_at = coalesce(refused_at, ?), unclear_at = ?, unclear_refusals = CASE "
          "WHEN refused_at IS NULL OR unclear_refusals > 0 THEN unclear_refusals + 1 ELSE 0 END "
          "WHERE id = ? AND revision = ?",
          at, at, integration, revision);
   });
}

void Store::Change::set_not_refused(std::int64_t integration, std::int64_t revision) {
   with_database(state_->store.file, [&] {
      state_->run(
          "UPDATE integrations SET refused_at = NULL, unclear_refusals = 0 "
          "WHERE id = ? AND revision = ? AND refused_at IS NOT NULL",
          integration, revision);
   });
}

void Store::Change::add_check(std::int64_t integration, const CheckRecord& check) {
   with_database(state_->store.file, [&] { state_->add_check(integration, check, false); });
}

void Store::Change::add_baseline(std::int64_t integration, const CheckRecord& check) {
   with_database(state_->store.file, [&] {
      state_->run("UPDATE checks SET baseline = 0 WHERE integration = ? AND baseline = 1", integration);
      state_->add_check(integration, check, true);
   });
}

void Store::Change::set_approval(const ApprovalRecord& record, std::int64_t now) {
   with_database(state_->store.file, [&] {
      state_->run(
          "INSERT INTO approvals (plugin_id, sha256, enabled, isolation, decided_at) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT (plugin_id) DO UPDATE SET sha256 = excluded.sha256, enabled = excluded.enabled, "
          "isolation = excluded.isolation, decided_at = excluded.decided_at, sealed = NULL, data_key = NULL",
          record.approval.plugin_id, record.approval.sha256, record.approval.enabled ? 1 : 0,
          std::string(host::name(record.approval.isolation)), now);
   });
   if (!record.sealed.empty()) replace_seal(record);
}

void Store::Change::replace_seal(const ApprovalRecord& record) {
   with_database(state_->store.file, [&] {
      SQLite::Statement update(state_->store.database,
                               "UPDATE approvals SET sealed = ?, data_key = ? WHERE plugin_id = ?");
      update.bind(1, record.sealed.data(), static_cast<int>(record.sealed.size()));
      update.bind(2, record.data_key);
      update.bind(3, record.approval.plugin_id);
      update.exec();
   });
}

void Store::Change::set_quarantine(const std::vector<host::QuarantineRecord>& records) {
   with_database(state_->store.file, [&] {
      state_->run("DELETE FROM quarantine");
      for (const host::QuarantineRecord& record : records) {
         std::string ends;
         for (const auto end : record.ends) ends += (ends.empty() ? "" : " ") + std::to_string(seconds(end));
         state_->run("INSERT INTO quarantine (sha256, ends, times, until_released) VALUES (?, ?, ?, ?)", record.sha256,
                     ends, record.times, record.until_released ? 1 : 0);
         if (record.until)
            state_->run("UPDATE quarantine SET until = ? WHERE sha256 = ?", seconds(*record.until), record.sha256);
      }
   });
}

std::int64_t Store::Change::add_data_key(const DataKeyRecord& key, std::int64_t now) {
   return with_database(state_->store.file, [&] {
      SQLite::Statement insert(state_->store.database,
                               "INSERT INTO data_keys (sealed_by, sealed, created_at) VALUES (?, ?, ?)");
      insert.bind(1, key.sealed_by);
      insert.bind(2, key.sealed.data(), static_cast<int>(key.sealed.size()));
      insert.bind(3, now);
      insert.exec();
      return static_cast<std::int64_t>(state_->store.database.getLastInsertRowid());
   });
}

void Store::Change::replace_data_key(const DataKeyRecord& key) {
   with_database(state_->store.file, [&] {
      SQLite::Statement update(state_->store.database, "UPDATE data_keys SET sealed_by = ?, sealed = ? WHERE id = ?");
      update.bind(1, key.sealed_by);
      update.bind(2, key.sealed.data(), static_cast<int>(key.sealed.size()));
      update.bind(3, key.id);
      update.exec();
   });
}

void Store::Change::replace_secret(std::int64_t integration, const std::string& field, const SealedSecret& secret) {
   with_database(state_->store.file, [&] {
      SQLite::Statement update(state_->store.database,
                               "UPDATE settings SET sealed = ?, data_key = ? WHERE integration = ? AND field = ?");
      update.bind(1, secret.sealed.data(), static_cast<int>(secret.sealed.size()));
      update.bind(2, secret.data_key);
      update.bind(3, integration);
      update.bind(4, field);
      update.exec();
   });
}

void Store::Change::remove_unused_data_keys() {
   with_database(state_->store.file, [&] {
      state_->run(
          "DELETE FROM data_keys WHERE id NOT IN (SELECT data_key FROM settings WHERE data_key IS NOT NULL "
          "UNION SELECT data_key FROM approvals WHERE data_key IS NOT NULL)");
   });
}

bool Store::Change::has_secrets() const {
   return with_database(state_->store.file, [&] {
      return state_->store.database.execAndGet("SELECT EXISTS (SELECT 1 FROM settings WHERE sealed IS NOT NULL)")
                 .getInt() != 0;
   });
}

void Store::Change::commit() {
   with_database(state_->store.file, [&] { state_->transaction.commit(); });
}

}  // namespace msp::console
