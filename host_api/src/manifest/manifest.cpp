#include "msp/host/manifest.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <algorithm>
#include <span>

#include "base/text.hpp"
#include "manifest/host_pattern.hpp"
#include "manifest/json_object.hpp"
#include "manifest/manifest_field.hpp"
#include "msp/plugin.h"

namespace msp::host {
namespace {

constexpr int kManifestVersion = 1;
constexpr std::size_t kMaxFields = 32;
constexpr std::size_t kMaxPermissions = 256;
constexpr std::size_t kMaxHosts = 32;
constexpr std::size_t kMaxPrerequisites = 32;
constexpr std::int64_t kMaxMinor = 65535;

constexpr std::string_view kAskAuthor = "Ask the plugin's author for a corrected version.";

// The plugin is sound but speaks another version than this host; what() is the whole sentence.
struct IncompatibleError : std::runtime_error {
   using std::runtime_error::runtime_error;
};

// Reads one manifest. Keeps the unknown keys of all objects on the way.
class Reader {
 public:
   explicit Reader(std::vector<std::string>& unknown_keys) : unknown_keys_(unknown_keys) {}

   Manifest read(const rapidjson::Value& document) {
      JsonObject object(document, "");
      object.optional_line("$schema");
      check_version(object);
      read_abi(object);
      read_description(object);
      read_fields(object);
      read_network(object);
      read_permissions(object);
      object.append_unknown_keys(unknown_keys_);
      return std::move(manifest_);
   }

 private:
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
      abi.append_unknown_keys(unknown_keys_);
   }

   void read_description(JsonObject& object) {
      manifest_.id = required_id(object);
      manifest_.name = read_name(object, "name");
      manifest_.version = object.required_line("version");
      manifest_.vendor = read_name(object, "vendor");
      manifest_.homepage = object.optional_https_url("homepage");
      manifest_.license = object.optional_line("license");
      for (const auto& [value, place] : object.optional_array("prerequisites", kMaxPrerequisites)) {
         manifest_.prerequisites.push_back(line_of(value, place));
         if (trim(manifest_.prerequisites.back()).empty()) throw ManifestError(place, "must not be blank");
      }
   }

   // People trust these two, so what only looks like a known name is none. Names in one alphabet are free.
   static std::string read_name(JsonObject& object, std::string_view key) {
      std::string text = object.required_line(key);
      if (mixes_alphabets(text)) object.refuse(key, "must not mix Latin with Greek or Cyrillic letters in one word");
      return text;
   }

   void read_fields(JsonObject& object) {
      for (const auto& [value, place] : object.required_array("fields", kMaxFields)) {
         JsonObject field(value, place);
         manifest_.fields.push_back(read_field(field, manifest_.fields, unknown_keys_));
      }
   }

   void read_network(JsonObject& object) {
      if (!object.has("network")) return;
      JsonObject network(object.required("network"), object.place("network"));
      for (const auto& [value, place] : network.optional_array("hosts", kMaxHosts)) {
         manifest_.hosts.push_back(line_of(value, place));
         if (!is_host_pattern(manifest_.hosts.back())) {
            throw ManifestError(place,
                                "must be a DNS name in lower case such as api.example.com, or one with a single "
                                "* in a label before the last two such as api*.example.com");
         }
         if (const auto suffix = open_suffix(manifest_.hosts.back()); !suffix.empty()) {
            throw ManifestError(place, "must not have a * directly below " + std::string(suffix) +
                                           ", where anybody can register a name");
         }
      }
      for (const auto& [value, place] : network.optional_array("hosts_from", kMaxFields)) {
         const Field* field = manifest_.field(line_of(value, place));
         if (field == nullptr || field->kind != FieldKind::url) {
            throw ManifestError(place, "must be the id of a field of kind url");
         }
         manifest_.hosts_from.push_back(field->id);
      }
      network.append_unknown_keys(unknown_keys_);
   }

   void read_permissions(JsonObject& object) {
      for (const auto& [value, place] : object.optional_array("permissions", kMaxPermissions)) {
         JsonObject entry(value, place);
         Permission permission;
         permission.id = entry.required_line("id");
         if (!is_permission_id(permission.id)) {
            entry.refuse("id",
                         "must be lower-case letters, digits and _ in parts joined by dots, such as "
                         "tickets.update, at most 128 characters");
         }
         if (manifest_.permission(permission.id) != nullptr) entry.refuse("id", "is used by an earlier permission");
         permission.entity = entry.required_line("entity");
         permission.operation = entry.required_line("operation");
         permission.need = read_need(entry);
         permission.used_for = entry.required_text("used_for");
         permission.remedy = entry.required_text("remedy");
         permission.doc_url = entry.optional_https_url("doc_url");
         permission.verifiable = entry.optional_boolean("verifiable", true);
         entry.append_unknown_keys(unknown_keys_);
         manifest_.permissions.push_back(std::move(permission));
      }
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

   Manifest manifest_;
   std::vector<std::string>& unknown_keys_;
};

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

Result<Manifest> parse_manifest(std::string_view json, std::vector<std::string>* unknown_keys) {
   std::vector<std::string> ignored;
   try {
      rapidjson::Document document;
      parse_json(json, document);
      return Reader(unknown_keys == nullptr ? ignored : *unknown_keys).read(document);
   } catch (const ManifestError& error) {
      return Finding{"plugin.defect", error.what(), std::string(kAskAuthor)};
   } catch (const IncompatibleError& error) {
      return Finding{"plugin.incompatible", error.what(), "Update the plugin, or the console, whichever is older."};
   }
}

}  // namespace msp::host
