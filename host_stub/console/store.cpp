#include "store.hpp"

#include <sqlite3.h>

#include "private_files.hpp"
#include "problem_error.hpp"
#include "store_state.hpp"

namespace msp::console {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

std::filesystem::path prepare(const std::filesystem::path& data_dir) {
   if (auto problem = make_private_directory(data_dir)) throw ProblemError(*problem);
   const std::filesystem::path file = data_dir / "console.db";
   // SQLite gives its journal files the mode of the database.
   if (auto problem = make_private_file(file)) throw ProblemError(*problem);
   return file;
}

}  // namespace

void throw_storage_problem(const SQLite::Exception& error, const std::filesystem::path& file) {
   const std::string where = "\"" + file.string() + "\"";
   switch (error.getErrorCode()) {
      case SQLITE_NOTADB:
      case SQLITE_CORRUPT:
         throw ProblemError({"host.storage", "The console's database " + where + " is damaged; it was left as it is.",
                             "Restore it from a backup, or move it away to begin anew."});
      case SQLITE_FULL:
         throw ProblemError({"host.storage", "The disk is full, so nothing was saved in " + where + ".",
                             "Make space, then try again."});
      case SQLITE_READONLY:
      case SQLITE_PERM:
      case SQLITE_CANTOPEN:
         throw ProblemError({"host.storage", "The console's database " + where + " cannot be opened for writing.",
                             "Make sure that the file and its directory belong to you and are not read-only."});
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
         throw ProblemError({"host.storage", "Another process keeps the console's database " + where + " locked.",
                             "Try again when it has finished."});
      default:
         throw ProblemError({"host.storage",
                             "The console's database " + where + " could not be used: " + error.what() + ".",
                             "Make sure that the disk works and has space left, then try again."});
   }
}

Store::State::State(std::filesystem::path path)
    : file(std::move(path)), database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs) {
   // First, because it refuses what is not ours before anything writes.
   migrate(database, file);
   database.exec("PRAGMA journal_mode = WAL");
   database.exec("PRAGMA synchronous = FULL");
   database.exec("PRAGMA foreign_keys = ON");
   database.exec("PRAGMA secure_delete = ON");  // a removed secret is gone, even sealed
   id = database.execAndGet("SELECT id FROM store").getString();
}

Store::Store(const std::filesystem::path& data_dir) {
   const std::filesystem::path file = prepare(data_dir);
   with_database(file, [&] { state_ = std::make_unique<State>(file); });
}

Store::~Store() = default;

const std::string& Store::id() const noexcept { return state_->id; }

std::vector<host::Approval> Store::approvals() const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] {
      std::vector<host::Approval> approvals;
      SQLite::Statement query(state_->database, "SELECT plugin_id, sha256, enabled FROM approvals ORDER BY plugin_id");
      while (query.executeStep()) {
         approvals.push_back(
             {query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getInt() != 0});
      }
      return approvals;
   });
}

void Store::set_approval(const host::Approval& approval, std::int64_t now) {
   const std::lock_guard lock(state_->mutex);
   with_database(state_->file, [&] {
      SQLite::Statement upsert(state_->database,
                               "INSERT INTO approvals (plugin_id, sha256, enabled, decided_at) VALUES (?, ?, ?, ?) "
                               "ON CONFLICT (plugin_id) DO UPDATE SET sha256 = excluded.sha256, "
                               "enabled = excluded.enabled, decided_at = excluded.decided_at");
      upsert.bind(1, approval.plugin_id);
      upsert.bind(2, approval.sha256);
      upsert.bind(3, approval.enabled ? 1 : 0);
      upsert.bind(4, now);
      upsert.exec();
   });
}

std::vector<DataKeyRecord> Store::data_keys() const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] {
      std::vector<DataKeyRecord> keys;
      SQLite::Statement query(state_->database, "SELECT id, sealed_by, sealed FROM data_keys ORDER BY id");
      while (query.executeStep()) {
         keys.push_back(
             {query.getColumn(0).getInt64(), query.getColumn(1).getString(), query.getColumn(2).getString()});
      }
      return keys;
   });
}

void Store::empty_log() {
   const std::lock_guard lock(state_->mutex);
   with_database(state_->file, [&] { state_->database.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)"); });
}

}  // namespace msp::console
