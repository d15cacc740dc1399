// prepared.hpp - statements that are parsed once and then used again: parsing costs more than running most of them.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <map>
#include <memory>
#include <string>

namespace msp::console {

// One use of a statement, with all its values to be bound. Left behind it holds no lock and no row.
class Prepared {
 public:
   explicit Prepared(SQLite::Statement& statement) noexcept : statement_(statement) {}
   ~Prepared() { statement_.tryReset(); }
   Prepared(const Prepared&) = delete;
   Prepared& operator=(const Prepared&) = delete;

   SQLite::Statement* operator->() const noexcept { return &statement_; }
   SQLite::Statement& operator*() const noexcept { return statement_; }

 private:
   SQLite::Statement& statement_;
};

// Of one database connection, and as little thread-safe. A statement is not to be used while it is in use.
class Statements {
 public:
   explicit Statements(SQLite::Database& database) : database_(database) {}

   Prepared prepare(const std::string& sql) {
      auto& statement = statements_[sql];
      if (!statement) statement = std::make_unique<SQLite::Statement>(database_, sql);
      return Prepared(*statement);
   }

 private:
   SQLite::Database& database_;
   std::map<std::string, std::unique_ptr<SQLite::Statement>, std::less<>> statements_;
};

}  // namespace msp::console
