// plain_sqlite.hpp - the console's database in the hands of another program.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>

namespace msp::console::test {

inline void run_sql(const std::filesystem::path& file, const std::string& sql) {
   sqlite3* database = nullptr;
   ASSERT_EQ(sqlite3_open(file.string().c_str(), &database), SQLITE_OK);
   EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
   sqlite3_close(database);
}

// The first column of the first row as text; "" for NULL or no row.
inline std::string query(const std::filesystem::path& file, const std::string& sql) {
   sqlite3* database = nullptr;
   sqlite3_stmt* statement = nullptr;
   std::string result;
   EXPECT_EQ(sqlite3_open(file.string().c_str(), &database), SQLITE_OK);
   EXPECT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
   if (sqlite3_step(statement) == SQLITE_ROW) {
      const auto* text = sqlite3_column_text(statement, 0);
      if (text) result = reinterpret_cast<const char*>(text);
   }
   sqlite3_finalize(statement);
   sqlite3_close(database);
   return result;
}

}  // namespace msp::console::test
