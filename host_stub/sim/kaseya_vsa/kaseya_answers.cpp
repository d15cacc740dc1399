#include "sim/kaseya_vsa/kaseya_answers.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace msp::sim::kaseya {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::size_t kPage = 100;

// One organisation with one machine group and one agent.
struct Organization {
   const char* name;
   const char* id;
   const char* group;
   const char* group_id;
   const char* agent;
   const char* agent_id;
};

constexpr std::array<Organization, 3> kOrganizations = {{
    {"Adventure Bakery", "61245863458712349876543211", "root.bakery", "71245863458712349876543211", "ab-till1",
     "981245863458711"},
    {"Blue Lighthouse Law", "61245863458712349876543212", "root.law", "71245863458712349876543212", "bll-desk7",
     "981245863458712"},
    {"Cedar Street Dental", "61245863458712349876543213", "root.dental", "71245863458712349876543213", "csd-pc4",
     "981245863458713"},
}};

bool shows(const Scope& scope, const Organization& organization) {
   return std::find(scope.organizations.begin(), scope.organizations.end(), organization.name) !=
          scope.organizations.end();
}

void write_text(Writer& writer, const char* key, const std::string& value) {
   writer.Key(key);
   writer.String(value);
}

// A value whose kind servers do not agree on.
void write_id(Writer& writer, const Scenario& scenario, const char* key, unsigned value, bool is_documented_text) {
   const bool is_text =
       scenario.ids == Scenario::Ids::text || (scenario.ids == Scenario::Ids::documented && is_documented_text);
   writer.Key(key);
   if (is_text)
      writer.String(std::to_string(value));
   else
      writer.Uint(value);
}

// The rest of the envelope, after its Result.
void write_end(Writer& writer, const std::string& error) {
   write_text(writer, "Status", "OK");
   write_text(writer, "Error", error);
}

std::string organization_json(const std::string& function, const Organization& each) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   writer.StartObject();
   if (function == "orgs") {
      write_text(writer, "OrgId", each.id);
      write_text(writer, "OrgName", each.name);
   } else if (function == "machinegroups") {
      write_text(writer, "MachineGroupId", each.group_id);
      write_text(writer, "MachineGroupName", each.group);
      write_text(writer, "OrgId", each.id);
   } else {
      write_text(writer, "AgentId", each.agent_id);
      write_text(writer, "AgentName", std::string(each.agent) + '.' + each.group);
      write_text(writer, "MachineGroup", each.group);
      write_text(writer, "OSType", "Windows");
   }
   writer.EndObject();
   return buffer.GetString();
}

// All records that the scope shows.
std::vector<std::string> list(const Scope& scope, const std::string& function) {
   if (function == "agentprocs")
      return {R"({"AgentProcedureId":"612345671","AgentProcedureName":"Install endpoint protection","Path":"Shared"})",
              R"({"AgentProcedureId":"612345672","AgentProcedureName":"Remove endpoint protection","Path":"Shared"})"};
   if (function == "servicedesks") return {R"({"ServiceDeskId":"81245863458712349","ServiceDeskName":"Support"})"};
   if (function == "securityproducts")
      return {R"({"ProductName":"Endpoint protection","ProductType":"AntiVirus","IsActive":true})"};
   std::vector<std::string> result;
   for (const Organization& each : kOrganizations)
      if (shows(scope, each)) result.push_back(organization_json(function, each));
   return result;
}

std::size_t number_or(const std::optional<std::string>& text, std::size_t fallback) {
   const bool is_number =
       text && !text->empty() && text->size() < 9 && text->find_first_not_of("0123456789") == std::string::npos;
   return is_number ? std::stoul(*text) : fallback;
}

std::string expiration_text(Scenario::Expiration form, std::chrono::system_clock::time_point expires) {
   using Form = Scenario::Expiration;
   std::string text = utc_text(expires);
   if (form == Form::fraction || form == Form::fraction_zulu) text += ".833";
   if (form == Form::zulu || form == Form::fraction_zulu) text += 'Z';
   return text;
}

}  // namespace

std::string utc_text(std::chrono::system_clock::time_point time) {
   const auto day = std::chrono::floor<std::chrono::days>(time);
   const std::chrono::year_month_day date(day);
   const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
   std::array<char, 32> text{};
   const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
   return {text.data(), static_cast<std::size_t>(size)};
}

Reply success(std::string_view result_json, std::optional<std::size_t> total_records) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   writer.StartObject();
   if (total_records) {
      writer.Key("TotalRecords");
      writer.Uint64(*total_records);
   }
   writer.Key("Result");
   writer.RawValue(result_json.data(), result_json.size(), rapidjson::kObjectType);
   writer.Key("ResponseCode");
   writer.Uint(0);
   write_end(writer, "None");
   writer.EndObject();
   return Reply::json(buffer.GetString());
}

Reply refusal(const Scenario& scenario, int status, std::string_view text) {
   using Form = Scenario::Refusal;
   if (scenario.refusal == Form::text) return {.status = status, .body = std::string(text)};
   if (scenario.refusal == Form::empty) return {.status = status};
   if (scenario.refusal == Form::page)
      return Reply::html("<!DOCTYPE html><html><head><title>Access is denied.</title></head></html>", status);
   using Code = Scenario::Code;
   const Code form = scenario.response_code;
   const bool is_short = form == Code::three_digits || form == Code::three_digits_text;
   const int code = is_short ? status : status * 10000 + 1;
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   writer.StartObject();
   writer.Key("Result");
   writer.Null();
   writer.Key("ResponseCode");
   if (form == Code::seven_digits_text || form == Code::three_digits_text)
      writer.String(std::to_string(code));
   else
      writer.Int(code);
   write_end(writer, scenario.refusal_words == Scenario::Words::captured ? "None" : std::string(text));
   writer.EndObject();
   return Reply::json(buffer.GetString(), scenario.refusal == Form::in_200 ? 200 : status);
}

Reply session(const Scenario& scenario, const User& user, const std::string& token,
              std::chrono::system_clock::time_point expires) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   const bool is_newer = !scenario.is_older_version();
   writer.StartObject();
   write_id(writer, scenario, "TenantId", 1, true);
   writer.Key("Token");
   if (scenario.ids == Scenario::Ids::number)
      writer.RawValue(token.data(), token.size(), rapidjson::kNumberType);
   else
      writer.String(token);
   write_text(writer, "UserName", user.login);
   write_id(writer, scenario, "RoleId", scenario.role_of(user).id, false);
   write_id(writer, scenario, "ScopeId", scenario.scope_of(user).id, true);
   const auto place = static_cast<unsigned>(&user - scenario.users.data());
   write_id(writer, scenario, "AdminId", 55957651 + place, false);
   writer.Key("MachineId");
   writer.Null();
   writer.Key("MachineGroupName");
   writer.Null();
   if (is_newer && scenario.session_expiration != Scenario::Expiration::absent)
      write_text(writer, "SessionExpiration", expiration_text(scenario.session_expiration, expires));
   if (is_newer) {
      write_text(writer, "CultureInfo", "en-US");
      write_text(writer, "TimePref", "Browser");
      writer.Key("OffSetInMinutes");
      writer.Int(420);
      write_text(writer, "ApiToken", "MC5N" + token);
   }
   writer.Key("Attributes");
   writer.Null();
   writer.EndObject();
   return success(buffer.GetString());
}

Reply records(const Scope& scope, const std::string& function, const Request& request) {
   const std::vector<std::string> all = list(scope, function);
   const std::size_t first = std::min(all.size(), number_or(request.query_value("$skip"), 0));
   const std::size_t count = std::min({kPage, all.size() - first, number_or(request.query_value("$top"), kPage)});
   std::string page;
   for (std::size_t i = first; i < first + count; ++i) page += (page.empty() ? "" : ",") + all[i];
   return success('[' + page + ']', all.size());
}

bool has_agent(const Scope& scope, std::string_view agent_id) {
   return std::any_of(kOrganizations.begin(), kOrganizations.end(),
                      [&](const Organization& each) { return agent_id == each.agent_id && shows(scope, each); });
}

Reply environment(const Scenario& scenario) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   writer.StartObject();
   write_text(writer, "Version", scenario.version);
   writer.EndObject();
   return success(buffer.GetString());
}

Reply as_xml(const Reply& reply) {
   Reply xml = reply;
   xml.set_header("Content-Type", "application/xml; charset=utf-8");
   xml.body = R"(<?xml version="1.0" encoding="utf-8"?><APIResponse><Status>OK</Status></APIResponse>)";
   return xml;
}

Reply not_a_vsa9(const Scenario& scenario) {
   if (scenario.product == Scenario::Product::vsa_x)
      return Reply::json(R"({"Error":{"Code":404,"Message":"The resource you requested was not found."}})", 404);
   return Reply::html("<!DOCTYPE html><html><head><title>Sign in</title></head><body>Customer portal</body></html>");
}

}  // namespace msp::sim::kaseya
