// The tables of the database, and the way to them from every earlier version.
#include <SQLiteCpp/Transaction.h>
#include <sodium.h>

#include <array>
#include <utility>
#include <vector>

#include "msp/host/ascii.hpp"
#include "store/finding_error.hpp"
#include "store/names.hpp"
#include "store/store_state.hpp"

namespace msp::console {
namespace {

// "MSPC": tells our database from any other SQLite file.
constexpr int kApplicationId = 0x4D535043;

// Step n brings a database of version n to n + 1. A step that was released is never changed.
constexpr std::array kMigrations = {
    R"sql(
CREATE TABLE store (id TEXT NOT NULL) STRICT;

CREATE TABLE approvals (
   plugin_id  TEXT PRIMARY KEY,
   sha256     TEXT NOT NULL,
   enabled    INTEGER NOT NULL,
   decided_at INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: an id is never given twice, so no secret of a removed integration fits a later one.
CREATE TABLE integrations (
   id         INTEGER PRIMARY KEY AUTOINCREMENT,
   name       TEXT NOT NULL,
   name_key   TEXT NOT NULL UNIQUE,
   platform   TEXT NOT NULL,
   enabled    INTEGER NOT NULL,
   account    TEXT NOT NULL,
   label      TEXT NOT NULL,
   principal  TEXT NOT NULL,
   endpoint   TEXT NOT NULL,
   revision   INTEGER NOT NULL,
   created_at INTEGER NOT NULL,
   changed_at INTEGER NOT NULL,
   UNIQUE (platform, account, principal)
) STRICT;

CREATE TABLE data_keys (
   id         INTEGER PRIMARY KEY AUTOINCREMENT,
   sealed_by  TEXT NOT NULL,
   sealed     BLOB NOT NULL,
   created_at INTEGER NOT NULL
) STRICT;

-- A setting is either plain or sealed.
CREATE TABLE settings (
   integration INTEGER NOT NULL REFERENCES integrations ON DELETE CASCADE,
   field       TEXT NOT NULL,
   value       TEXT,
   sealed      BLOB,
   data_key    INTEGER REFERENCES data_keys,
   from_preset INTEGER NOT NULL,
   set_at      INTEGER NOT NULL,
   PRIMARY KEY (integration, field),
   CHECK ((value IS NULL) <> (sealed IS NULL)),
   CHECK ((sealed IS NULL) = (data_key IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE checks (
   id             INTEGER PRIMARY KEY AUTOINCREMENT,
   integration    INTEGER NOT NULL REFERENCES integrations ON DELETE CASCADE,
   at             INTEGER NOT NULL,
   outcome        TEXT NOT NULL,
   codes          TEXT NOT NULL,
   plugin_version TEXT NOT NULL,
   plugin_sha256  TEXT NOT NULL,
   document       TEXT NOT NULL
) STRICT;

CREATE INDEX checks_of_integration ON checks (integration, id);
)sql",
    R"sql(
-- Since when the platform refuses the saved credentials.
ALTER TABLE integrations ADD COLUMN refused_at INTEGER;

UPDATE integrations SET refused_at =
   (SELECT at FROM checks WHERE id = (SELECT max(id) FROM checks WHERE integration = integrations.id)
    AND outcome = 'refused' AND (codes LIKE '%auth.%' OR codes NOT LIKE '%perm.%'));

-- The check after which the present settings were saved: later ones are compared with it.
ALTER TABLE checks ADD COLUMN baseline INTEGER NOT NULL DEFAULT 0;

UPDATE checks SET baseline = 1 WHERE id IN
   (SELECT min(checks.id) FROM checks JOIN integrations ON integrations.id = checks.integration
    WHERE checks.outcome = 'accepted' AND checks.at >= integrations.changed_at GROUP BY integration);
)sql",
    R"sql(
-- What a check learned of the rights, in little space: fifty documents an integration were too much of it.
ALTER TABLE checks ADD COLUMN rights TEXT NOT NULL DEFAULT '';

UPDATE checks SET
   rights = CASE WHEN json_valid(document) THEN coalesce(
      (SELECT group_concat(json_extract(value, '$.id') || '=' || json_extract(value, '$.granted'), ' ')
       FROM json_each(checks.document, '$.permissions.grants') WHERE type = 'object'), '') ELSE '' END,
   document = CASE WHEN id IN (SELECT max(id) FROM checks GROUP BY integration) THEN document ELSE '' END;
)sql",
    R"sql(
-- What a check was made for, and with which user.
ALTER TABLE checks ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
ALTER TABLE checks ADD COLUMN principal TEXT NOT NULL DEFAULT '';
)sql",
    R"sql(
-- The version of name_key() that made integrations.name_key.
ALTER TABLE store ADD COLUMN name_key_version TEXT NOT NULL DEFAULT '';
)sql",
    R"sql(
-- Whether a check came to a result about the settings, and what an accepted one found that is not in order.
ALTER TABLE checks ADD COLUMN made INTEGER NOT NULL DEFAULT 1;
ALTER TABLE checks ADD COLUMN remarks TEXT NOT NULL DEFAULT '';

UPDATE checks SET made = 0 WHERE outcome IN ('unreachable', 'throttled', 'unavailable', 'timed_out', 'cancelled')
   OR (outcome = 'failed' AND codes LIKE '%host.%' AND codes NOT LIKE '%host.secret_unreadable%');

UPDATE checks SET remarks =
   'unverified=' || ((length(rights) - length(replace(rights, '=unknown', ''))) / length('=unknown')) ||
   ' restricted=' || ((length(rights) - length(replace(rights, '=restricted', ''))) / length('=restricted')) ||
   ' missing_optional=' || ((length(rights) - length(replace(rights, '=none', ''))) / length('=none')) ||
   ' deprecated=' ||
   ((length(codes) - length(replace(codes, 'auth.method_deprecated', ''))) / length('auth.method_deprecated'))
   WHERE outcome = 'accepted';
)sql",
    R"sql(
-- Refusals that may be those of something in front of the platform: how many in a row, and when the last one came.
ALTER TABLE integrations ADD COLUMN unclear_refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE integrations ADD COLUMN unclear_at INTEGER NOT NULL DEFAULT 0;
)sql",
    R"sql(
-- The seal of an approval: who can write this file alone approves nothing.
ALTER TABLE approvals ADD COLUMN sealed BLOB;
ALTER TABLE approvals ADD COLUMN data_key INTEGER REFERENCES data_keys;

-- Plugins that were at work when a console ended, until an administrator enables them again.
CREATE TABLE plugin_ends (
   plugin_id TEXT PRIMARY KEY,
   sha256    TEXT NOT NULL,
   operation TEXT NOT NULL,
   hung      INTEGER NOT NULL,
   at        INTEGER NOT NULL
) STRICT;
)sql",
    R"sql(
-- Where a plugin's code runs: "process" or "in_process". Checks of earlier consoles ran in the console's process.
ALTER TABLE approvals ADD COLUMN isolation TEXT NOT NULL DEFAULT 'process';
ALTER TABLE checks ADD COLUMN isolation TEXT NOT NULL DEFAULT 'in_process';

-- Plugins whose processes ended badly. `ends` are times, separated by spaces.
CREATE TABLE quarantine (
   sha256         TEXT PRIMARY KEY,
   ends           TEXT NOT NULL,
   times          INTEGER NOT NULL,
   until          INTEGER,
   until_released INTEGER NOT NULL
) STRICT;
)sql"};

constexpr int kSchemaVersion = static_cast<int>(kMigrations.size());

std::string new_store_id() {
   std::array<unsigned char, 16> bytes;
   randombytes_buf(bytes.data(), bytes.size());
   return host::hex(bytes);
}

int number(SQLite::Database& database, const char* query) { return database.execAndGet(query).getInt(); }

void refuse_strangers(SQLite::Database& database, const std::filesystem::path& file) {
   const int version = number(database, "PRAGMA user_version");
   const int application = number(database, "PRAGMA application_id");
   if (application != kApplicationId &&
       (application != 0 || version != 0 || number(database, "SELECT count(*) FROM sqlite_schema") != 0)) {
      throw FindingError({"host.storage", "\"" + file.string() + "\" is not a database of this console.",
                          "Choose another data directory with --data-dir, or move that file away."});
   }
   if (version > kSchemaVersion) {
      throw FindingError({"host.storage",
                          "\"" + file.string() + "\" was written by a newer console (format " +
                              std::to_string(version) + ", this one knows " + std::to_string(kSchemaVersion) + ").",
                          "Use the newer console, or another data directory with --data-dir."});
   }
}

std::string version_of_name_keys(SQLite::Database& database) {
   return database.execAndGet("SELECT name_key_version FROM store").getString();
}

bool has_name_key(SQLite::Database& database, const std::string& key) {
   SQLite::Statement query(database, "SELECT 1 FROM integrations WHERE name_key = ?");
   query.bind(1, key);
   return query.executeStep();
}

// Keys are made again when name_key() works by another version of Unicode. Names that count as the same since then are
// told apart by a number.
void renew_name_keys(SQLite::Database& database) {
   if (version_of_name_keys(database) == name_key_version()) return;
   SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
   // Asked again inside the transaction: another process may just have done it.
   if (version_of_name_keys(database) == name_key_version()) return;
   std::vector<std::pair<std::int64_t, std::string>> names;
   SQLite::Statement query(database, "SELECT id, name FROM integrations ORDER BY id");
   while (query.executeStep()) names.emplace_back(query.getColumn(0).getInt64(), query.getColumn(1).getString());
   // No old key may stand in the way of a new one.
   database.exec("UPDATE integrations SET name_key = char(1) || id");
   SQLite::Statement update(database, "UPDATE integrations SET name = ?, name_key = ? WHERE id = ?");
   for (const auto& [id, name] : names) {
      std::string free_name = name;
      for (int number = 2; has_name_key(database, name_key(free_name)); ++number) {
         free_name = name + " (" + std::to_string(number) + ')';
      }
      update.bind(1, free_name);
      update.bind(2, name_key(free_name));
      update.bind(3, id);
      update.exec();
      update.reset();
   }
   SQLite::Statement done(database, "UPDATE store SET name_key_version = ?");
   done.bind(1, name_key_version());
   done.exec();
   transaction.commit();
}

// Brings the schema to kSchemaVersion, in one transaction per step.
void migrate_schema(SQLite::Database& database, const std::filesystem::path& file) {
   while (number(database, "PRAGMA user_version") < kSchemaVersion) {
      SQLite::Transaction step(database, SQLite::TransactionBehavior::IMMEDIATE);
      // Asked again inside the transaction: another process may just have done it.
      const int version = number(database, "PRAGMA user_version");
      if (version >= kSchemaVersion) return;
      if (version > 0 && database.execAndGet("PRAGMA quick_check(1)").getString() != "ok") throw damaged(file);
      database.exec(kMigrations[static_cast<std::size_t>(version)]);
      if (version == 0) {
         SQLite::Statement insert(database, "INSERT INTO store (id) VALUES (?)");
         insert.bind(1, new_store_id());
         insert.exec();
         database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
      }
      database.exec("PRAGMA user_version = " + std::to_string(version + 1));
      step.commit();
   }
}

}  // namespace

bool is_of_this_version(SQLite::Database& database) {
   return number(database, "PRAGMA application_id") == kApplicationId &&
          number(database, "PRAGMA user_version") == kSchemaVersion &&
          version_of_name_keys(database) == name_key_version();
}

void migrate(SQLite::Database& database, const std::filesystem::path& file) {
   refuse_strangers(database, file);
   migrate_schema(database, file);
   renew_name_keys(database);
}

}  // namespace msp::console
