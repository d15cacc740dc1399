#include "msp/host/manifest.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "base/plugin_defect.hpp"
#include "base/text.hpp"
#include "manifest/host_pattern.hpp"
#include "manifest/json_object.hpp"
#include "manifest/manifest_field.hpp"
#include "manifest/manifest_texts.hpp"
#include "msp/browser.h"
#include "msp/keep.h"
#include "msp/plugin.h"
#include "msp/sign.h"
#include "net/request_path.hpp"

namespace msp::host {
namespace {

constexpr int kManifestVersion = 1;
constexpr std::size_t kMaxFields = 32;
constexpr std::size_t kMaxPermissions = 256;
constexpr std::size_t kMaxHosts = 128;
constexpr std::size_t kMaxRequirements = 32;
constexpr std::size_t kLongestFeature = 64;
constexpr std::size_t kMaxPrerequisites = 32;
constexpr std::int64_t kMaxMinor = 65535;

// At most so many mistakes stand in one sentence.
constexpr std::size_t kMostTold = 10;

constexpr std::array<std::string_view, 6> kFeatures{"msp.browser/1", "msp.digest/1", "msp.http/1",
                                                    "msp.keep/1",    "msp.sign/1",   "msp.signer/1"};

// Reads one manifest. Goes on after a mistake, so that all are known at once. Keeps the unknown keys of all objects on
// the way.
class Reader {
 public:
   explicit Reader(ManifestNotes& notes) : notes_(notes) {}

   Manifest read(const rapidjson::Value& document) {
      JsonObject object(document, "");
      check_version(object);
      read_abi(object);
      read_requirements(object);
      attempt([&] { object.optional_line("$schema"); });
      read_description(object);
      attempt([&] { read_fields(object); });
      attempt([&] { read_network(object); });
      attempt([&] { read_permissions(object); });
      attempt([&] { manifest_.exclusive = object.optional_boolean("exclusive", false); });
      attempt([&] { manifest_.signs_out = object.optional_boolean("signs_out", false); });
      attempt_reference([&] { check_keeping(object); });
      attempt_reference([&] { check_signing(object); });
      attempt([&] { read_session_probe(object); });
      // A text of a field that has a mistake is no mistake of its own.
      if (notes_.mistakes.empty())
         attempt([&] { read_texts(object, manifest_); });
      else
         for (const auto* key : {"language", "texts"}) object.optional(key);
      object.append_unknown_keys(notes_.unknown_keys);
      return std::move(manifest_);
   }

 private:
   // What one part has wrong does not hide what the next one has.
   template <class Part>
   void attempt(Part part) {
      try {
         part();
      } catch (const ManifestError& error) {
         notes_.mistakes.emplace_back(error.what());
      }
   }

   // The same for a part that refers to fields: when those have a mistake, a wrong reference is its consequence.
   template <class Part>
   void attempt_reference(Part part) {
      if (!has_mistake_in_fields(notes_)) attempt(std::move(part));
   }

   // The versions come first: a later one may give every other key another meaning.
   static void check_version(JsonObject& object) {
      object.required("manifest");
      const std::int64_t version = *object.optional_integer("manifest");
      if (version != kManifestVersion) {
         throw IncompatibleError("The plugin's manifest is of version " + std::to_string(version) +
                                 ", this console reads version " + std::to_string(kManifestVersion) + ".");
      }
   }

   void read_abi(JsonObject& object) {
      JsonObject abi(object.required("abi"), object.place("abi"));
      const std::int64_t major = abi.required_integer("major", 0, kMaxMinor);
      const std::int64_t minor = abi.required_integer("minor_min", 0, kMaxMinor);
      if (major != MSP_ABI_MAJOR || minor > MSP_ABI_MINOR) {
         throw IncompatibleError("The plugin needs version " + std::to_string(major) + "." + std::to_string(minor) +
                                 " of the plugin contract, this console has " + std::to_string(MSP_ABI_MAJOR) + "." +
                                 std::to_string(MSP_ABI_MINOR) + ".");
      }
      manifest_.abi_major = static_cast<std::uint32_t>(major);
      manifest_.abi_minor_min = static_cast<std::uint32_t>(minor);
      abi.append_unknown_keys(notes_.unknown_keys);
   }

   // Before the rest, too: what comes with a feature may look like a mistake to a console that does not have it.
   void read_requirements(JsonObject& object) {
      for (const auto& [value, place] : object.optional_array("requires", kMaxRequirements)) {
         std::string id = line_of(value, place);
         if (!is_feature_id(id))
            throw ManifestError(place, "must be the id of a service or extension such as msp.http/1");
         if (std::ranges::find(kFeatures, id) == kFeatures.end())
            throw IncompatibleError("The plugin needs " + id + ", which this console does not have.");
         manifest_.required_features.push_back(std::move(id));
      }
   }

   static bool is_feature_id(std::string_view id) {
      const auto slash = id.find('/');
      const auto fits = [](char c) {
         return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '/';
      };
      return id.size() <= kLongestFeature && slash != std::string_view::npos && slash > 0 && slash + 1 < id.size() &&
             id.find('/', slash + 1) == std::string_view::npos && std::ranges::all_of(id, fits);
   }

   void read_description(JsonObject& object) {
      attempt([&] { manifest_.id = required_id(object); });
      attempt([&] { manifest_.name = read_name(object, "name"); });
      attempt([&] { manifest_.version = object.required_line("version"); });
      attempt([&] { manifest_.vendor = read_name(object, "vendor"); });
      attempt([&] { manifest_.homepage = object.optional_https_url("homepage"); });
      attempt([&] { manifest_.license = object.optional_line("license"); });
      attempt([&] {
         for (const auto& [value, place] : object.optional_array("prerequisites", kMaxPrerequisites)) {
            manifest_.prerequisites.push_back(line_of(value, place));
            if (trim(manifest_.prerequisites.back()).empty()) throw ManifestError(place, "must not be blank");
         }
      });
   }

   // People trust these two, so what only looks like a known name is none. Names in one alphabet are free.
   static std::string read_name(JsonObject& object, std::string_view key) {
      std::string text = object.required_line(key);
      if (mixes_alphabets(text)) object.refuse(key, "must not mix Latin with Greek or Cyrillic letters in one word");
      return text;
   }

   // A field with a mistake is known by its id all the same, so that what refers to it is not told as well.
   void read_fields(JsonObject& object) {
      for (const auto& element : object.required_array("fields", kMaxFields)) {
         Field field;
         attempt([&] {
            JsonObject entry(element.value, element.place);
            read_field(entry, field, manifest_.fields, notes_);
         });
         manifest_.fields.push_back(std::move(field));
      }
      attempt([&] { check_former_ids(); });
   }

   // What is saved under a name belongs to one field.
   void check_former_ids() const {
      std::set<std::string, std::less<>> taken;
      for (const Field& field : manifest_.fields) taken.insert(field.id);
      for (const Field& field : manifest_.fields)
         for (const std::string& former : field.was)
            if (!taken.insert(former).second)
               throw ManifestError("fields", "\"" + former + "\", which " + field.id +
                                                 " was, must be no other field's id or former id");
   }

   // A console that cannot keep secrets would show the field in its form.
   void check_keeping(JsonObject& object) {
      if (manifest_.keeps_secrets() &&
          std::ranges::find(manifest_.required_features, MSP_KEEP_SERVICE) == manifest_.required_features.end())
         object.refuse("requires",
                       std::string("must name ") + MSP_KEEP_SERVICE + ", because a field is marked as kept");
   }

   // A console without the service would hand the key to the plugin.
   void check_signing(JsonObject& object) {
      if (std::ranges::any_of(manifest_.fields, &Field::signs) &&
          std::ranges::find(manifest_.required_features, MSP_SIGN_SERVICE) == manifest_.required_features.end())
         object.refuse("requires",
                       std::string("must name ") + MSP_SIGN_SERVICE + ", because a field is marked \"signs\"");
   }

   void read_network(JsonObject& object) {
      if (!object.has("network")) return;
      JsonObject network(object.required("network"), object.place("network"));
      attempt([&] {
         for (const auto& element : network.optional_array("hosts", kMaxHosts))
            attempt(
                [&] { manifest_.hosts.push_back(read_host(line_of(element.value, element.place), element.place)); });
      });
      attempt_reference([&] {
         for (const auto& [value, place] : network.optional_array("hosts_from", kMaxFields)) {
            const Field* field = manifest_.field(line_of(value, place));
            if (field == nullptr || field->kind != FieldKind::url)
               throw ManifestError(place, "must be the id of a field of kind url");
            manifest_.hosts_from.push_back(field->id);
         }
      });
      network.append_unknown_keys(notes_.unknown_keys);
   }

   static std::string read_host(std::string host, const std::string& place) {
      if (!is_host_pattern(host))
         throw ManifestError(place,
                             "must be a DNS name in lower case such as api.example.com, or one with a single "
                             "* in a label before the last two such as api*.example.com");
      if (const auto suffix = open_suffix(host); !suffix.empty())
         throw ManifestError(
             place, "must not have a * directly below " + std::string(suffix) + ", where anybody can register a name");
      return host;
   }

   void read_permissions(JsonObject& object) {
      attempt([&] {
         if (object.has("grant_preamble")) manifest_.grant_preamble = object.required_text("grant_preamble");
      });
      for (const auto& element : object.optional_array("permissions", kMaxPermissions))
         attempt([&] {
            JsonObject entry(element.value, element.place);
            manifest_.permissions.push_back(read_permission(entry));
         });
   }

   Permission read_permission(JsonObject& entry) {
      Permission permission;
      permission.id = entry.required_line("id");
      if (!is_permission_id(permission.id)) {
         entry.refuse("id",
                      "must be lower-case letters, digits and _ in parts joined by dots, such as "
                      "tickets.update, at most 128 characters");
      }
      if (manifest_.permission(permission.id) != nullptr) entry.refuse("id", "is used by an earlier permission");
      attempt([&] { permission.entity = entry.required_line("entity"); });
      attempt([&] { permission.operation = entry.required_line("operation"); });
      attempt([&] { permission.need = read_need(entry); });
      attempt([&] { permission.used_for = entry.required_text("used_for"); });
      attempt([&] { permission.own_remedy = entry.required_text("remedy"); });
      permission.remedy =
          manifest_.grant_preamble + (manifest_.grant_preamble.empty() ? "" : " ") + permission.own_remedy;
      attempt([&] { permission.doc_url = entry.optional_https_url("doc_url"); });
      attempt([&] { permission.verifiable = entry.optional_boolean("verifiable", true); });
      attempt_reference(
          [&] { permission.when = read_conditions(entry, "when", manifest_.fields, notes_.unknown_keys); });
      entry.append_unknown_keys(notes_.unknown_keys);
      return permission;
   }

   static Need read_need(JsonObject& entry) {
      const std::string word = entry.required_line("need");
      if (word == name(Need::required)) return Need::required;
      if (word == name(Need::optional)) return Need::optional;
      entry.refuse("need", "must be required or optional");
   }

   static bool is_permission_id(std::string_view id) {
      const auto allowed = [](char c) {
         return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
      };
      return id.size() <= 128 && std::all_of(id.begin(), id.end(), allowed) && id.front() != '.' && id.back() != '.' &&
             id.find("..") == std::string_view::npos;
   }

   void read_session_probe(JsonObject& object) {
      manifest_.session_probe = object.optional_line("session_probe");
      if (const auto path = judge_path(manifest_.session_probe); !path)
         object.refuse("session_probe", path.finding().summary);
   }

   Manifest manifest_;
   ManifestNotes& notes_;
};

std::string in_one_sentence(const std::vector<std::string>& mistakes) {
   std::string text;
   const std::size_t told = std::min(mistakes.size(), kMostTold);
   for (std::size_t i = 0; i < told; ++i) text += (i == 0 ? "" : "; ") + mistakes[i];
   if (told < mistakes.size()) text += "; and " + std::to_string(mistakes.size() - told) + " more";
   return text;
}

// Where in the text a byte offset is, as editors count.
std::string line_and_column(std::string_view json, std::size_t offset) {
   const std::string_view before = json.substr(0, offset);
   const auto line = std::count(before.begin(), before.end(), '\n') + 1;
   const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
   return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - start + 1);
}

void parse_json(std::string_view json, rapidjson::Document& document) {
   if (json.empty()) throw ManifestError("document", "is empty");
   if (json.size() >= MSP_MANIFEST_MAX) {
      throw ManifestError("document", "has " + std::to_string(json.size()) + " bytes, at most " +
                                          std::to_string(MSP_MANIFEST_MAX - 1) + " are allowed");
   }
   if (!is_valid_utf8(json)) throw ManifestError("document", "must be valid UTF-8");
   // Iterative: however deep the nesting, the stack stays as it is.
   document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
   if (document.HasParseError()) {
      std::string_view reason = rapidjson::GetParseError_En(document.GetParseError());
      if (reason.ends_with('.')) reason.remove_suffix(1);  // ours are parts of sentences
      throw ManifestError(line_and_column(json, document.GetErrorOffset()), "is not JSON: " + std::string(reason));
   }
}

}  // namespace

std::string_view name(Need need) noexcept { return need == Need::required ? "required" : "optional"; }

const Field* Manifest::field(std::string_view field_id) const noexcept {
   const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.id == field_id; });
   return found == fields.end() ? nullptr : &*found;
}

const Permission* Manifest::permission(std::string_view permission_id) const noexcept {
   const auto found =
       std::find_if(permissions.begin(), permissions.end(), [&](const Permission& p) { return p.id == permission_id; });
   return found == permissions.end() ? nullptr : &*found;
}

bool Manifest::signs_in_with_browser() const noexcept {
   return std::ranges::find(required_features, MSP_BROWSER_SERVICE) != required_features.end();
}

bool Manifest::keeps_secrets() const noexcept { return std::ranges::any_of(fields, &Field::kept); }

Finding nobody_to_sign_in(const Manifest& manifest) {
   return {
       "auth.interaction_required",
       manifest.name + " needs " MSP_BROWSER_SERVICE ": a person has to sign in there, and nobody is here to be asked.",
       "Sign in on the console's page, or by a command in a terminal that may ask."};
}

std::span<const std::string_view> known_features() noexcept { return kFeatures; }

Result<Manifest> parse_manifest(std::string_view json, ManifestNotes* notes) {
   ManifestNotes own;
   ManifestNotes& noted = notes == nullptr ? own : *notes;
   const auto wrong = [&] { return plugin_defect(in_one_sentence(noted.mistakes)); };
   try {
      rapidjson::Document document;
      parse_json(json, document);
      Manifest manifest = Reader(noted).read(document);
      if (!noted.mistakes.empty()) return wrong();
      return manifest;
   } catch (const ManifestError& error) {
      noted.mistakes.emplace_back(error.what());
      return wrong();
   } catch (const IncompatibleError& error) {
      return Finding{"plugin.incompatible", error.what(), "Update the plugin, or the console, whichever is older."};
   }
}

}  // namespace msp::host
