#include "core/plugin_changes.hpp"

#include <algorithm>

#include "core/conditions.hpp"

namespace msp::console {
namespace {

std::vector<std::string> hosts(const host::Manifest& manifest) {
   std::vector<std::string> texts = manifest.hosts;
   for (const std::string& id : manifest.hosts_from) {
      const host::Field* field = manifest.field(id);
      texts.push_back("the address entered as \"" + (field ? field->label : id) + "\"");
   }
   return texts;
}

// Behind what it is about.
std::string condition(const host::Manifest& manifest, const std::vector<host::Condition>& conditions) {
   const std::string text = only_when(manifest, conditions);
   return text.empty() ? text : ", " + text;
}

std::vector<std::string> permissions(const host::Manifest& manifest) {
   std::vector<std::string> texts;
   for (const host::Permission& permission : manifest.permissions) {
      texts.push_back(permission.entity + " – " + permission.operation + ", " +
                      std::string(host::name(permission.need)) + condition(manifest, permission.when));
   }
   return texts;
}

std::vector<std::string> fields(const host::Manifest& manifest) {
   std::vector<std::string> texts;
   for (const host::Field& field : manifest.fields) {
      texts.push_back(field.label + (field.kind == host::FieldKind::secret ? ", secret" : "") +
                      (field.required ? ", required" : "") + condition(manifest, field.visible_when));
   }
   return texts;
}

void compare(std::vector<PluginChange>& changes, const std::string& what, const std::vector<std::string>& before,
             const std::vector<std::string>& now) {
   const auto lacks = [](const std::vector<std::string>& texts, const std::string& text) {
      return std::ranges::find(texts, text) == texts.end();
   };
   for (const std::string& text : now) {
      if (lacks(before, text)) changes.push_back({true, "New " + what + ": " + text});
   }
   for (const std::string& text : before) {
      if (lacks(now, text)) changes.push_back({false, "No longer a " + what + ": " + text});
   }
}

}  // namespace

std::vector<PluginChange> changes(const host::Manifest& approved, const host::Manifest& now) {
   std::vector<PluginChange> result;
   if (approved.version != now.version) {
      result.push_back({false, "Version " + approved.version + " becomes " + now.version});
   }
   if (approved.vendor != now.vendor) result.push_back({true, "Vendor " + approved.vendor + " becomes " + now.vendor});
   compare(result, "host", hosts(approved), hosts(now));
   compare(result, "permission", permissions(approved), permissions(now));
   compare(result, "field", fields(approved), fields(now));
   for (const host::Field& field : now.fields)
      for (const std::string& former : field.was)
         if (const host::Field* before = approved.field(former))
            result.push_back({false, "What is saved as " + before->label + " is taken for " + field.label});
   return result;
}

std::optional<PluginChange> publisher_change(const std::optional<Publisher>& approved,
                                             const std::optional<Publisher>& now) {
   const bool was = approved && approved->genuine;
   const bool is = now && now->genuine;
   if (was && is && approved->key == now->key) return PluginChange{false, "Same publisher, key " + now->key};
   if (was && is) return PluginChange{true, "Another publisher: key " + now->key + ", before " + approved->key, true};
   if (was) return PluginChange{true, "No longer signed by its publisher, key " + approved->key, true};
   if (is) return PluginChange{false, "Signed by its publisher from now on, key " + now->key};
   return std::nullopt;
}

}  // namespace msp::console
