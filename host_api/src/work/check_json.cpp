// The document msp.check/1, made of the report of one check.
#include <optional>
#include <string>
#include <string_view>

#include "msp/host/check.hpp"
#include "msp/host/json_writer.hpp"

namespace msp::host {
namespace {

void fill_integration(JsonWriter& json, const IntegrationSummary& integration) {
   json.number_or_null("id", integration.id == 0 ? std::nullopt : std::optional(integration.id));
   json.text_or_null("name", integration.name);
   json.text_or_null("platform", integration.platform);
   json.flag("saved", integration.saved);
   json.objects("drift", integration.drift, [&](const Drift& drift) {
      json.text("permission", drift.permission_id);
      json.text_or_null("at_saving", drift.at_saving ? name(*drift.at_saving) : std::string_view());
      json.text("now", name(drift.now));
   });
}

// The verdict on one right, with what the manifest says about it. What to do is told only where something is to do.
void fill_grant(JsonWriter& json, const Grant& grant, const Permission* permission) {
   static const Permission unnamed;
   const auto& about = permission == nullptr ? unnamed : *permission;
   json.text("id", grant.permission_id);
   json.text_or_null("entity", about.entity);
   json.text_or_null("operation", about.operation);
   json.text("need", name(about.need));
   json.text("granted", name(grant.granted));
   json.text_or_null("how", grant.how == How::not_stated ? std::string_view() : name(grant.how));
   json.text_or_null("used_for", about.used_for);
   json.text_or_null("remedy", grant.granted == Granted::all ? std::string_view() : about.remedy);
   json.text_or_null("evidence", grant.evidence);
   json.flag("verifiable", about.verifiable);
}

void fill_finding(JsonWriter& json, const Finding& finding) {
   json.text("code", finding.code);
   json.text("severity", name(finding.severity));
   json.text_or_null("field", finding.field);
   json.text("summary", finding.summary);
   json.text_or_null("remedy", finding.remedy);
   json.text_or_null("doc_url", finding.doc_url);
   json.number_or_null("http_status", finding.http_status);
   json.number_or_null("retry_after_s", finding.retry_after_s);
   json.text_or_null("step", finding.step);
}

void fill_request(JsonWriter& json, const TracedRequest& request) {
   const SentRequest& sent = request.sent;
   json.text("step", request.step);
   json.text("method", sent.method);
   json.text("host", sent.host);
   json.text("path", sent.path);
   json.number_or_null("status", sent.status == 0 ? std::nullopt : std::optional(sent.status));
   json.text_or_null("problem", sent.problem);
   json.number("ms", sent.elapsed.count());
}

// Only the kinds that occur, so that an empty object says that everything is in order.
void fill_remarks(JsonWriter& json, const Remarks& remarks) {
   for (const auto& [name, count] : remark_kinds()) {
      if (remarks.*count > 0) json.number(name, remarks.*count);
   }
}

}  // namespace

std::string to_json(const CheckReport& report, const Manifest& manifest, const IntegrationSummary& integration) {
   JsonWriter json;
   json.text("schema", "msp.check/1");
   json.text("outcome", name(report.outcome));
   json.object("remarks", [&] { fill_remarks(json, remarks(report)); });
   json.text("correlation_id", report.correlation_id);
   json.object("integration", [&] { fill_integration(json, integration); });
   json.objects("steps", report.steps, [&](const Step& step) {
      json.text("step", step.name);
      json.text("status", name(step.status));
      json.number("ms", step.elapsed.count());
   });
   json.object_or_null("identity", report.identity, [&](const Identity& identity) {
      json.text("account", identity.account);
      json.text_or_null("label", identity.label);
      json.text("principal", identity.principal);
      json.text_or_null("endpoint", identity.endpoint);
   });
   json.object_or_null("permissions", report.verdict, [&](const auto& verdict) {
      json.text("verdict", name(verdict));
      json.objects("grants", report.grants,
                   [&](const Grant& grant) { fill_grant(json, grant, manifest.permission(grant.permission_id)); });
   });
   json.objects("findings", report.findings, [&](const Finding& finding) { fill_finding(json, finding); });
   if (report.requests) json.objects("requests", *report.requests, [&](const auto& one) { fill_request(json, one); });
   return json.finish();
}

}  // namespace msp::host
