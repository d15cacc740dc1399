#include "words/response_document.hpp"

#include <sodium.h>

#include "msp/host/json_writer.hpp"
#include "msp/host/text.hpp"

namespace msp::console {
namespace {

std::string base64(std::string_view bytes) {
   std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
   sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     sodium_base64_VARIANT_ORIGINAL);
   text.pop_back();  // the NUL
   return text;
}

void fill_answer(host::JsonWriter& writer, const host::Response& response) {
   writer.number("status", response.status);
   writer.objects("headers", response.headers, [&](const auto& header) {
      writer.text("name", header.first);
      writer.text("value", header.second);
   });
   const bool is_text = host::is_valid_utf8(response.body);
   writer.text("body_encoding", is_text ? "utf-8" : "base64");
   writer.exact_text("body", is_text ? response.body : base64(response.body));  // as it came, however long it is
}

}  // namespace

std::string response_document(const IntegrationAnswer& answer) {
   const host::Response& response = answer.response;
   return host::json_document([&](host::JsonWriter& writer) {
      writer.text("schema", "msp.response/1");
      writer.text("outcome", host::name(response.outcome));
      writer.object("integration", [&] {
         writer.number("id", answer.integration.id);
         writer.text("name", answer.integration.name);
         writer.text("platform", answer.integration.platform);
      });
      writer.text_or_null("session", answer.session);
      if (response.status == 0) {
         writer.null("response");
      } else {
         writer.object("response", [&] { fill_answer(writer, response); });
      }
      writer.objects("findings", response.findings, [&](const host::Finding& finding) {
         writer.text("code", finding.code);
         writer.text("severity", host::name(finding.severity));
         writer.text("summary", finding.summary);
         writer.text_or_null("remedy", finding.remedy);
      });
   });
}

}  // namespace msp::console
