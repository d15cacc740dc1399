#include "response_document.hpp"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <sodium.h>

#include "msp/host/text.hpp"

namespace msp::console {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void text(Writer& writer, const char* key, std::string_view value) {
   writer.Key(key);
   writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void text_or_null(Writer& writer, const char* key, std::string_view value) {
   if (!value.empty()) return text(writer, key, host::clean_text(value));
   writer.Key(key);
   writer.Null();
}

std::string base64(std::string_view bytes) {
   std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
   sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     sodium_base64_VARIANT_ORIGINAL);
   text.pop_back();  // the NUL
   return text;
}

void fill_answer(Writer& writer, const host::Response& response) {
   writer.Key("status");
   writer.Int(response.status);
   writer.Key("headers");
   writer.StartArray();
   for (const auto& [name, value] : response.headers) {
      writer.StartObject();
      text(writer, "name", host::clean_text(name));
      text(writer, "value", host::clean_text(value, 65'536));
      writer.EndObject();
   }
   writer.EndArray();
   const bool is_text = host::is_valid_utf8(response.body);
   text(writer, "body_encoding", is_text ? "utf-8" : "base64");
   text(writer, "body", is_text ? response.body : base64(response.body));
}

void fill_finding(Writer& writer, const host::Finding& finding) {
   writer.StartObject();
   text(writer, "code", host::clean_text(finding.code));
   text(writer, "severity", host::name(finding.severity));
   text(writer, "summary", host::clean_text(finding.summary));
   text_or_null(writer, "remedy", finding.remedy);
   writer.EndObject();
}

}  // namespace

std::string response_document(const IntegrationAnswer& answer) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   writer.SetIndent(' ', 2);
   writer.StartObject();
   text(writer, "schema", "msp.response/1");
   text(writer, "outcome", host::name(answer.response.outcome));
   writer.Key("integration");
   writer.StartObject();
   writer.Key("id");
   writer.Int64(answer.integration.id);
   text(writer, "name", host::clean_text(answer.integration.name));
   text(writer, "platform", host::clean_text(answer.integration.platform));
   writer.EndObject();
   writer.Key("response");
   if (answer.response.status != 0) {
      writer.StartObject();
      fill_answer(writer, answer.response);
      writer.EndObject();
   } else {
      writer.Null();
   }
   writer.Key("findings");
   writer.StartArray();
   for (const host::Finding& one : answer.response.findings) fill_finding(writer, one);
   writer.EndArray();
   writer.EndObject();
   return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace msp::console
