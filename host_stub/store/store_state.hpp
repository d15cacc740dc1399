// store_state.hpp - what the store's own files share.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <filesystem>
#include <mutex>
#include <optional>

#include "store/finding_error.hpp"
#include "store/prepared.hpp"
#include "store/store.hpp"
#include "store/writer_wait.hpp"

namespace msp::console {

struct Store::State {
   // For reading and writing; brings the database to this console's version.
   explicit State(std::filesystem::path path);

   // For reading only, where the disk is full or nothing may be written; `why` is told to whoever wants to write.
   State(std::filesystem::path path, host::Finding why);

   // Throws FindingError when this is for reading only.
   void require_writable() const;

   std::filesystem::path file;
   std::filesystem::path turns = file.parent_path() / "turns";
   WriterWait writer_wait;  // of the connection below
   std::string id;
   // A connection serves one thread at a time; recursive, because a change reads through the store's own functions.
   mutable std::recursive_mutex mutex;
   mutable SQLite::Database database;
   mutable Statements statements{database};
   std::optional<host::Finding> read_only;
};

// Brings the schema and the name keys to this console's version (store_schema.cpp).
void migrate(SQLite::Database& database, const std::filesystem::path& file);

// Whether nothing is left to do for migrate().
bool is_of_this_version(SQLite::Database& database);

FindingError damaged(const std::filesystem::path& file);
[[noreturn]] void throw_storage_problem(const SQLite::Exception& error, const std::filesystem::path& file);

// Runs one piece of work on the database; SQLite's exceptions leave it as FindingError.
inline host::Isolation isolation_of(std::string_view text) {
   return text == host::name(host::Isolation::process) ? host::Isolation::process : host::Isolation::in_process;
}

template <class Work>
auto with_database(const std::filesystem::path& file, Work work) {
   try {
      return work();
   } catch (const SQLite::Exception& error) {
      throw_storage_problem(error, file);
   }
}

}  // namespace msp::console
