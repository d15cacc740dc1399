#include "sim/autotask/autotask_answers.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace msp::sim::autotask {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::array<std::string_view, kOperations> kOperationNames = {"Create", "Delete", "Query", "Update"};

template <typename Write>
Reply json(Write write, int status = 200) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   writer.StartObject();
   write(writer);
   writer.EndObject();
   return Reply::json(buffer.GetString(), status);
}

std::string_view access_name(Access access) {
   if (access == Access::all) return "All";
   return access == Access::restricted ? "Restricted" : "None";
}

unsigned access_number(Access access) {
   if (access == Access::all) return 1;
   return access == Access::restricted ? 2 : 0;
}

void write_access(Writer& writer, Scenario::AccessValue form, Access access) {
   using Form = Scenario::AccessValue;
   const std::string name(access_name(access));
   std::string upper = name;
   for (char& c : upper)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
   switch (form) {
      case Form::text:
         writer.String(name);
         break;
      case Form::lower:
         writer.String(to_lower(name));
         break;
      case Form::upper:
         writer.String(upper);
         break;
      case Form::number:
         writer.Uint(access_number(access));
         break;
      case Form::number_text:
         writer.String(std::to_string(access_number(access)));
         break;
      case Form::boolean:
         writer.Bool(access_number(access) != 0);
         break;
      case Form::null:
      case Form::missing:
         writer.Null();
         break;
   }
}

void write_key(Writer& writer, const Scenario& scenario, std::string key) {
   if (scenario.keys == Scenario::Keys::pascal) key[0] = static_cast<char>(key[0] - 'a' + 'A');
   writer.Key(key.c_str());
}

// The members of `info`.
void write_info(Writer& writer, const Scenario& scenario, const User& user, const Entity& entity, std::string_view name,
                bool with_access) {
   const auto key = [&](const std::string& text) { write_key(writer, scenario, text); };
   key("name");
   writer.String(std::string(name));
   for (std::size_t i = 0; i < kOperations; ++i) {
      key("can" + std::string(kOperationNames[i]));
      writer.Bool(access_of(user, entity, static_cast<Operation>(i)) != Access::not_offered);
   }
   for (std::size_t i = 0; i < kOperations; ++i) {
      if (!with_access || scenario.access_values == Scenario::AccessValue::missing) continue;
      key("userAccessFor" + std::string(kOperationNames[i]));
      write_access(writer, scenario.access_values, access_of(user, entity, static_cast<Operation>(i)));
   }
   key("hasUserDefinedFields");
   writer.Bool(entity.plural == "Tickets" || entity.plural == "Companies");
   key("supportsWebhookCallouts");
   writer.Bool(entity.plural == "Tickets" || entity.plural == "Companies");
}

std::string_view one_shot_name(Scenario::OneShot form, const Entity& entity) {
   if (form == Scenario::OneShot::plural) return entity.plural;
   return form == Scenario::OneShot::soap ? entity.soap : entity.singular;
}

bool is_listed(const Scenario& scenario, const Entity& entity) {
   const auto& listed = scenario.one_shot_entities;
   return listed.empty() || std::find(listed.begin(), listed.end(), entity.plural) != listed.end();
}

}  // namespace

Access access_of(const User& user, const Entity& entity, Operation operation) {
   const auto found = user.rights.find(std::string(entity.plural));
   const Rights& rights = found == user.rights.end() ? user.default_rights : found->second;
   return rights[static_cast<std::size_t>(operation)];
}

Reply errors(std::string_view text, int status) {
   return json(
       [&](Writer& writer) {
          writer.Key("errors");
          writer.StartArray();
          writer.String(std::string(text));
          writer.EndArray();
       },
       status);
}

Reply zone_information(const Zone& zone, unsigned ci) {
   return json([&](Writer& writer) {
      writer.Key("zoneName");
      writer.String(zone.name);
      writer.Key("url");
      writer.String(zone.url);
      writer.Key("webUrl");
      const std::string host = zone.host();
      const std::string digits = host.substr(0, host.find('.'));
      const std::size_t number = std::min(digits.find_first_of("0123456789"), digits.size());
      writer.String("https://ww" + digits.substr(number) + ".autotask.net/");
      writer.Key("ci");
      writer.Uint(ci);
   });
}

Reply entity_information(const Scenario& scenario, const User& user, const Entity& entity) {
   return json([&](Writer& writer) {
      write_key(writer, scenario, "info");
      writer.StartObject();
      write_info(writer, scenario, user, entity, entity.singular, true);
      writer.EndObject();
   });
}

Reply one_shot_information(const Scenario& scenario, const User& user) {
   using Shape = Scenario::OneShotShape;
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   const bool in_object = scenario.one_shot_shape != Shape::bare_list;
   const bool in_info = scenario.one_shot_shape != Shape::without_info;
   if (in_object) {
      writer.StartObject();
      write_key(writer, scenario, "entityDescriptions");
   }
   writer.StartArray();
   for (const Entity& entity : entities()) {
      if (!is_listed(scenario, entity)) continue;
      writer.StartObject();
      if (in_info) {
         write_key(writer, scenario, "info");
         writer.StartObject();
      }
      write_info(writer, scenario, user, entity, one_shot_name(scenario.one_shot, entity),
                 scenario.one_shot_shape != Shape::without_access);
      if (in_info) writer.EndObject();
      writer.EndObject();
   }
   writer.EndArray();
   if (in_object) writer.EndObject();
   return Reply::json(buffer.GetString());
}

Reply threshold_information(std::size_t requests_so_far) {
   return json([&](Writer& writer) {
      writer.Key("externalRequestThreshold");
      writer.Uint(10000);
      writer.Key("requestThresholdTimeframe");
      writer.Uint(60);
      writer.Key("currentTimeframeRequestCount");
      writer.Uint64(requests_so_far);
   });
}

}  // namespace msp::sim::autotask
