#include "core/conditions.hpp"

#include <algorithm>

namespace msp::console {
namespace {

// What a value of a condition is called on the form.
std::string answer(const host::Field& field, const std::string& value) {
   if (field.kind == host::FieldKind::boolean) return value == "true" ? "chosen" : "not chosen";
   const auto choice = std::ranges::find(field.choices, value, &host::Choice::value);
   return "\"" + (choice == field.choices.end() ? value : choice->label) + "\"";
}

}  // namespace

std::string only_when(const host::Manifest& manifest, const std::vector<host::Condition>& conditions) {
   std::string text;
   for (const host::Condition& condition : conditions) {
      const host::Field* field = manifest.field(condition.field);
      if (field == nullptr) continue;
      text += (text.empty() ? "only when \"" : " and \"") + field->label + "\" is ";
      for (const std::string& value : condition.is)
         text += (&value == &condition.is.front() ? "" : " or ") + answer(*field, value);
   }
   return text;
}

}  // namespace msp::console
