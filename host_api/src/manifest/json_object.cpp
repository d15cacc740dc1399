#include "manifest/json_object.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"

namespace msp::host {
namespace {

std::string_view view(const rapidjson::Value& string) { return {string.GetString(), string.GetStringLength()}; }

std::string text_of(const rapidjson::Value& value, const std::string& place) {
   if (!value.IsString()) throw ManifestError(place, "must be a string");
   const std::string_view text = view(value);
   if (!is_clean_text(text))
      throw ManifestError(place, "must not hold control characters, nor any that cannot be seen");
   return std::string(text);
}

// A key may be anything; what is quoted of it must be fit to be shown.
std::string shown(std::string_view key) { return clean_text(key, 80); }

}  // namespace

std::string line_of(const rapidjson::Value& value, const std::string& place) {
   std::string text = text_of(value, place);
   if (text.find('\n') != std::string::npos) throw ManifestError(place, "must be one line");
   return text;
}

JsonObject::JsonObject(const rapidjson::Value& value, std::string place) : value_(value), place_(std::move(place)) {
   if (!value_.IsObject()) throw ManifestError(place_.empty() ? "document" : place_, "must be an object");
   std::unordered_set<std::string_view> seen;
   for (const auto& member : value_.GetObject()) {
      if (!seen.insert(view(member.name)).second) refuse(shown(view(member.name)), "stands twice");
   }
}

std::string JsonObject::place(std::string_view key) const {
   return place_.empty() ? std::string(key) : place_ + "." + std::string(key);
}

void JsonObject::refuse(std::string_view key, const std::string& text) const { throw ManifestError(place(key), text); }

bool JsonObject::has(std::string_view key) { return optional(key) != nullptr; }

const rapidjson::Value& JsonObject::required(std::string_view key) {
   const rapidjson::Value* value = optional(key);
   if (value == nullptr) refuse(key, "is missing");
   return *value;
}

const rapidjson::Value* JsonObject::optional(std::string_view key) {
   known_.emplace_back(key);
   const auto member =
       value_.FindMember(rapidjson::StringRef(key.data(), static_cast<rapidjson::SizeType>(key.size())));
   return member == value_.MemberEnd() ? nullptr : &member->value;
}

std::vector<std::string> JsonObject::keys() const {
   std::vector<std::string> keys;
   for (const auto& member : value_.GetObject()) keys.emplace_back(view(member.name));
   return keys;
}

std::string JsonObject::required_line(std::string_view key) {
   std::string text = line_of(required(key), place(key));
   if (trim(text).empty()) refuse(key, "must not be blank");
   return text;
}

std::string JsonObject::optional_line(std::string_view key) {
   const rapidjson::Value* value = optional(key);
   return value == nullptr ? std::string() : line_of(*value, place(key));
}

std::string JsonObject::required_text(std::string_view key) {
   std::string text = text_of(required(key), place(key));
   if (trim(text).empty()) refuse(key, "must not be blank");
   return text;
}

std::string JsonObject::optional_text(std::string_view key) {
   const rapidjson::Value* value = optional(key);
   return value == nullptr ? std::string() : text_of(*value, place(key));
}

std::string JsonObject::optional_https_url(std::string_view key) {
   constexpr std::string_view kScheme = "https://";
   const rapidjson::Value* value = optional(key);
   if (value == nullptr) return {};
   std::string url = line_of(*value, place(key));
   const bool plain = std::none_of(url.begin(), url.end(), [](char c) { return c == ' ' || c == '"' || c == '<'; });
   if (!url.starts_with(kScheme) || url.size() == kScheme.size() || !plain) refuse(key, "must be an https:// address");
   return url;
}

bool JsonObject::optional_boolean(std::string_view key, bool absent) {
   const rapidjson::Value* value = optional(key);
   if (value == nullptr) return absent;
   if (!value->IsBool()) refuse(key, "must be true or false");
   return value->GetBool();
}

std::int64_t JsonObject::required_integer(std::string_view key, std::int64_t lowest, std::int64_t highest) {
   required(key);
   const std::int64_t number = *optional_integer(key);
   if (number < lowest || number > highest) {
      refuse(key, "is " + std::to_string(number) + ", must be from " + std::to_string(lowest) + " to " +
                      std::to_string(highest));
   }
   return number;
}

std::optional<std::int64_t> JsonObject::optional_integer(std::string_view key) {
   const rapidjson::Value* value = optional(key);
   if (value == nullptr) return std::nullopt;
   if (!value->IsInt64()) refuse(key, "must be a whole number");
   return value->GetInt64();
}

std::vector<JsonObject::Element> JsonObject::required_array(std::string_view key, std::size_t max_size) {
   required(key);
   return optional_array(key, max_size);
}

std::vector<JsonObject::Element> JsonObject::optional_array(std::string_view key, std::size_t max_size) {
   const rapidjson::Value* value = optional(key);
   if (value == nullptr) return {};
   if (!value->IsArray()) refuse(key, "must be an array");
   if (value->Size() > max_size) {
      refuse(key, "has " + std::to_string(value->Size()) + " elements, at most " + std::to_string(max_size) +
                      " are allowed");
   }
   std::vector<Element> elements;
   for (const auto& element : value->GetArray()) {
      elements.push_back({element, place(key) + "[" + std::to_string(elements.size()) + "]"});
   }
   return elements;
}

void JsonObject::append_unknown_keys(std::vector<std::string>& places) const {
   for (const auto& member : value_.GetObject()) {
      if (std::find(known_.begin(), known_.end(), view(member.name)) == known_.end()) {
         places.push_back(place(shown(view(member.name))));
      }
   }
}

}  // namespace msp::host
