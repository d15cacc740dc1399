#include "core/renamed_fields.hpp"

#include <algorithm>
#include <iterator>

#include "msp/host/settings.hpp"

namespace msp::console {

IntegrationRecord under_present_names(IntegrationRecord saved, const host::Manifest& manifest) {
   if (std::ranges::all_of(manifest.fields, [](const host::Field& field) { return field.was.empty(); })) return saved;
   if (!saved.as_saved) saved.as_saved = std::make_shared<const IntegrationRecord>(saved);
   for (const host::Field& field : manifest.fields) {
      if (field.kind != host::FieldKind::secret) {
         host::take_over_renamed(field, saved.values);
      } else if (const std::string former = host::take_over_renamed(field, saved.secrets); !former.empty()) {
         SealedSecret& secret = saved.secrets.at(field.id);
         if (secret.sealed_as.empty()) secret.sealed_as = former;
      }
   }
   return saved;
}

std::vector<std::string> former_secrets(const IntegrationRecord& stored, const host::Field& field) {
   std::vector<std::string> former;
   std::ranges::copy_if(field.was, std::back_inserter(former),
                        [&](const std::string& id) { return stored.secrets.contains(id); });
   return former;
}

}  // namespace msp::console
