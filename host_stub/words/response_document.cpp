#include "words/response_document.hpp"

#include <sodium.h>

#include "words/json_members.hpp"

namespace msp::console {
namespace {

std::string base64(std::string_view bytes) {
   std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
   sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     sodium_base64_VARIANT_ORIGINAL);
   text.pop_back();  // the NUL
   return text;
}

void fill_answer(DocumentWriter& writer, const host::Response& response) {
   number(writer, "status", response.status);
   objects(writer, "headers", response.headers, [&](const auto& header) {
      text(writer, "name", header.first);
      text(writer, "value", header.second);
   });
   const bool is_text = host::is_valid_utf8(response.body);
   text(writer, "body_encoding", is_text ? "utf-8" : "base64");
   writer.Key("body");  // as it came, however long it is
   writer.String(is_text ? response.body : base64(response.body));
}

}  // namespace

std::string response_document(const IntegrationAnswer& answer) {
   const host::Response& response = answer.response;
   return document([&](DocumentWriter& writer) {
      text(writer, "schema", "msp.response/1");
      text(writer, "outcome", host::name(response.outcome));
      object(writer, "integration", [&] {
         number(writer, "id", answer.integration.id);
         text(writer, "name", answer.integration.name);
         text(writer, "platform", answer.integration.platform);
      });
      if (response.status == 0) {
         null(writer, "response");
      } else {
         object(writer, "response", [&] { fill_answer(writer, response); });
      }
      objects(writer, "findings", response.findings, [&](const host::Finding& finding) {
         text(writer, "code", finding.code);
         text(writer, "severity", host::name(finding.severity));
         text(writer, "summary", finding.summary);
         text_or_null(writer, "remedy", finding.remedy);
      });
   });
}

}  // namespace msp::console
