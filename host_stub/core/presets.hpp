// presets.hpp - values that the console's vendor supplies for fields that a manifest marks `preset`.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "msp/host/manifest.hpp"
#include "msp/host/secret.hpp"

namespace msp::console {

class Presets {
 public:
   void add(std::string plugin_id, std::string field_id, host::SecretBytes value) {
      values_[{std::move(plugin_id), std::move(field_id)}] = std::move(value);
   }

   // The value for a field that may be preset; nullptr: none.
   [[nodiscard]] const host::SecretBytes* find(const std::string& plugin_id, const host::Field& field) const {
      const auto found = values_.find({plugin_id, field.id});
      return field.preset && found != values_.end() ? &found->second : nullptr;
   }

 private:
   std::map<std::pair<std::string, std::string>, host::SecretBytes> values_;
};

}  // namespace msp::console
