#include "sim/ready_file.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <stdexcept>

namespace msp::sim {

std::vector<std::string> console_options(const Simulator& simulator) {
   std::vector<std::string> options = {"--cacert", simulator.ca_file().string()};
   for (const std::string& each : simulator.connect_to()) {
      options.emplace_back("--connect-to");
      options.push_back(each);
   }
   return options;
}

void write_ready_file(const Simulator& simulator, const std::filesystem::path& file) {
   rapidjson::StringBuffer buffer;
   rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
   const auto write_list = [&](const char* key, const std::vector<std::string>& texts) {
      writer.Key(key);
      writer.StartArray();
      for (const std::string& each : texts) writer.String(each);
      writer.EndArray();
   };
   writer.StartObject();
   writer.Key("port");
   writer.Uint(simulator.port());
   writer.Key("cacert");
   writer.String(simulator.ca_file().string());
   write_list("connect_to", simulator.connect_to());
   write_list("console_options", console_options(simulator));
   writer.EndObject();

   std::filesystem::path part = file;
   part += ".part";
   std::ofstream out(part, std::ios::binary | std::ios::trunc);
   out << buffer.GetString() << '\n';
   out.close();
   std::error_code failed;
   if (out) std::filesystem::rename(part, file, failed);
   if (!out || failed)
      throw std::runtime_error("The ready file " + file.string() + " cannot be written. Name another one.");
}

}  // namespace msp::sim
