#include "store/store.hpp"

#include <sqlite3.h>

#include <thread>

#include "msp/host/ascii.hpp"
#include "store/finding_error.hpp"
#include "store/private_files.hpp"
#include "store/store_state.hpp"

namespace msp::console {
namespace {

int wait_for_turn(void* wait, int pauses) {
   const auto pause = static_cast<WriterWait*>(wait)->next(pauses);
   if (pause) std::this_thread::sleep_for(*pause);
   return pause ? 1 : 0;
}

// SQLite takes a shorter file for a new one.
constexpr std::uintmax_t kSmallestDatabase = 512;

// The file appears with the whole schema in it or not at all: one that is there and empty has lost what it held.
void create_database(const std::filesystem::path& file) {
   SQLite::Database draft(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
   migrate(draft, file);
   sqlite3_int64 size = 0;
   const std::unique_ptr<unsigned char, void (*)(void*)> bytes(sqlite3_serialize(draft.getHandle(), "main", &size, 0),
                                                               sqlite3_free);
   if (!bytes) throw std::bad_alloc();
   // Of its bytes 18 and 19 one reads that the file is in WAL mode: going over to that later takes a moment alone.
   bytes.get()[18] = bytes.get()[19] = 2;
   const std::string_view content(reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size));
   if (auto created = create_private_file(file, content); !created) throw FindingError(created.finding());
}

// A killed process leaves SQLite's log behind, and SQLite would play it into any database of the same name.
void refuse_strange_log(const std::filesystem::path& file) {
   std::filesystem::path log = file;
   log += "-wal";
   std::error_code error;
   // Looked for again, because another process may just have made both.
   if (!std::filesystem::exists(log, error) || std::filesystem::exists(file, error)) return;
   throw FindingError({"host.storage",
                       "The console's database \"" + file.string() + "\" is gone, but its log \"" + log.string() +
                           "\" is still there and would damage a new one.",
                       "Put the database back, or move the log away to begin without integrations."});
}

std::filesystem::path prepare(const std::filesystem::path& data_dir) {
   if (auto done = make_private_directory(data_dir); !done) throw FindingError(done.finding());
   std::filesystem::path file = data_dir / "console.db";
   std::error_code error;
   if (!std::filesystem::exists(file, error) && !error) {
      refuse_strange_log(file);
      with_database(file, [&] { create_database(file); });
   }
   // SQLite would wait for whoever writes into a pipe.
   for (const char* beside : {"-wal", "-shm", "-journal"}) {
      std::filesystem::path other = file;
      other += beside;
      const auto kind = std::filesystem::symlink_status(other, error).type();
      using std::filesystem::file_type;
      if (kind == file_type::not_found || kind == file_type::none || kind == file_type::regular) continue;
      throw FindingError({"host.storage",
                          "\"" + other.string() + "\" is not a plain file, so the database beside it is not opened.",
                          "Move it away, or choose another directory with --data-dir."});
   }
   // SQLite gives its journal files the mode of the database.
   if (auto done = make_file_private(file); !done) throw FindingError(done.finding());
   if (std::filesystem::file_size(file, error) < kSmallestDatabase) throw damaged(file);
   return file;
}

}  // namespace

FindingError damaged(const std::filesystem::path& file) {
   return FindingError(
       {"host.storage", "The console's database \"" + file.string() + "\" is damaged; it was left as it is.",
        "Restore it from a backup, or move it away to begin without integrations; in both cases move the files beside "
        "it that end in -wal and -shm away first, because they would damage the other database."});
}

namespace {

// SQLiteCpp's own code, of a row that is not there.
constexpr int kNoRow = -1;

// The file that WAL mode shares among processes could not grow.
bool is_disk_full(const SQLite::Exception& error) {
   return error.getErrorCode() == SQLITE_FULL || error.getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE;
}

// Whether the file may still be read.
bool forbids_writing(const SQLite::Exception& error) {
   const int code = error.getErrorCode();
   return is_disk_full(error) || code == SQLITE_READONLY || code == SQLITE_PERM || code == SQLITE_CANTOPEN;
}

bool has_log(const std::filesystem::path& file) {
   std::filesystem::path log = file;
   log += "-wal";
   std::error_code error;
   return std::filesystem::file_size(log, error) > 0 && !error;
}

// SQLite reads a file without locks and without files beside it when it is told that nobody writes; here nobody can.
std::string address_to_read(const std::filesystem::path& file) {
   std::string address = "file:";
   for (const char c : std::filesystem::absolute(file).generic_string()) {
      if (c == '%' || c == '?' || c == '#') {
         host::append_percent_escape(address, c);
      } else {
         address += c;
      }
   }
   return address + "?immutable=1";
}

FindingError storage_problem(const SQLite::Exception& error, const std::filesystem::path& file) {
   const std::string where = "\"" + file.string() + "\"";
   switch (is_disk_full(error) ? SQLITE_FULL : error.getErrorCode()) {
      case SQLITE_NOTADB:
      case SQLITE_CORRUPT:
      case SQLITE_ERROR:  // a table, a column or a row that every database of this version has is missing
      case SQLITE_MISMATCH:
      case kNoRow:
         return damaged(file);
      case SQLITE_FULL:
         return FindingError({"host.storage", "The disk is full, so nothing was saved in " + where + ".",
                              "Make space, then try again."});
      case SQLITE_READONLY:
      case SQLITE_PERM:
      case SQLITE_CANTOPEN:
         return FindingError({"host.storage", "The console's database " + where + " cannot be opened for writing.",
                              "Make sure that the file and its directory belong to you and are not read-only."});
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
         return FindingError({"host.storage", "Another process keeps the console's database " + where + " locked.",
                              "Try again when it has finished."});
      default:
         return FindingError({"host.storage",
                              "The console's database " + where + " could not be used: " + error.what() + ".",
                              "Make sure that the disk works and has space left, then try again."});
   }
}

}  // namespace

void throw_storage_problem(const SQLite::Exception& error, const std::filesystem::path& file) {
   throw storage_problem(error, file);
}

Store::State::State(std::filesystem::path path)
    : file(std::move(path)), writer_wait(file), database(file.string(), SQLite::OPEN_READWRITE) {
   sqlite3_busy_handler(database.getHandle(), wait_for_turn, &writer_wait);
   database.exec("PRAGMA cell_size_check = ON");  // damage is noticed where it is read
   // First, because it refuses what is not ours before anything writes.
   migrate(database, file);
   database.exec("PRAGMA journal_mode = WAL");
   database.exec("PRAGMA synchronous = FULL");
   database.exec("PRAGMA foreign_keys = ON");
   database.exec("PRAGMA secure_delete = ON");  // a removed secret is gone, even sealed
   id = database.execAndGet("SELECT id FROM store").getString();
}

Store::State::State(std::filesystem::path path, host::Finding why)
    : file(std::move(path)),
      writer_wait(file),
      database(has_log(file) ? file.string() : address_to_read(file),
               has_log(file) ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY | SQLite::OPEN_URI),
      read_only(std::move(why)) {
   sqlite3_busy_handler(database.getHandle(), wait_for_turn, &writer_wait);
   // Alone with the file SQLite keeps in memory what it would otherwise share through a file beside it.
   database.exec("PRAGMA locking_mode = EXCLUSIVE");
   database.exec("PRAGMA query_only = ON");
   if (!is_of_this_version(database)) throw FindingError(*read_only);
   id = database.execAndGet("SELECT id FROM store").getString();
}

void Store::State::require_writable() const {
   if (read_only) throw FindingError(*read_only);
}

Store::Store(const std::filesystem::path& data_dir) {
   const std::filesystem::path file = prepare(data_dir);
   try {
      state_ = std::make_unique<State>(file);
   } catch (const SQLite::Exception& error) {
      if (!forbids_writing(error)) throw_storage_problem(error, file);
      host::Finding why = storage_problem(error, file).finding();
      with_database(file, [&] { state_ = std::make_unique<State>(file, std::move(why)); });
   }
}

Store::~Store() = default;

const std::string& Store::id() const noexcept { return state_->id; }
const std::filesystem::path& Store::turns() const noexcept { return state_->turns; }
bool Store::is_read_only() const noexcept { return state_->read_only.has_value(); }

std::vector<ApprovalRecord> Store::approvals() const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] {
      std::vector<ApprovalRecord> approvals;
      SQLite::Statement query(
          state_->database,
          "SELECT plugin_id, sha256, enabled, sealed, data_key, isolation FROM approvals ORDER BY plugin_id");
      while (query.executeStep()) {
         ApprovalRecord& record = approvals.emplace_back();
         record.approval = {query.getColumn(0).getString(), query.getColumn(1).getString(),
                            query.getColumn(2).getInt() != 0, isolation_of(query.getColumn(5).getString())};
         if (query.getColumn(3).isNull()) continue;
         record.sealed = query.getColumn(3).getString();
         record.data_key = query.getColumn(4).getInt64();
      }
      return approvals;
   });
}

std::vector<PluginEnd> Store::plugin_ends() const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] {
      std::vector<PluginEnd> ends;
      const Prepared query = state_->statements.prepare(
          "SELECT plugin_id, sha256, operation, hung, at FROM plugin_ends ORDER BY plugin_id");
      while (query->executeStep()) {
         ends.push_back({query->getColumn(0).getString(), query->getColumn(1).getString(),
                         query->getColumn(2).getString(), query->getColumn(3).getInt() != 0,
                         query->getColumn(4).getInt64()});
      }
      return ends;
   });
}

void Store::add_plugin_end(const PluginEnd& end) {
   const std::lock_guard lock(state_->mutex);
   state_->require_writable();
   with_database(state_->file, [&] {
      SQLite::Statement insert(state_->database, "INSERT OR REPLACE INTO plugin_ends VALUES (?, ?, ?, ?, ?)");
      insert.bind(1, end.plugin_id);
      insert.bind(2, end.sha256);
      insert.bind(3, end.operation);
      insert.bind(4, end.hung ? 1 : 0);
      insert.bind(5, end.at);
      insert.exec();
   });
}

void Store::remove_plugin_end(std::string_view plugin_id) {
   const std::lock_guard lock(state_->mutex);
   state_->require_writable();
   with_database(state_->file, [&] {
      SQLite::Statement remove(state_->database, "DELETE FROM plugin_ends WHERE plugin_id = ?");
      remove.bind(1, std::string(plugin_id));
      remove.exec();
   });
}

std::vector<host::QuarantineRecord> Store::quarantine() const {
   const std::lock_guard lock(state_->mutex);
   return with_database(state_->file, [&] {
      using Time = host::QuarantineRecord::Time;
      std::vector<host::QuarantineRecord> records;
      const Prepared query = state_->statements.prepare(
          "SELECT sha256, ends, times, until, until_released FROM quarantine ORDER BY sha256");
      while (query->executeStep()) {
         host::QuarantineRecord& record = records.emplace_back();
         record.sha256 = query->getColumn(0).getString();
         std::istringstream ends(query->getColumn(1).getString());
         for (std::int64_t end = 0; ends >> end;) record.ends.emplace_back(std::chrono::seconds(end));
         record.times = query->getColumn(2).getInt();
         if (!query->getColumn(3).isNull()) record.until = Time(std::chrono::seconds(query->getColumn(3).getInt64()));
         record.until_released = query->getColumn(4).getInt() != 0;
      }
      return records;
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
   state_->require_writable();
   with_database(state_->file, [&] { state_->database.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)"); });
}

}  // namespace msp::console
