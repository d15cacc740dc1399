#include "web/request_json.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <string_view>

#include "msp/host/text.hpp"

namespace msp::console {
namespace {

// Parsed where it lies: a secret is never copied into memory that nobody wipes.
class JsonBody {
 public:
   explicit JsonBody(WipedString text) : text_(std::move(text)) {
      document_.ParseInsitu<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text_.data());
   }

   [[nodiscard]] host::Result<void> is_object() const {
      if (document_.HasParseError()) {
         return mistake("The body is no JSON: " + std::string(rapidjson::GetParseError_En(document_.GetParseError())));
      }
      if (!document_.IsObject()) return mistake("The body must be a JSON object.");
      return {};
   }

   static host::Finding mistake(std::string summary) {
      return {"request.invalid", std::move(summary),
              "Reload the page; if it stays, report it to the console's vendor."};
   }

   const rapidjson::Document& document() const { return document_; }

 private:
   WipedString text_;
   rapidjson::Document document_;
};

std::string_view view(const rapidjson::Value& value) { return {value.GetString(), value.GetStringLength()}; }

host::Finding unexpected(std::string_view key) {
   return JsonBody::mistake("The body's \"" + host::clean_text(key, 64) + "\" is not what this console knows.");
}

}  // namespace

host::Result<SettingsRequest> read_settings(WipedString text) {
   const JsonBody body(std::move(text));
   if (auto object = body.is_object(); !object) return object.finding();
   SettingsRequest request;
   for (const auto& [name, value] : body.document().GetObject()) {
      const std::string_view key = view(name);
      if ((key == "platform" || key == "name") && value.IsString()) {
         (key == "name" ? request.name : request.platform) = std::string(view(value));
      } else if ((key == "settings" || key == "secrets") && value.IsObject()) {
         for (const auto& [field, entry] : value.GetObject()) {
            if (!entry.IsString()) return unexpected(view(field));
            if (key == "settings")
               request.settings.values[std::string(view(field))] = view(entry);
            else
               request.settings.secrets[std::string(view(field))] = host::SecretBytes(view(entry));
         }
      } else {
         return unexpected(key);
      }
   }
   return request;
}

host::Result<host::SecretBytes> read_text(WipedString text, const char* key) {
   const JsonBody body(std::move(text));
   if (auto object = body.is_object(); !object) return object.finding();
   const auto& document = body.document();
   if (document.MemberCount() != 1 || !document.HasMember(key) || !document[key].IsString()) {
      return JsonBody::mistake(std::string("The body must be an object with the text \"") + key +
                               "\" and nothing else.");
   }
   return host::SecretBytes(view(document[key]));
}

}  // namespace msp::console
