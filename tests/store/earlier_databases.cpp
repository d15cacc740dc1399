#include "earlier_databases.hpp"

#include <sys/stat.h>

#include "plain_sqlite.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::console::test {
namespace {

constexpr const char* kSchema = R"sql(
PRAGMA journal_mode = WAL;
CREATE TABLE store (id TEXT NOT NULL) STRICT;
CREATE TABLE approvals (
   plugin_id  TEXT PRIMARY KEY,
   sha256     TEXT NOT NULL,
   enabled    INTEGER NOT NULL,
   decided_at INTEGER NOT NULL
) STRICT;
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
PRAGMA application_id = 1297305667;
PRAGMA user_version = 1;
)sql";

// The secrets were sealed by the console that wrote such databases.
constexpr const char* kRows = R"sql(
INSERT INTO store VALUES ('00112233445566778899aabbccddeeff');
INSERT INTO approvals VALUES ('autotask', 'abcd', 1, 900);
INSERT INTO data_keys VALUES (1, '3aec00d7b84d0e0b',
   x'01e6a9537130e0d96c8c91c355dc59a3f10f051fe7eca16183f43770f89716af3effda5b21974fa7b8944edaa55a89b8af8ae7a0ed87f30086bda32f9803fc7e4d0d1a4a3aa889d366',
   1000);
INSERT INTO integrations VALUES
   (1, 'Integration with Autotask', 'integration with autotask', 'autotask', 1, '4711', 'MSP Example',
    'api@msp.example', 'https://webservices14.autotask.net/', 1, 1000, 1000),
   (2, 'Kaseya', 'kaseya', 'kaseya_vsa', 1, 'vsa.example.com', '', 'console', 'https://vsa.example.com/', 2, 1000, 2000),
   (3, 'No tickets', 'no tickets', 'autotask', 1, '4712', '', 'other@msp.example', '', 1, 1000, 1000),
   (4, 'Never checked since', 'never checked since', 'autotask', 0, '4713', '', 'third@msp.example', '', 3, 1000, 5000);
INSERT INTO settings VALUES
   (1, 'user_name', 'api@msp.example', NULL, NULL, 0, 1000),
   (1, 'password', NULL,
    x'01a2f1c70550fad078d5a1b21e63cb2e3c3d5d4fe8744e06b136abc281b849c4cb75c423b1eed1f5fe12151e0fdeecad44434f7f3e',
    1, 0, 1000),
   (1, 'integration_code', NULL,
    x'01b807a2ac278d02888f45f5d6334b6c31c8800fd5c5c4deb59c96149305a8721c80936bb34d2420ce86588e0f08c92162e0f7dd1eafb779157d60c65c2c4e2718f02974',
    1, 1, 1000),
   (2, 'server', 'https://vsa.example.com', NULL, NULL, 0, 1000),
   (2, 'user_name', 'console', NULL, NULL, 0, 1000),
   (2, 'token', NULL,
    x'016eef356548fe71b34b5dd1f9b4709f01f03a28dd2c422fad81de8d3d9490aec935bbd8fb3c535700ffb4ec5217d491cbd3b33b89f544f7e1',
    1, 0, 2000),
   (4, 'user_name', 'third@msp.example', NULL, NULL, 0, 1000),
   (4, 'password', NULL,
    x'018dbba47048332f52f5cea7922ffa73413b883477fef1a2b19f1f80e73c4424563415f12b6fb2b908be8ab90f66b53dfdb13dd063',
    1, 0, 1000);
INSERT INTO checks (integration, at, outcome, codes, plugin_version, plugin_sha256, document) VALUES
   (1, 1000, 'accepted', 'perm.restricted', '1.0.0', 'abcd',
    '{"permissions":{"grants":[{"id":"tickets.query","granted":"all"},{"id":"tickets.update","granted":"restricted"}]}}'),
   (2, 1000, 'accepted', '', '1.0.0', 'ef', '{"permissions":{"grants":"none"}}'),
   (3, 1000, 'accepted', '', '1.0.0', 'abcd', '{}'),
   (4, 1000, 'refused', 'auth.rejected', '1.0.0', 'abcd', 'no document'),
   (2, 2000, 'accepted', '', '1.0.0', 'ef',
    '{"permissions":{"grants":[{"id":"agents.read","granted":"all"},7,"x",{"id":"of no form"}]}}'),
   (1, 3000, 'throttled', 'platform.throttled', '1.0.0', 'abcd', '{}'),
   (2, 3000, 'accepted', '', '1.0.1', 'ff', '{}'),
   (2, 4000, 'refused', 'auth.rejected', '1.0.1', 'ff', '{}'),
   (3, 4000, 'refused', 'perm.missing', '1.0.0', 'abcd', '{"newest":true}'),
   (4, 4000, 'unreachable', 'net.dns', '1.0.0', 'abcd', '{}');
)sql";

// What the second console made of it.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE integrations ADD COLUMN refused_at INTEGER;
UPDATE integrations SET refused_at = 4000 WHERE id = 2;
ALTER TABLE checks ADD COLUMN baseline INTEGER NOT NULL DEFAULT 0;
UPDATE checks SET baseline = 1 WHERE at = 1000 AND integration IN (1, 3) OR at = 2000;
PRAGMA user_version = 2;
)sql";

// And the third.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE checks ADD COLUMN rights TEXT NOT NULL DEFAULT '';
UPDATE checks SET rights = 'tickets.query=all tickets.update=restricted' WHERE integration = 1 AND at = 1000;
UPDATE checks SET rights = 'agents.read=all' WHERE integration = 2 AND at = 2000;
UPDATE checks SET document = '' WHERE id NOT IN (SELECT max(id) FROM checks GROUP BY integration);
PRAGMA user_version = 3;
)sql";

// And the fourth.
constexpr const char* kVersion4 = R"sql(
ALTER TABLE checks ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
ALTER TABLE checks ADD COLUMN principal TEXT NOT NULL DEFAULT '';
PRAGMA user_version = 4;
)sql";

// And the fifth.
constexpr const char* kVersion5 = R"sql(
ALTER TABLE store ADD COLUMN name_key_version TEXT NOT NULL DEFAULT '';
PRAGMA user_version = 5;
)sql";

// And the sixth.
constexpr const char* kVersion6 = R"sql(
ALTER TABLE checks ADD COLUMN made INTEGER NOT NULL DEFAULT 1;
ALTER TABLE checks ADD COLUMN remarks TEXT NOT NULL DEFAULT '';
UPDATE checks SET made = 0 WHERE outcome IN ('unreachable', 'throttled');
UPDATE checks SET remarks = 'restricted=1' WHERE integration = 1 AND at = 1000;
PRAGMA user_version = 6;
)sql";

}  // namespace

void write_version_1(const std::filesystem::path& data_dir) {
   run_sql(data_dir / "console.db", std::string(kSchema) + kRows);
   const std::filesystem::path key = data_dir / "key-encryption.key";
   test_support::write_file(key, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
   EXPECT_EQ(::chmod(key.c_str(), 0600), 0);
}

void write_version_2(const std::filesystem::path& data_dir) {
   write_version_1(data_dir);
   run_sql(data_dir / "console.db", kVersion2);
}

void write_version_3(const std::filesystem::path& data_dir) {
   write_version_2(data_dir);
   run_sql(data_dir / "console.db", kVersion3);
}

void write_version_4(const std::filesystem::path& data_dir) {
   write_version_3(data_dir);
   run_sql(data_dir / "console.db", kVersion4);
}

void write_version_5(const std::filesystem::path& data_dir) {
   write_version_4(data_dir);
   run_sql(data_dir / "console.db", kVersion5);
}

void write_version_6(const std::filesystem::path& data_dir) {
   write_version_5(data_dir);
   run_sql(data_dir / "console.db", kVersion6);
}

}  // namespace msp::console::test
