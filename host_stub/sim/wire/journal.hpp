// journal.hpp - what arrived at a simulator.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sim/wire/http_message.hpp"

namespace msp::sim {

// One request as the journal keeps it: names only, so that a journal can be shown to anybody.
struct JournalEntry {
   std::size_t number = 0;
   std::size_t connection = 0;
   std::string method;
   std::string path;
   std::vector<std::string> header_names;

   bool has_header(std::string_view name) const;
};

// What arrived, in the order of arrival; with a file, also one JSON document per line, written at once. [any-thread]
class Journal {
 public:
   // Throws std::runtime_error if the file cannot be opened; an existing one is replaced.
   explicit Journal(const std::filesystem::path& file = {});

   void add(const Request& request);
   std::vector<JournalEntry> entries() const;

 private:
   mutable std::mutex mutex_;
   std::vector<JournalEntry> entries_;
   std::ofstream file_;
};

}  // namespace msp::sim
