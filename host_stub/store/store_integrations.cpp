// Reads of integrations and of their checks.
#include "store/names.hpp"
#include "store/remark_text.hpp"
#include "store/store_state.hpp"

namespace msp::console {
namespace {

constexpr const char* kColumns =
    "SELECT i.id, i.name, i.platform, i.enabled, i.account, i.label, i.principal, i.endpoint, i.revision, "
    "i.created_at, i.changed_at, i.refused_at, c.at, c.purpose, c.principal, c.outcome, c.codes, c.plugin_version, "
    "c.plugin_sha256, c.made, c.remarks, c.isolation, n.at, n.purpose, n.principal, n.outcome, n.codes, "
    "n.plugin_version, "
    "n.plugin_sha256, n.made, n.remarks, n.isolation, i.unclear_refusals, i.unclear_at "
    "FROM integrations i "
    "LEFT JOIN checks c "
    "ON c.id = (SELECT id FROM checks WHERE integration = i.id AND made = 1 ORDER BY id DESC LIMIT 1) "
    "LEFT JOIN checks n ON n.id = (SELECT max(id) FROM checks WHERE integration = i.id) AND n.made = 0 ";

// Columns at, purpose, principal, outcome, codes, plugin_version, plugin_sha256, made, remarks, isolation from `first`
// on.
CheckRecord read_check(SQLite::Statement& row, int first) {
   CheckRecord check;
   check.at = row.getColumn(first).getInt64();
   check.purpose = row.getColumn(first + 1).getString();
   check.principal = row.getColumn(first + 2).getString();
   check.outcome = row.getColumn(first + 3).getString();
   check.codes = row.getColumn(first + 4).getString();
   check.plugin_version = row.getColumn(first + 5).getString();
   check.plugin_sha256 = row.getColumn(first + 6).getString();
   check.made = row.getColumn(first + 7).getInt() != 0;
   check.remarks = remarks(row.getColumn(first + 8).getString());
   check.isolation = isolation_of(row.getColumn(first + 9).getString());
   return check;
}

IntegrationRecord read_integration(SQLite::Statement& row) {
   IntegrationRecord record;
   record.id = row.getColumn(0).getInt64();
   record.name = row.getColumn(1).getString();
   record.platform = row.getColumn(2).getString();
   record.enabled = row.getColumn(3).getInt() != 0;
   record.identity = {row.getColumn(4).getString(), row.getColumn(5).getString(), row.getColumn(6).getString(),
                      row.getColumn(7).getString()};
   record.revision = row.getColumn(8).getInt64();
   record.created_at = row.getColumn(9).getInt64();
   record.changed_at = row.getColumn(10).getInt64();
   if (!row.getColumn(11).isNull()) record.refused_at = row.getColumn(11).getInt64();
   if (!row.getColumn(12).isNull()) record.last_check = read_check(row, 12);
   if (!row.getColumn(22).isNull()) record.not_checked = read_check(row, 22);
   record.unclear_refusals = row.getColumn(32).getInt();
   record.unclear_at = row.getColumn(33).getInt64();
   return record;
}

// Every check that fits, newest first.
std::vector<CheckRecord> find_checks(Statements& statements, const std::string& where, std::int64_t integration) {
   std::vector<CheckRecord> checks;
   const Prepared query = statements.prepare(
       "SELECT at, purpose, principal, outcome, codes, plugin_version, plugin_sha256, made, remarks, isolation, "
       "rights, document "
       "FROM checks WHERE " +
       where + " ORDER BY id DESC");
   query->bind(1, integration);
   while (query->executeStep()) {
      checks.push_back(read_check(*query, 0));
      checks.back().rights = query->getColumn(10).getString();
      checks.back().document = query->getColumn(11).getString();
   }
   return checks;
}

// Columns field, value, sealed, data_key, from_preset, set_at from `first` on.
void read_setting(SQLite::Statement& row, int first, IntegrationRecord& record) {
   const std::string field = row.getColumn(first).getString();
   const bool from_preset = row.getColumn(first + 4).getInt() != 0;
   const std::int64_t set_at = row.getColumn(first + 5).getInt64();
   if (row.getColumn(first + 2).isNull()) {
      record.values[field] = {row.getColumn(first + 1).getString(), from_preset, set_at};
   } else {
      record.secrets[field] = {row.getColumn(first + 2).getString(), row.getColumn(first + 3).getInt64(), from_preset,
                               set_at};
   }
}

template <class... Values>
std::optional<IntegrationRecord> find(Statements& statements, const std::string& where, const Values&... values) {
   const Prepared query = statements.prepare(kColumns + where);
   int index = 0;
   (query->bind(++index, values), ...);
   if (!query->executeStep()) return {};
   IntegrationRecord record = read_integration(*query);
   const Prepared settings = statements.prepare(
       "SELECT field, value, sealed, data_key, from_preset, set_at FROM settings "
       "WHERE integration = ?");
   settings->bind(1, record.id);
   while (settings->executeStep()) read_setting(*settings, 0, record);
   return record;
}

}  // namespace

std::vector<IntegrationRecord> Store::integrations() const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] {
      std::vector<IntegrationRecord> records;
      std::map<std::int64_t, std::size_t> place;
      SQLite::Statement query(state_->database, std::string(kColumns) + "ORDER BY i.name_key");
      while (query.executeStep()) {
         records.push_back(read_integration(query));
         place[records.back().id] = records.size() - 1;
      }
      SQLite::Statement settings(state_->database,
                                 "SELECT integration, field, value, sealed, data_key, from_preset, set_at "
                                 "FROM settings ORDER BY integration");
      while (settings.executeStep()) {
         const auto at = place.find(settings.getColumn(0).getInt64());
         if (at != place.end()) read_setting(settings, 1, records[at->second]);
      }
      return records;
   });
}

std::optional<IntegrationRecord> Store::integration(std::int64_t id) const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] { return find(state_->statements, "WHERE i.id = ?", id); });
}

std::optional<IntegrationRecord> Store::integration(std::string_view name) const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] { return find(state_->statements, "WHERE i.name_key = ?", name_key(name)); });
}

std::optional<IntegrationRecord> Store::integration_of(std::string_view platform, std::string_view account,
                                                       std::string_view principal) const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] {
      return find(state_->statements, "WHERE i.platform = ? AND i.account = ? AND i.principal = ?",
                  std::string(platform), std::string(account), std::string(principal));
   });
}

std::map<std::string, int, std::less<>> Store::integrations_per_platform() const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] {
      std::map<std::string, int, std::less<>> counts;
      SQLite::Statement query(state_->database, "SELECT platform, count(*) FROM integrations GROUP BY platform");
      while (query.executeStep()) counts[query.getColumn(0).getString()] = query.getColumn(1).getInt();
      return counts;
   });
}

std::vector<CheckRecord> Store::checks(std::int64_t integration) const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] { return find_checks(state_->statements, "integration = ?", integration); });
}

std::optional<CheckRecord> Store::baseline(std::int64_t integration) const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&]() -> std::optional<CheckRecord> {
      auto checks = find_checks(state_->statements, "integration = ? AND baseline = 1", integration);
      if (checks.empty()) return {};
      return std::move(checks.front());
   });
}

}  // namespace msp::console
