#include "sim/scenario_reader.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace msp::sim {

rapidjson::Document parse_scenario(const std::string& text) {
   rapidjson::Document document;
   document.Parse(text);
   if (document.HasParseError()) {
      const std::string before = text.substr(0, document.GetErrorOffset());
      const auto line = std::count(before.begin(), before.end(), '\n') + 1;
      const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
      throw ScenarioError("line " + std::to_string(line) + ", column " + std::to_string(column) +
                          ": the scenario is not JSON. " + rapidjson::GetParseError_En(document.GetParseError()));
   }
   if (!document.IsObject()) throw ScenarioError("The scenario must be one JSON object.");
   return document;
}

ScenarioReader::ScenarioReader(const rapidjson::Value& object, std::string place)
    : object_(object), place_(std::move(place)) {
   if (!object.IsObject()) throw ScenarioError(place_ + ": must be an object.");
}

std::string ScenarioReader::place_of(std::string_view key) const {
   return place_.empty() ? std::string(key) : place_ + '.' + std::string(key);
}

void ScenarioReader::fail(const char* key, const std::string& what) const {
   throw ScenarioError(place_of(key) + ": " + what);
}

const rapidjson::Value* ScenarioReader::find(const char* key) {
   asked_.emplace_back(key);
   const auto member = object_.FindMember(key);
   return member == object_.MemberEnd() ? nullptr : &member->value;
}

void ScenarioReader::text(const char* key, std::string& target) {
   const rapidjson::Value* value = find(key);
   if (value == nullptr) return;
   if (!value->IsString()) fail(key, "must be a text.");
   target.assign(value->GetString(), value->GetStringLength());
}

void ScenarioReader::texts(const char* key, std::vector<std::string>& target) {
   const rapidjson::Value* value = find(key);
   if (value == nullptr) return;
   if (!value->IsArray()) fail(key, "must be a list of texts.");
   target.clear();
   for (const rapidjson::Value& each : value->GetArray()) {
      if (!each.IsString()) fail(key, "must be a list of texts.");
      target.emplace_back(each.GetString(), each.GetStringLength());
   }
}

void ScenarioReader::boolean(const char* key, bool& target) {
   const rapidjson::Value* value = find(key);
   if (value == nullptr) return;
   if (!value->IsBool()) fail(key, "must be true or false.");
   target = value->GetBool();
}

void ScenarioReader::pairs(const char* key, std::vector<std::pair<std::string, std::string>>& target) {
   object(key, [&](ScenarioReader& members) {
      target.clear();
      for (const std::string& name : members.keys()) {
         std::string value;
         members.text(name.c_str(), value);
         target.emplace_back(name, value);
      }
   });
}

void ScenarioReader::json(const char* key, std::string& target) {
   const rapidjson::Value* value = find(key);
   if (value == nullptr) return;
   rapidjson::StringBuffer text;
   rapidjson::Writer<rapidjson::StringBuffer> writer(text);
   value->Accept(writer);
   target.assign(text.GetString(), text.GetSize());
}

unsigned ScenarioReader::read_count(const char* key, unsigned fallback) {
   const rapidjson::Value* value = find(key);
   if (value == nullptr) return fallback;
   if (!value->IsUint()) fail(key, "must be a whole number, 0 or greater.");
   return value->GetUint();
}

std::vector<std::string> ScenarioReader::keys() const {
   std::vector<std::string> names;
   for (const auto& member : object_.GetObject()) names.emplace_back(member.name.GetString());
   return names;
}

void ScenarioReader::finish() const {
   for (const std::string& key : keys()) {
      if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
      std::string known;
      for (const std::string& each : asked_) known += (known.empty() ? "" : ", ") + each;
      fail(key.c_str(), "is not known here. Known are: " + known + ".");
   }
}

}  // namespace msp::sim
