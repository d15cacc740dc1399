#include "web/simulated_users.hpp"

#include <rapidjson/document.h>

#include "msp/host/json_writer.hpp"

namespace msp::console {
namespace {

std::string text(const rapidjson::Value& value) { return {value.GetString(), value.GetStringLength()}; }

host::Finding mistake(std::string summary) { return {"input.invalid", std::move(summary), ""}; }

}  // namespace

host::Result<SimulatedUsers> SimulatedUsers::read(std::string_view json) {
   rapidjson::Document parsed;
   parsed.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
   const rapidjson::Document& document = parsed;
   if (document.HasParseError() || !document.IsObject()) return mistake("is no JSON object");
   SimulatedUsers result;
   for (const auto& [platform, users] : document.GetObject()) {
      if (!users.IsArray()) return mistake("has no list of users for \"" + text(platform) + '"');
      for (const auto& each : users.GetArray()) {
         const auto about = each.IsObject() ? each.FindMember("about") : rapidjson::Value::ConstMemberIterator();
         const auto values = each.IsObject() ? each.FindMember("values") : about;
         if (!each.IsObject() || about == each.MemberEnd() || !about->value.IsString() || values == each.MemberEnd() ||
             !values->value.IsObject())
            return mistake("has a user of \"" + text(platform) + "\" without \"about\" or \"values\"");
         User user{text(about->value), {}};
         for (const auto& [field, value] : values->value.GetObject()) {
            if (!value.IsString()) return mistake("has a value of \"" + text(field) + "\" that is no text");
            user.values.emplace(text(field), text(value));
         }
         result.users_[text(platform)].push_back(std::move(user));
      }
   }
   return result;
}

std::string SimulatedUsers::document(std::string_view platform) const {
   const auto users = users_.find(platform);
   return host::json_document([&](host::JsonWriter& writer) {
      writer.text("schema", "msp.simulated_users/1");
      writer.objects("users", users == users_.end() ? std::vector<User>{} : users->second, [&](const User& user) {
         writer.text("about", user.about);
         writer.object("values", [&] {
            for (const auto& [field, value] : user.values) writer.exact_text(field, value);
         });
      });
   });
}

}  // namespace msp::console
