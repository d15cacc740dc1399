#include "drift.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <map>
#include <string>

namespace msp::console {
namespace {

using Grants = std::map<std::string, host::Granted, std::less<>>;

host::Granted granted(std::string_view word) {
   for (const auto one : {host::Granted::none, host::Granted::restricted, host::Granted::all}) {
      if (host::name(one) == word) return one;
   }
   return host::Granted::unknown;
}

const rapidjson::Value* member(const rapidjson::Value& object, const char* name) {
   if (!object.IsObject()) return nullptr;
   const auto found = object.FindMember(name);
   return found == object.MemberEnd() ? nullptr : &found->value;
}

Grants grants(std::string_view text) {
   Grants result;
   rapidjson::Document document;
   document.Parse(text.data(), text.size());
   if (document.HasParseError()) return result;
   const rapidjson::Value* permissions = member(document, "permissions");
   const rapidjson::Value* list = permissions ? member(*permissions, "grants") : nullptr;
   if (!list || !list->IsArray()) return result;
   for (const rapidjson::Value& grant : list->GetArray()) {
      const rapidjson::Value* id = member(grant, "id");
      const rapidjson::Value* word = member(grant, "granted");
      if (!id || !word || !id->IsString() || !word->IsString()) continue;
      result[{id->GetString(), id->GetStringLength()}] = granted({word->GetString(), word->GetStringLength()});
   }
   return result;
}

}  // namespace

bool tells_grants(std::string_view document) {
   return std::ranges::any_of(grants(document),
                              [](const auto& grant) { return grant.second != host::Granted::unknown; });
}

bool is_less(const host::Drift& drift) noexcept { return drift.now < drift.at_saving.value_or(host::Granted::all); }

std::vector<host::Drift> drift(std::string_view baseline, std::string_view later) {
   std::vector<host::Drift> differences;
   const Grants before = grants(baseline);
   if (before.empty()) return differences;
   for (const auto& [id, now] : grants(later)) {
      const auto at_saving = before.find(id);
      const bool asked = at_saving != before.end();
      if (now == host::Granted::unknown || (asked && at_saving->second == now)) continue;
      differences.push_back({id, asked ? std::optional(at_saving->second) : std::nullopt, now});
   }
   std::ranges::stable_partition(differences, is_less);
   return differences;
}

}  // namespace msp::console
