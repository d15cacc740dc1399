#include "sim/wire/journal.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <stdexcept>

namespace msp::sim {
namespace {

std::string to_json(const JournalEntry& entry) {
   rapidjson::StringBuffer buffer;
   rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
   writer.StartObject();
   writer.Key("number");
   writer.Uint64(entry.number);
   writer.Key("connection");
   writer.Uint64(entry.connection);
   writer.Key("method");
   writer.String(entry.method);
   writer.Key("path");
   writer.String(entry.path);
   writer.Key("headers");
   writer.StartArray();
   for (const std::string& name : entry.header_names) writer.String(name);
   writer.EndArray();
   writer.EndObject();
   return buffer.GetString();
}

}  // namespace

bool JournalEntry::has_header(std::string_view name) const {
   for (const std::string& each : header_names)
      if (equal_ignoring_case(each, name)) return true;
   return false;
}

Journal::Journal(const std::filesystem::path& file) {
   if (file.empty()) return;
   file_.open(file, std::ios::binary | std::ios::trunc);
   if (!file_) throw std::runtime_error("The journal " + file.string() + " cannot be written. Name another file.");
}

void Journal::add(const Request& request) {
   JournalEntry entry{request.number, request.connection, request.method, request.path, {}};
   for (const auto& [name, value] : request.headers) entry.header_names.push_back(name);
   const std::scoped_lock lock(mutex_);
   if (file_.is_open()) file_ << to_json(entry) << '\n' << std::flush;
   entries_.push_back(std::move(entry));
}

std::vector<JournalEntry> Journal::entries() const {
   const std::scoped_lock lock(mutex_);
   return entries_;
}

}  // namespace msp::sim
