// msp/host/manifest.hpp - what a plugin says about itself, read and checked before any of its code runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/result.hpp"

namespace msp::host {

enum class FieldKind { text, secret, url, choice, boolean, integer, multiline };
std::string_view name(FieldKind kind) noexcept;

struct Choice {
   std::string value;
   std::string label;
   std::string help;
   bool recommended = false;
};

// Holds when the choice or boolean `field` has one of these values, and is itself visible.
struct Condition {
   std::string field;
   std::vector<std::string> is;
};

// One field of the form that an administrator fills in.
struct Field {
   std::string id;
   std::vector<std::string> was;  // ids that it had in earlier versions of the plugin, the newest first
   std::string label;
   FieldKind kind = FieldKind::text;
   bool required = false;
   bool identity = false;            // says which account: change it and the secrets must be typed again
   bool preset = false;              // the console's vendor may supply it; then it is not shown
   bool multiline = false;           // a secret of several lines, such as a key in PEM
   bool kept = false;                // a secret that no form shows: the plugin itself writes it (keep.h)
   bool signs = false;               // a private key in PEM that the host alone uses (sign.h)
   bool once = false;                // asked for whenever somebody edits, handed to that check, and never stored
   std::uint32_t max_length = 1024;  // in bytes of UTF-8
   std::optional<std::int64_t> minimum;
   std::optional<std::int64_t> maximum;
   std::string default_value;  // "" none; booleans "true" or "false"; choices one of their values
   std::string help;
   std::string placeholder;
   std::string doc_url;
   std::string autocomplete;
   std::vector<Choice> choices;
   std::vector<Condition> visible_when;  // all of earlier fields; the field is there while all hold

   // What an account is known by outlasts another name of the field.
   [[nodiscard]] const std::string& first_id() const noexcept { return was.empty() ? id : was.back(); }
};

enum class Need { required, optional };
std::string_view name(Need need) noexcept;

// A right at the platform that the plugin uses.
struct Permission {
   std::string id;
   std::string entity;
   std::string operation;
   Need need = Need::required;
   std::string used_for;
   std::string remedy;        // how it is granted: Manifest::grant_preamble and, after a blank, own_remedy
   std::string own_remedy{};  // without what is the same for all
   std::string doc_url;
   bool verifiable = true;
   std::vector<Condition> when{};  // the right is asked for while all hold
};

// Plain data; every text is valid UTF-8 without control characters but newline.
struct Manifest {
   std::string id;
   std::string name;
   std::string version;
   std::string vendor;
   std::string homepage;
   std::string license;
   std::uint32_t abi_major = 0;
   std::uint32_t abi_minor_min = 0;
   std::vector<std::string> required_features;  // services and extensions without which it cannot work
   std::vector<std::string> hosts;              // exact names, or one '*' within a label
   std::vector<std::string> hosts_from;         // ids of url fields whose host is allowed
   std::vector<std::string> prerequisites;
   std::string grant_preamble;  // how every permission is granted, as far as it is the same for all; may be empty
   std::vector<Field> fields;
   std::vector<Permission> permissions;
   bool signs_out = false;       // it can tell the platform that a sign-in is over (sign_out.h)
   bool exclusive = false;       // at no time may two connections of one integration be at work
   std::string session_probe;    // path below a session's base URL that a good session may read; empty: none
   std::string language = "en";  // in which its texts are written
   // The same texts in other languages, by place ("fields.api_key.label"): see language.hpp.
   using Texts = std::map<std::string, std::string, std::less<>>;
   std::map<std::string, Texts, std::less<>> texts;

   // The one with that id; null when there is none.
   [[nodiscard]] const Field* field(std::string_view id) const noexcept;
   [[nodiscard]] const Permission* permission(std::string_view id) const noexcept;
   [[nodiscard]] bool keeps_secrets() const noexcept;
   // Whether a person has to sign in at the platform.
   [[nodiscard]] bool signs_in_with_browser() const noexcept;
};

// What is to be said of a manifest beyond whether it can be used.
struct ManifestNotes {
   std::vector<std::string> mistakes;      // "<place>: <what is allowed there>", one for each
   std::vector<std::string> unknown_keys;  // places of keys that this version does not know; they are no mistakes
};

// Reads and checks a manifest. A problem of code "plugin.defect" names in its summary the place of every mistake and
// what is allowed there, for example "fields[2].kind: must be one of ..."; one of code "plugin.incompatible" is a
// sentence with what the plugin needs and this console does not have. [any-thread]
Result<Manifest> parse_manifest(std::string_view json, ManifestNotes* notes = nullptr);

// Why an integration with this platform cannot go on where nobody can sign in: no person is there, or the console gives
// the check no browser. Names what the manifest requires. [any-thread]
Finding nobody_to_sign_in(const Manifest& manifest);

// The services and extensions that this host knows, as "requires" names them. [any-thread]
std::span<const std::string_view> known_features() noexcept;

// Whether `host` (lower case, no port) matches one of the patterns of `network.hosts`. [any-thread]
bool host_matches(std::string_view host, const std::vector<std::string>& patterns) noexcept;

}  // namespace msp::host
