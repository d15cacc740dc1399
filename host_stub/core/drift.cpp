#include "core/drift.hpp"

#include <algorithm>

namespace msp::console {
namespace {

host::Granted granted(std::string_view word) {
   for (const auto one : {host::Granted::none, host::Granted::restricted, host::Granted::all}) {
      if (host::name(one) == word) return one;
   }
   return host::Granted::unknown;
}

}  // namespace

Grants grants(const std::vector<host::Grant>& reported) {
   Grants result;
   for (const host::Grant& grant : reported) result[grant.permission_id] = grant.granted;
   return result;
}

std::string to_text(const Grants& grants) {
   std::string text;
   for (const auto& [id, granted] : grants) {
      if (!text.empty()) text += ' ';
      text.append(id).append(1, '=').append(host::name(granted));
   }
   return text;
}

Grants grants(std::string_view text) {
   Grants result;
   while (!text.empty()) {
      const std::string_view word = text.substr(0, text.find(' '));
      text.remove_prefix(std::min(word.size() + 1, text.size()));
      const auto equals = word.find('=');
      if (equals == 0 || equals == std::string_view::npos) continue;
      result[std::string(word.substr(0, equals))] = granted(word.substr(equals + 1));
   }
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
