#include "manifest/manifest_field.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace msp::host {
namespace {

constexpr std::size_t kMaxId = 64;
constexpr std::size_t kMaxChoices = 512;
constexpr std::size_t kMaxConditions = 8;
constexpr std::size_t kMaxFormerIds = 16;
constexpr std::int64_t kMaxLength = 65536;
constexpr std::array kKinds = {FieldKind::text,    FieldKind::secret,  FieldKind::url,      FieldKind::choice,
                               FieldKind::boolean, FieldKind::integer, FieldKind::multiline};

bool is_id(std::string_view id) {
   const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
   return !id.empty() && id.size() <= kMaxId && letter(id.front()) &&
          std::all_of(id.begin(), id.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool has_length(FieldKind kind) {
   return kind == FieldKind::text || kind == FieldKind::secret || kind == FieldKind::url ||
          kind == FieldKind::multiline;
}

FieldKind read_kind(JsonObject& object) {
   const std::string word = object.required_line("kind");
   const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [&](FieldKind kind) { return name(kind) == word; });
   if (found == kKinds.end())
      throw IncompatibleError("The plugin's form has a field of the kind " + in_quotes(word) +
                              ", which this console does not know.");
   return *found;
}

void read_choices(JsonObject& object, Field& field, std::vector<std::string>& unknown_keys) {
   if (field.kind != FieldKind::choice) {
      if (object.has("choices")) object.refuse("choices", "is only for fields of kind choice");
      return;
   }
   for (const auto& [value, place] : object.required_array("choices", kMaxChoices)) {
      JsonObject entry(value, place);
      Choice choice;
      choice.value = entry.required_line("value");
      const auto same = [&](const Choice& other) { return other.value == choice.value; };
      if (std::any_of(field.choices.begin(), field.choices.end(), same)) {
         entry.refuse("value", "is the value of an earlier choice");
      }
      choice.label = entry.required_line("label");
      choice.help = entry.optional_text("help");
      choice.recommended = entry.optional_boolean("recommended", false);
      entry.append_unknown_keys(unknown_keys);
      field.choices.push_back(std::move(choice));
   }
   if (field.choices.empty()) object.refuse("choices", "must have at least one element");
}

void read_limits(JsonObject& object, Field& field) {
   if (object.has("max_length")) {
      if (!has_length(field.kind)) {
         object.refuse("max_length", "is only for fields of kind text, secret, url or multiline");
      }
      field.max_length = static_cast<std::uint32_t>(object.required_integer("max_length", 1, kMaxLength));
   }
   field.minimum = object.optional_integer("minimum");
   field.maximum = object.optional_integer("maximum");
   for (const auto* key : {"minimum", "maximum"}) {
      if (field.kind != FieldKind::integer && object.has(key)) object.refuse(key, "is only for fields of kind integer");
   }
   if (field.minimum && field.maximum && *field.minimum > *field.maximum) {
      object.refuse("maximum", "must not be less than minimum");
   }
}

void read_integer_default(JsonObject& object, Field& field) {
   const std::int64_t number = *object.optional_integer("default");
   if ((field.minimum && number < *field.minimum) || (field.maximum && number > *field.maximum)) {
      object.refuse("default", "must lie between minimum and maximum");
   }
   field.default_value = std::to_string(number);
}

void read_default(JsonObject& object, Field& field) {
   if (!object.has("default")) return;
   switch (field.kind) {
      case FieldKind::secret:
         object.refuse("default", "is not allowed for a secret");
      case FieldKind::boolean:
         field.default_value = object.optional_boolean("default", false) ? "true" : "false";
         return;
      case FieldKind::integer:
         read_integer_default(object, field);
         return;
      case FieldKind::choice: {
         field.default_value = object.required_line("default");
         const auto same = [&](const Choice& choice) { return choice.value == field.default_value; };
         if (std::none_of(field.choices.begin(), field.choices.end(), same)) {
            object.refuse("default", "must be the value of one of the choices");
         }
         return;
      }
      case FieldKind::url:
         field.default_value = object.optional_https_url("default");
         break;
      case FieldKind::multiline:
         field.default_value = object.optional_text("default");
         break;
      case FieldKind::text:
         field.default_value = object.optional_line("default");
         break;
   }
   if (field.default_value.size() > field.max_length) object.refuse("default", "must not be longer than max_length");
}

// One element of `is`: for a boolean true or false, for a choice one of its values.
std::string read_expected_value(const JsonObject::Element& element, const Field& tested) {
   if (tested.kind == FieldKind::boolean) {
      if (!element.value.IsBool()) throw ManifestError(element.place, "must be true or false, as " + tested.id + " is");
      return element.value.GetBool() ? "true" : "false";
   }
   std::string expected = line_of(element.value, element.place);
   const auto same = [&](const Choice& choice) { return choice.value == expected; };
   if (std::none_of(tested.choices.begin(), tested.choices.end(), same)) {
      throw ManifestError(element.place, "must be the value of one of the choices of " + tested.id);
   }
   return expected;
}

Condition read_condition(JsonObject& object, const std::vector<Field>& earlier,
                         std::vector<std::string>& unknown_keys) {
   Condition condition;
   condition.field = object.required_line("field");
   const auto tested = std::ranges::find(earlier, condition.field, &Field::id);
   if (tested == earlier.end() || (tested->kind != FieldKind::choice && tested->kind != FieldKind::boolean))
      object.refuse("field", "must be the id of an earlier field of kind choice or boolean");
   for (const auto& element : object.required_array("is", kMaxChoices))
      condition.is.push_back(read_expected_value(element, *tested));
   if (condition.is.empty()) object.refuse("is", "must have at least one element");
   object.append_unknown_keys(unknown_keys);
   return condition;
}

}  // namespace

std::string_view name(FieldKind kind) noexcept {
   switch (kind) {
      case FieldKind::text:
         return "text";
      case FieldKind::secret:
         return "secret";
      case FieldKind::url:
         return "url";
      case FieldKind::choice:
         return "choice";
      case FieldKind::boolean:
         return "boolean";
      case FieldKind::integer:
         return "integer";
      case FieldKind::multiline:
         return "multiline";
   }
   return "text";
}

std::string required_id(JsonObject& object) {
   std::string id = object.required_line("id");
   if (!is_id(id)) {
      object.refuse("id",
                    "must begin with a lower-case letter and go on with lower-case letters, digits and _, at most " +
                        std::to_string(kMaxId) + " characters");
   }
   return id;
}

bool has_mistake_in_fields(const ManifestNotes& notes) {
   return std::ranges::any_of(notes.mistakes, [](const std::string& mistake) { return mistake.starts_with("fields"); });
}

std::vector<Condition> read_conditions(JsonObject& object, std::string_view key, const std::vector<Field>& earlier,
                                       std::vector<std::string>& unknown_keys) {
   std::vector<Condition> conditions;
   const rapidjson::Value* value = object.optional(key);
   if (value == nullptr) return conditions;
   if (!value->IsArray()) {
      JsonObject one(*value, object.place(key));
      conditions.push_back(read_condition(one, earlier, unknown_keys));
      return conditions;
   }
   for (const auto& element : object.optional_array(key, kMaxConditions)) {
      JsonObject one(element.value, element.place);
      conditions.push_back(read_condition(one, earlier, unknown_keys));
   }
   if (conditions.empty()) object.refuse(key, "must have at least one element");
   return conditions;
}

void read_field(JsonObject& object, Field& field, const std::vector<Field>& earlier, ManifestNotes& notes) {
   const auto attempt = [&](auto part) {
      try {
         part();
      } catch (const ManifestError& error) {
         notes.mistakes.emplace_back(error.what());
      }
   };
   field.id = required_id(object);
   if (std::ranges::find(earlier, field.id, &Field::id) != earlier.end())
      object.refuse("id", "is used by an earlier field");
   field.kind = read_kind(object);
   attempt([&] {
      for (const auto& [value, place] : object.optional_array("was", kMaxFormerIds)) {
         field.was.push_back(line_of(value, place));
         if (!is_id(field.was.back())) throw ManifestError(place, "must be an id, as an earlier version had it");
      }
   });
   attempt([&] { field.label = object.required_line("label"); });
   attempt([&] { field.required = object.optional_boolean("required", false); });
   attempt([&] {
      field.identity = object.optional_boolean("identity", false);
      if (field.identity && field.kind == FieldKind::secret) object.refuse("identity", "is not allowed for a secret");
   });
   attempt([&] { field.preset = object.optional_boolean("preset", false); });
   attempt([&] {
      field.multiline = object.optional_boolean("multiline", false);
      if (field.multiline && field.kind != FieldKind::secret)
         object.refuse("multiline", "is only for fields of kind secret");
   });
   attempt([&] {
      field.kept = object.optional_boolean("kept", false);
      if (!field.kept) return;
      if (field.kind != FieldKind::secret) object.refuse("kept", "is only for fields of kind secret");
      if (field.required || field.preset) object.refuse("kept", "is not for a field that somebody has to supply");
   });
   attempt([&] {
      field.signs = object.optional_boolean("signs", false);
      if (!field.signs) return;
      if (field.kind != FieldKind::secret) object.refuse("signs", "is only for fields of kind secret");
      if (field.kept) object.refuse("signs", "is not for a field that the plugin writes");
      field.multiline = true;
   });
   attempt([&] {
      field.once = object.optional_boolean("once", false);
      if (!field.once) return;
      if (field.kind != FieldKind::text && field.kind != FieldKind::secret)
         object.refuse("once", "is only for fields of kind text or secret");
      if (field.identity || field.preset || field.kept || object.has("default"))
         object.refuse("once", "is not for a field whose value stays");
   });
   attempt([&] { field.help = object.optional_text("help"); });
   attempt([&] { field.placeholder = object.optional_line("placeholder"); });
   attempt([&] { field.doc_url = object.optional_https_url("doc_url"); });
   attempt([&] { field.autocomplete = object.optional_line("autocomplete"); });
   attempt([&] {
      read_choices(object, field, notes.unknown_keys);
      attempt([&] {
         read_limits(object, field);
         read_default(object, field);
      });
   });
   // When an earlier field has a mistake, a wrong reference to it is its consequence.
   if (!has_mistake_in_fields(notes))
      attempt([&] { field.visible_when = read_conditions(object, "visible_when", earlier, notes.unknown_keys); });
   else
      object.optional("visible_when");
   object.append_unknown_keys(notes.unknown_keys);
}

}  // namespace msp::host
