#include "names.hpp"
#include "store_state.hpp"

namespace msp::console {
namespace {

constexpr const char* kColumns =
    "SELECT i.id, i.name, i.platform, i.enabled, i.account, i.label, i.principal, i.endpoint, i.revision, "
    "i.created_at, i.changed_at, i.refused_at, c.at, c.purpose, c.principal, c.outcome, c.codes, c.plugin_version, "
    "c.plugin_sha256 "
    "FROM integrations i LEFT JOIN checks c "
    "ON c.id = (SELECT max(id) FROM checks WHERE integration = i.id) ";

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
   if (!row.getColumn(12).isNull()) {
      record.last_check = CheckRecord{row.getColumn(12).getInt64(),
                                      row.getColumn(13).getString(),
                                      row.getColumn(14).getString(),
                                      row.getColumn(15).getString(),
                                      row.getColumn(16).getString(),
                                      row.getColumn(17).getString(),
                                      row.getColumn(18).getString(),
                                      {},
                                      {}};
   }
   return record;
}

// Every check that fits, newest first.
std::vector<CheckRecord> find_checks(Statements& statements, const std::string& where, std::int64_t integration) {
   std::vector<CheckRecord> checks;
   const Prepared query = statements.prepare(
       "SELECT at, purpose, principal, outcome, codes, plugin_version, plugin_sha256, rights, document FROM checks "
       "WHERE " +
       where + " ORDER BY id DESC");
   query->bind(1, integration);
   while (query->executeStep()) {
      checks.push_back(
          {query->getColumn(0).getInt64(), query->getColumn(1).getString(), query->getColumn(2).getString(),
           query->getColumn(3).getString(), query->getColumn(4).getString(), query->getColumn(5).getString(),
           query->getColumn(6).getString(), query->getColumn(7).getString(), query->getColumn(8).getString()});
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
