#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "msp/host/check.hpp"

namespace msp::host {
namespace {

// Writes members in the order in which they stand here, which is the order of the document.
class Document {
 public:
   Document() { writer_.SetIndent(' ', 2); }

   void open_object() { writer_.StartObject(); }
   void close_object() { writer_.EndObject(); }
   void open_array() { writer_.StartArray(); }
   void close_array() { writer_.EndArray(); }

   Document& key(std::string_view name) {
      writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
      return *this;
   }
   void null() { writer_.Null(); }
   void number(std::int64_t value) { writer_.Int64(value); }
   void boolean(bool value) { writer_.Bool(value); }
   void text(std::string_view value) {
      const auto valid = is_valid_utf8(value) ? std::string(value) : clean_text(value);
      writer_.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
   }
   void text_or_null(std::string_view value) { value.empty() ? null() : text(value); }
   void number_or_null(std::optional<std::int64_t> value) { value ? number(*value) : null(); }

   [[nodiscard]] std::string finish() const { return escape_unseen({buffer_.GetString(), buffer_.GetSize()}) + '\n'; }

 private:
   rapidjson::StringBuffer buffer_;
   rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_{buffer_};
};

void write(Document& json, const IntegrationSummary& integration) {
   json.open_object();
   json.key("id").number_or_null(integration.id == 0 ? std::nullopt : std::optional(integration.id));
   json.key("name").text_or_null(integration.name);
   json.key("platform").text_or_null(integration.platform);
   json.key("saved").boolean(integration.saved);
   json.key("drift").open_array();
   for (const auto& drift : integration.drift) {
      json.open_object();
      json.key("permission").text(drift.permission_id);
      json.key("at_saving").text_or_null(drift.at_saving ? name(*drift.at_saving) : std::string_view());
      json.key("now").text(name(drift.now));
      json.close_object();
   }
   json.close_array();
   json.close_object();
}

void write(Document& json, const Step& step) {
   json.open_object();
   json.key("step").text(step.name);
   json.key("status").text(name(step.status));
   json.key("ms").number(step.elapsed.count());
   json.close_object();
}

void write(Document& json, const std::optional<Identity>& identity) {
   if (!identity) return json.null();
   json.open_object();
   json.key("account").text(identity->account);
   json.key("label").text_or_null(identity->label);
   json.key("principal").text(identity->principal);
   json.key("endpoint").text_or_null(identity->endpoint);
   json.close_object();
}

// The verdict on one right, with what the manifest says about it. What to do is told only where something is to do.
void write(Document& json, const Grant& grant, const Permission* permission) {
   static const Permission unnamed;
   const auto& about = permission == nullptr ? unnamed : *permission;
   json.open_object();
   json.key("id").text(grant.permission_id);
   json.key("entity").text_or_null(about.entity);
   json.key("operation").text_or_null(about.operation);
   json.key("need").text(name(about.need));
   json.key("granted").text(name(grant.granted));
   json.key("how").text_or_null(grant.how == How::not_stated ? std::string_view() : name(grant.how));
   json.key("used_for").text_or_null(about.used_for);
   json.key("remedy").text_or_null(grant.granted == Granted::all ? std::string_view() : about.remedy);
   json.key("evidence").text_or_null(grant.evidence);
   json.key("verifiable").boolean(about.verifiable);
   json.close_object();
}

void write(Document& json, const Finding& finding) {
   json.open_object();
   json.key("code").text(finding.code);
   json.key("severity").text(name(finding.severity));
   json.key("field").text_or_null(finding.field);
   json.key("summary").text(finding.summary);
   json.key("remedy").text_or_null(finding.remedy);
   json.key("doc_url").text_or_null(finding.doc_url);
   json.key("http_status").number_or_null(finding.http_status);
   json.key("retry_after_s").number_or_null(finding.retry_after_s);
   json.key("step").text_or_null(finding.step);
   json.close_object();
}

// Only the kinds that occur, so that an empty object says that everything is in order.
void write(Document& json, const Remarks& remarks) {
   json.open_object();
   for (const auto& [name, count] : remark_kinds()) {
      if (remarks.*count > 0) json.key(name).number(remarks.*count);
   }
   json.close_object();
}

void write_permissions(Document& json, const CheckReport& report, const Manifest& manifest) {
   if (!report.verdict) return json.null();
   json.open_object();
   json.key("verdict").text(name(*report.verdict));
   json.key("grants").open_array();
   for (const auto& grant : report.grants) write(json, grant, manifest.permission(grant.permission_id));
   json.close_array();
   json.close_object();
}

}  // namespace

std::string to_json(const CheckReport& report, const Manifest& manifest, const IntegrationSummary& integration) {
   Document json;
   json.open_object();
   json.key("schema").text("msp.check/1");
   json.key("outcome").text(name(report.outcome));
   write(json.key("remarks"), remarks(report));
   json.key("correlation_id").text(report.correlation_id);
   write(json.key("integration"), integration);
   json.key("steps").open_array();
   for (const auto& step : report.steps) write(json, step);
   json.close_array();
   write(json.key("identity"), report.identity);
   write_permissions(json.key("permissions"), report, manifest);
   json.key("findings").open_array();
   for (const auto& finding : report.findings) write(json, finding);
   json.close_array();
   json.close_object();
   return json.finish();
}

}  // namespace msp::host
