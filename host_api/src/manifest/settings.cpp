#include "msp/host/settings.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "net/url.hpp"

#include "msp/host/result.hpp"
namespace msp::host {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

template <class Range, class Name>
std::string listed(const Range& range, Name name) {
   std::string text;
   for (const auto& item : range) text += (text.empty() ? "" : ", ") + std::string(name(item));
   return text;
}

Finding input_error(std::string code, const Field& field, std::string summary, std::string remedy) {
   Finding finding;
   finding.code = std::move(code);
   finding.field = field.id;
   finding.summary = std::move(summary);
   finding.remedy = std::move(remedy);
   finding.doc_url = field.doc_url;
   finding.step = "settings";
   return finding;
}

Finding invalid(const Field& field, std::string_view what, std::string remedy) {
   return input_error("input.invalid", field, in_quotes(field.label) + ' ' + std::string(what) + '.',
                      std::move(remedy));
}

Finding missing(const Field& field) {
   return input_error("input.required", field, in_quotes(field.label) + " is missing.",
                      field.kind == FieldKind::choice || field.kind == FieldKind::boolean
                          ? "Choose a value for " + in_quotes(field.label) + '.'
                          : "Enter a value for " + in_quotes(field.label) + '.');
}

Finding too_long(const Field& field, std::size_t size) {
   return input_error("input.too_long", field,
                      in_quotes(field.label) + " is " + std::to_string(size) + " bytes long; at most " +
                          std::to_string(field.max_length) + " are allowed.",
                      "Enter a shorter value for " + in_quotes(field.label) + '.');
}

// Line ends as one newline each, whatever the browser or the editor sent.
std::string with_newlines(std::string_view text) {
   std::string result;
   for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] != '\r')
         result += text[i];
      else if (i + 1 == text.size() || text[i + 1] != '\n')
         result += '\n';
   return result;
}

// People type addresses as they say them, server.example.com, or paste them as a browser shows them. Requests put their
// own path and query behind the address, so a query or fragment of its own goes. What names another scheme stays, and
// is refused later.
std::string address_of(std::string_view text) {
   const std::string address(text.substr(0, text.find_first_of("?#")));
   const bool names_scheme = address.find("://") < address.find('/');
   return address.empty() || names_scheme ? address : "https://" + address;
}

std::string normalised(const Field& field, std::string_view value) {
   switch (field.kind) {
      case FieldKind::url:
         return address_of(trim(value));
      case FieldKind::text:
      case FieldKind::integer:
         return std::string(trim(value));
      case FieldKind::multiline:
         return with_newlines(value);
      default:
         return std::string(value);
   }
}

Result<void> check_text(const Field& field, std::string_view value) {
   const bool lines = field.kind == FieldKind::multiline;
   const auto unfit = [&](char c) { return is_control(c) && !(lines && (c == '\n' || c == '\t')); };
   if (std::ranges::any_of(value, unfit) || !is_valid_utf8(value))
      return invalid(field,
                     lines ? "holds control characters or bytes that are no text"
                           : "holds control characters, such as a line break, or bytes that are no text",
                     "Type " + in_quotes(field.label) + " again; something invisible was pasted along.");
   return {};
}

Result<void> check_integer(const Field& field, std::string& value) {
   std::int64_t number = 0;
   const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
   const std::string bounds = field.minimum && field.maximum
                                  ? " from " + std::to_string(*field.minimum) + " to " + std::to_string(*field.maximum)
                              : field.minimum ? " of at least " + std::to_string(*field.minimum)
                              : field.maximum ? " of at most " + std::to_string(*field.maximum)
                                              : "";
   const bool in_range = (!field.minimum || number >= *field.minimum) && (!field.maximum || number <= *field.maximum);
   if (error != std::errc{} || end != value.data() + value.size() || !in_range)
      return invalid(field, "is not a whole number" + bounds, "Enter a whole number" + bounds + '.');
   value = std::to_string(number);
   return {};
}

Result<void> check_address(const Field& field, std::string_view value) {
   const std::string remedy = "Enter an address such as https://server.example.com for " + in_quotes(field.label) + '.';
   const auto url = parse_https_url(value);
   if (!url) return invalid(field, url.finding().summary, remedy);
   // https:/server, https//server and https://https://server are all addresses, but of a host that nobody means.
   const std::string& host = url.value().host;
   if (host != "https" && host != "http") return {};
   return invalid(field, "names a server called " + in_quotes(host) + ", so its https:// is mistyped or doubled",
                  remedy);
}

Result<void> check_kind(const Field& field, std::string& value) {
   switch (field.kind) {
      case FieldKind::text:
      case FieldKind::multiline:
         return check_text(field, value);
      case FieldKind::url:
         return check_address(field, value);
      case FieldKind::boolean:
         if (value != "true" && value != "false")
            return invalid(field, "is neither true nor false", "Choose true or false.");
         return {};
      case FieldKind::integer:
         return check_integer(field, value);
      case FieldKind::choice:
         if (std::ranges::find(field.choices, value, &Choice::value) == field.choices.end())
            return invalid(field, "is none of the values to choose from",
                           "Choose one of: " + listed(field.choices, [](const Choice& c) { return c.value; }) + '.');
         return {};
      case FieldKind::secret:
         break;
   }
   return {};
}

bool holds_control(const Field& field, std::string_view secret) {
   return std::ranges::any_of(secret,
                              [&](char c) { return is_control(c) && !(field.multiline && (c == '\n' || c == '\t')); });
}

Result<void> check_secret(const Field& field, std::string_view secret) {
   if (holds_control(field, secret))
      return invalid(field,
                     field.multiline ? "holds a control character" : "holds a control character, such as a line break",
                     "Copy " + in_quotes(field.label) + " again without it, or type it.");
   if (!is_valid_utf8(secret))
      return invalid(field, "holds bytes that are no UTF-8 text", "Type " + in_quotes(field.label) + " again.");
   return {};
}

// What was given under a name that the form does not have, or in the wrong way.
void check_ids(const Manifest& manifest, const Settings& settings, std::vector<Finding>& findings) {
   const auto check_id = [&](const std::string& id, bool given_as_secret) {
      const Field* field = manifest.field(id);
      if (field == nullptr) {
         Field nameless;
         findings.push_back(input_error(
             "input.invalid", nameless, clean_text(manifest.name, 120) + " has no field " + in_quotes(id) + '.',
             "Use one of its fields: " + listed(manifest.fields, [](const Field& f) { return f.id; }) + '.'));
      } else if (field->kept) {
         findings.push_back(invalid(*field, "is kept by the plugin and cannot be entered", "Leave it out."));
      } else if (field->kind == FieldKind::secret && !given_as_secret) {
         findings.push_back(invalid(*field, "is a secret but was given as an ordinary value",
                                    "Give " + in_quotes(field->label) + " as a secret."));
      } else if (field->kind != FieldKind::secret && given_as_secret) {
         findings.push_back(invalid(*field, "is no secret but was given as one",
                                    "Give " + in_quotes(field->label) + " as an ordinary value."));
      }
   };
   for (const auto& [id, value] : settings.values) check_id(id, false);
   for (const auto& [id, secret] : settings.secrets) check_id(id, true);
}

// Moves the value of one field from `given` to `kept`, as it should be; or says why it cannot be.
Result<void> check_field(const Field& field, Settings& given, Settings& kept) {
   if (field.kept) return {};  // the plugin writes it
   const bool required = field.required && !(field.once && given.saved);
   if (field.kind == FieldKind::secret) {
      const auto found = given.secrets.find(field.id);
      if (found == given.secrets.end() || found->second.empty())
         return required ? Result<void>(missing(field)) : Result<void>();
      if (field.multiline) {
         std::string lines = with_newlines(found->second.view());
         found->second = SecretBytes::take(lines);
      }
      if (found->second.size() > field.max_length) return too_long(field, found->second.size());
      if (auto fits = check_secret(field, found->second.view()); !fits) return fits;
      kept.secrets.emplace(field.id, std::move(found->second));
      return {};
   }
   const auto found = given.values.find(field.id);
   std::string value = found == given.values.end() ? std::string() : normalised(field, found->second);
   if (value.empty()) value = field.default_value;
   if (value.empty()) return required ? Result<void>(missing(field)) : Result<void>();
   if (value.size() > field.max_length) return too_long(field, value.size());
   if (auto fits = check_kind(field, value); !fits) return fits;
   kept.values.emplace(field.id, std::move(value));
   return {};
}

// A secret stays a secret, and a value a value: what a form would show was never hidden.
void take_over_renamed(const Manifest& manifest, Settings& saved) {
   for (const Field& field : manifest.fields) {
      if (field.kind == FieldKind::secret)
         host::take_over_renamed(field, saved.secrets);
      else
         host::take_over_renamed(field, saved.values);
   }
}

}  // namespace

Settings Settings::copy() const {
   Settings result;
   result.values = values;
   result.saved = saved;
   for (const auto& [id, secret] : secrets) result.secrets.emplace(id, secret.copy());
   return result;
}

SettingsCheck SettingsCheck::copy() const {
   SettingsCheck result{findings, std::nullopt};
   if (settings) result.settings = settings->copy();
   return result;
}

void CheckedSettings::keep(const std::string& field_id, SecretBytes value) {
   if (value.empty())
      settings_.secrets.erase(field_id);
   else
      settings_.secrets.insert_or_assign(field_id, std::move(value));
}

bool is_storable(const Field& field, std::string_view secret) noexcept {
   return !holds_control(field, secret) && is_valid_utf8(secret);
}

bool holds(const Manifest& manifest, const std::vector<Condition>& conditions, const Values& values) {
   return std::ranges::all_of(conditions, [&](const Condition& condition) {
      const Field* field = manifest.field(condition.field);
      if (field == nullptr || !visible(manifest, *field, values)) return false;
      const auto given = values.find(field->id);
      const auto& value = given == values.end() || given->second.empty() ? field->default_value : given->second;
      return std::ranges::find(condition.is, value) != condition.is.end();
   });
}

bool visible(const Manifest& manifest, const Field& field, const Values& values) {
   // Only an earlier field controls a later one, so this ends.
   const auto position = [&](std::string_view id) { return std::ranges::find(manifest.fields, id, &Field::id); };
   const auto is_earlier = [&](const Condition& condition) { return position(condition.field) < position(field.id); };
   return std::ranges::all_of(field.visible_when, is_earlier) && holds(manifest, field.visible_when, values);
}

SettingsCheck check_settings(const Manifest& manifest, Settings settings) {
   SettingsCheck check;
   if (settings.saved) take_over_renamed(manifest, settings);
   check_ids(manifest, settings, check.findings);
   Settings kept;
   for (const auto& field : manifest.fields) {
      const bool told = std::ranges::find(check.findings, field.id, &Finding::field) != check.findings.end();
      if (told || !visible(manifest, field, settings.values)) continue;
      if (auto fits = check_field(field, settings, kept); !fits) check.findings.push_back(fits.finding());
   }
   if (check.findings.empty()) check.settings = CheckedSettings(std::move(kept));
   return check;
}

}  // namespace msp::host
