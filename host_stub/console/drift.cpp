#include "drift.hpp"

#include <rapidjson/document.h>

#include <algorithm>

namespace msp::console {
namespace {

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

}  // namespace

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

Grants grants(const std::vector<host::Grant>& reported) {
   Grants result;
   for (const host::Grant& grant : reported) result[grant.permission_id] = grant.granted;
   return result;
}

bool is_known(const Grants& grants) noexcept {
   return std::ranges::any_of(grants, [](const auto& grant) { return grant.second != host::Granted::unknown; });
}

bool is_less(const host::Drift& drift) noexcept { return drift.now < drift.at_saving.value_or(host::Granted::all); }

std::vector<host::Drift> drift(const Grants& at_saving, const Grants& now) {
   std::vector<host::Drift> differences;
   if (at_saving.empty()) return differences;
   for (const auto& [id, granted] : now) {
      const auto before = at_saving.find(id);
      const bool asked = before != at_saving.end();
      if (granted == host::Granted::unknown || (asked && before->second == granted)) continue;
      differences.push_back({id, asked ? std::optional(before->second) : std::nullopt, granted});
   }
   std::stable_partition(differences.begin(), differences.end(), is_less);
   return differences;
}

}  // namespace msp::console
