#include "msp/host/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <functional>

#include "msp/plugin.h"
#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

std::string to_text(const rapidjson::Value& value) {
   rapidjson::StringBuffer buffer;
   rapidjson::Writer writer(buffer);
   value.Accept(writer);
   return buffer.GetString();
}

// The table that the schema's test (manifest_schema_test.py) goes through too.
const rapidjson::Document& table() {
   static const rapidjson::Document document = [] {
      rapidjson::Document parsed;
      parsed.Parse(test_support::read_file(MSP_TEST_MANIFEST_CASES));
      return parsed;
   }();
   return document;
}

std::string base_with(const std::string& at, const rapidjson::Value* value) {
   rapidjson::MemoryPoolAllocator<> memory;
   rapidjson::Document changed(&memory);
   changed.CopyFrom(table()["base"], memory);
   const rapidjson::Pointer pointer(at);
   if (value == nullptr) {
      pointer.Erase(changed);
   } else {
      pointer.Set(changed, *value);
   }
   return to_text(changed);
}

std::string base_with(const std::string& at, const std::string& json) {
   rapidjson::Document value;
   value.Parse(json);
   return base_with(at, &value);
}

std::string problem_of(std::string_view json) {
   const auto manifest = parse_manifest(json);
   return manifest ? "" : manifest.finding().summary;
}

TEST(Manifest, every_mistake_is_told_with_its_place_and_what_is_allowed) {
   ASSERT_TRUE(table().IsObject()) << "the table of cases is not readable";
   ASSERT_GT(table()["cases"].Size(), 100U);
   for (const auto& entry : table()["cases"].GetArray()) {
      const auto value = entry.FindMember("value");
      const std::string json = base_with(entry["at"].GetString(), value == entry.MemberEnd() ? nullptr : &value->value);
      const auto manifest = parse_manifest(json);
      const std::string wanted = entry.HasMember("problem") ? entry["problem"].GetString() : "";
      EXPECT_EQ(manifest ? "" : manifest.finding().summary, wanted) << entry["title"].GetString();
      if (manifest) continue;
      const bool needs_more = entry.HasMember("code");  // plugin.incompatible
      EXPECT_EQ(manifest.finding().code, needs_more ? "plugin.incompatible" : "plugin.defect")
          << entry["title"].GetString();
      EXPECT_EQ(manifest.finding().remedy, needs_more ? "Update the plugin, or the console, whichever is older."
                                                      : "Ask the plugin's author for a corrected version.");
   }
}

TEST(Manifest, a_good_one_is_read_completely) {
   ManifestNotes notes;
   const auto parsed = parse_manifest(to_text(table()["base"]), &notes);
   ASSERT_TRUE(parsed) << parsed.finding().summary;
   EXPECT_THAT(notes.unknown_keys, ElementsAre());
   EXPECT_THAT(notes.mistakes, ElementsAre());
   const Manifest& manifest = parsed.value();
   EXPECT_EQ(manifest.id, "example_psa");
   EXPECT_EQ(manifest.name, "Example PSA");
   EXPECT_EQ(manifest.version, "1.2.3");
   EXPECT_EQ(manifest.vendor, "Example Ltd");
   EXPECT_EQ(manifest.homepage, "https://psa.example.com/");
   EXPECT_EQ(manifest.license, "MIT");
   EXPECT_EQ(manifest.abi_major, 1U);
   EXPECT_EQ(manifest.abi_minor_min, 0U);
   EXPECT_THAT(manifest.hosts, ElementsAre("api.example.com", "zone*.api.example.com"));
   EXPECT_THAT(manifest.hosts_from, ElementsAre("address"));
   EXPECT_THAT(manifest.prerequisites, ElementsAre("Create an API user."));
   ASSERT_EQ(manifest.fields.size(), 7U);

   const Field& region = manifest.fields[0];
   EXPECT_EQ(region.kind, FieldKind::choice);
   EXPECT_EQ(region.default_value, "eu");
   ASSERT_EQ(region.choices.size(), 2U);
   EXPECT_EQ(region.choices[0].label, "Europe");
   EXPECT_EQ(region.choices[0].help, "Frankfurt");
   EXPECT_TRUE(region.choices[0].recommended);
   EXPECT_FALSE(region.choices[1].recommended);

   const Field& on_site = manifest.fields[1];
   EXPECT_EQ(on_site.kind, FieldKind::boolean);
   EXPECT_EQ(on_site.default_value, "false");

   const Field& address = manifest.fields[2];
   EXPECT_TRUE(address.required);
   EXPECT_TRUE(address.identity);
   ASSERT_EQ(address.visible_when.size(), 1U);
   EXPECT_EQ(address.visible_when[0].field, "on_site");
   EXPECT_THAT(address.visible_when[0].is, ElementsAre("true"));

   const Field& user = manifest.fields[3];
   EXPECT_EQ(user.max_length, 100U);
   EXPECT_EQ(user.help, "Two\nlines");
   EXPECT_EQ(user.doc_url, "https://example.com/user");
   EXPECT_EQ(user.autocomplete, "username");

   const Field& password = manifest.fields[4];
   EXPECT_EQ(password.kind, FieldKind::secret);
   EXPECT_EQ(password.max_length, 1024U);
   EXPECT_FALSE(password.identity);
   EXPECT_FALSE(password.preset);
   EXPECT_TRUE(password.visible_when.empty());

   const Field& port = manifest.fields[5];
   EXPECT_EQ(port.minimum, 1);
   EXPECT_EQ(port.maximum, 65535);
   EXPECT_EQ(port.default_value, "443");

   ASSERT_EQ(manifest.permissions.size(), 2U);
   EXPECT_EQ(manifest.permissions[0].need, Need::required);
   EXPECT_TRUE(manifest.permissions[0].verifiable);
   EXPECT_EQ(manifest.permissions[0].doc_url, "https://example.com/right");
   EXPECT_EQ(manifest.permissions[1].need, Need::optional);
   EXPECT_FALSE(manifest.permissions[1].verifiable);

   EXPECT_EQ(manifest.field("user"), &user);
   EXPECT_EQ(manifest.field("nobody"), nullptr);
   EXPECT_EQ(manifest.permission("audit"), &manifest.permissions[1]);
   EXPECT_EQ(manifest.permission("nothing"), nullptr);
}

TEST(Manifest, what_is_the_same_for_every_right_stands_in_front_of_how_one_is_granted) {
   const auto manifest = parse_manifest(base_with("/grant_preamble", R"("Open Roles.")"));
   ASSERT_TRUE(manifest);
   EXPECT_EQ(manifest.value().permissions[0].remedy, "Open Roles. Grant it.");
   EXPECT_EQ(manifest.value().permissions[0].own_remedy, "Grant it.");
   const auto without = parse_manifest(base_with("/nothing", nullptr));
   ASSERT_TRUE(without);
   EXPECT_EQ(without.value().permissions[0].remedy, "Grant it.");
   EXPECT_EQ(without.value().permissions[0].own_remedy, "Grant it.");
}

TEST(Manifest, what_is_no_json_is_told_with_line_and_column) {
   EXPECT_EQ(problem_of(""), "document: is empty");
   EXPECT_EQ(problem_of("{\"manifest\": 1,\n  \"id\" \"x\"}"),
             "line 2, column 8: is not JSON: Missing a colon after a name of object member");
   EXPECT_THAT(problem_of("{} {}"), StartsWith("line 1, column 4: is not JSON: "));
   EXPECT_THAT(problem_of("{\"id\": \"\\ud800\"}"), StartsWith("line 1, column "));
   EXPECT_EQ(problem_of("{\"id\": \"\xFF\"}"), "document: must be valid UTF-8");
}

TEST(Manifest, size_and_depth_have_an_end) {
   const std::string base = to_text(table()["base"]);
   const std::string padded = base + std::string(MSP_MANIFEST_MAX - 1 - base.size(), ' ');
   EXPECT_EQ(problem_of(padded), "");
   EXPECT_EQ(problem_of(padded + " "), "document: has 1048576 bytes, at most 1048575 are allowed");
   EXPECT_THAT(problem_of(std::string(65000, '[')), StartsWith("line 1, column 65001: is not JSON: "));
   std::string deep = base;
   deep.insert(1, "\"deep\":" + std::string(30000, '[') + std::string(30000, ']') + ",");
   EXPECT_EQ(problem_of(deep), "");
}

// As many elements as are allowed, and one more.
TEST(Manifest, every_list_has_its_longest_length) {
   const auto permission = [](std::size_t number) {
      return R"({"id":"p)" + std::to_string(number) +
             R"(","entity":"E","operation":"query","need":"optional","used_for":"U.","remedy":"R."})";
   };
   const auto host = [](std::size_t number) { return "\"api" + std::to_string(number) + ".example.com\""; };
   const auto sentence = [](std::size_t number) { return "\"Step " + std::to_string(number) + ".\""; };
   const struct {
      const char* at;
      const char* place;
      std::size_t most;
      std::function<std::string(std::size_t)> element;
   } lists[] = {{"/permissions", "permissions", 256, permission},
                {"/network/hosts", "network.hosts", 128, host},
                {"/prerequisites", "prerequisites", 32, sentence}};
   for (const auto& list : lists) {
      std::string elements = list.element(0);
      for (std::size_t number = 1; number < list.most; ++number) elements += "," + list.element(number);
      EXPECT_EQ(problem_of(base_with(list.at, "[" + elements + "]")), "") << list.at;
      elements += "," + list.element(list.most);
      EXPECT_EQ(problem_of(base_with(list.at, "[" + elements + "]")),
                std::string(list.place) + ": has " + std::to_string(list.most + 1) + " elements, at most " +
                    std::to_string(list.most) + " are allowed");
   }
}

TEST(Manifest, a_host_is_no_longer_than_dns_allows) {
   const auto allowed = [](const std::string& name) {
      return problem_of(base_with("/network/hosts/0", "\"" + name + "\"")).empty();
   };
   const std::string label(63, 'a');
   EXPECT_TRUE(allowed(label + ".example.com"));
   EXPECT_FALSE(allowed(label + "a.example.com"));
   EXPECT_TRUE(allowed("*" + label.substr(1) + ".example.com"));
   EXPECT_FALSE(allowed("*" + label + ".example.com"));
   std::string name = "example.com";
   while (name.size() + label.size() + 1 <= 253) name = label + "." + name;
   name = std::string(253 - name.size() - 1, 'b') + "." + name;
   ASSERT_EQ(name.size(), 253U);
   EXPECT_TRUE(allowed(name));
   EXPECT_FALSE(allowed("b" + name));
}

TEST(Manifest, a_key_that_stands_twice_is_refused) {
   std::string twice = to_text(table()["base"]);
   twice.insert(1, "\"id\":\"other\",");
   EXPECT_EQ(problem_of(twice), "id: stands twice");
   std::string twice_within = to_text(table()["base"]);
   const std::string label = "\"label\":\"Region\"";
   twice_within.replace(twice_within.find(label), label.size(), label + "," + label);
   EXPECT_EQ(problem_of(twice_within), "fields[0].label: stands twice");
}

TEST(Manifest, every_mistake_is_told_and_not_only_the_first) {
   rapidjson::MemoryPoolAllocator<> memory;
   rapidjson::Document document(&memory);
   document.CopyFrom(table()["base"], memory);
   for (const char* at : {"/name", "/version", "/network/hosts/1", "/fields/3/label", "/fields/5/minimum",
                          "/permissions/1/entity", "/permissions/0/need"}) {
      rapidjson::Pointer(at).Set(document, "");
   }
   ManifestNotes notes;
   const auto manifest = parse_manifest(to_text(document), &notes);
   ASSERT_FALSE(manifest);
   EXPECT_THAT(
       notes.mistakes,
       ElementsAre("name: must not be blank", "version: must not be blank", "fields[3].label: must not be blank",
                   "fields[5].minimum: must be a whole number", StartsWith("network.hosts[1]: must be a DNS name"),
                   "permissions[0].need: must not be blank", "permissions[1].entity: must not be blank"));
   EXPECT_THAT(manifest.finding().summary, StartsWith("name: must not be blank; version: must not be blank; "));
}

TEST(Manifest, a_field_with_a_mistake_is_not_told_again_by_what_refers_to_it) {
   rapidjson::MemoryPoolAllocator<> memory;
   rapidjson::Document document(&memory);
   document.CopyFrom(table()["base"], memory);
   rapidjson::Pointer("/fields/1/label").Set(document, "");  // on_site, which the address depends on
   rapidjson::Pointer("/fields/2/label").Set(document, "");  // address, which hosts_from names
   EXPECT_EQ(problem_of(to_text(document)), "fields[1].label: must not be blank; fields[2].label: must not be blank");
}

TEST(Manifest, of_many_mistakes_the_first_ten_stand_in_the_sentence) {
   std::string permissions;
   for (int i = 0; i < 13; ++i) permissions += std::string(i == 0 ? "" : ",") + "7";
   EXPECT_THAT(problem_of(base_with("/permissions", "[" + permissions + "]")), testing::EndsWith("; and 3 more"));
}

TEST(Manifest, another_abi_is_incompatible_and_both_versions_are_named) {
   struct Case {
      std::string at, value, wanted;
   };
   const Case cases[] = {
       {"/abi/major", "2", "The plugin needs version 2.0 of the plugin contract, this console has 1.0."},
       {"/abi/major", "0", "The plugin needs version 0.0 of the plugin contract, this console has 1.0."},
       {"/abi/minor_min", "1", "The plugin needs version 1.1 of the plugin contract, this console has 1.0."},
       {"/manifest", "2", "The plugin's manifest is of version 2, this console reads version 1."},
   };
   for (const auto& [at, value, wanted] : cases) {
      const auto manifest = parse_manifest(base_with(at, value));
      ASSERT_FALSE(manifest);
      EXPECT_EQ(manifest.finding().code, "plugin.incompatible");
      EXPECT_EQ(manifest.finding().summary, wanted);
      EXPECT_EQ(manifest.finding().remedy, "Update the plugin, or the console, whichever is older.");
   }
}

TEST(Manifest, another_version_is_told_before_anything_else_that_is_wrong_with_it) {
   EXPECT_EQ(problem_of(R"({"manifest": 2, "fields": "of another shape"})"),
             "The plugin's manifest is of version 2, this console reads version 1.");
   EXPECT_EQ(problem_of(R"({"manifest": 1, "abi": {"major": 3, "minor_min": 2}, "id": 5})"),
             "The plugin needs version 3.2 of the plugin contract, this console has 1.0.");
}

TEST(Manifest, unknown_keys_are_named_with_their_place) {
   ManifestNotes notes;
   rapidjson::MemoryPoolAllocator<> memory;
   rapidjson::Document document(&memory);
   document.CopyFrom(table()["base"], memory);
   for (const char* at : {"/colour", "/abi/colour", "/network/colour", "/fields/0/colour", "/fields/0/choices/1/colour",
                          "/fields/2/visible_when/colour", "/permissions/1/colour"}) {
      rapidjson::Pointer(at).Set(document, "red");
   }
   ASSERT_TRUE(parse_manifest(to_text(document), &notes));
   EXPECT_THAT(notes.unknown_keys,
               testing::UnorderedElementsAre("colour", "abi.colour", "network.colour", "fields[0].colour",
                                             "fields[0].choices[1].colour", "fields[2].visible_when.colour",
                                             "permissions[1].colour"));
}

TEST(Manifest, network_permissions_and_prerequisites_may_be_absent) {
   for (const char* at : {"/network", "/permissions", "/prerequisites", "/homepage", "/license", "/$schema"}) {
      EXPECT_EQ(problem_of(base_with(at, nullptr)), "") << at;
   }
}

TEST(Manifest, a_star_stands_for_any_part_of_one_label) {
   struct Case {
      std::string host, pattern;
      bool wanted;
   };
   const Case cases[] = {
       {"api.example.com", "api.example.com", true},
       {"api.example.com", "example.com", false},
       {"evil-api.example.com", "api.example.com", false},
       {"webservices.autotask.net", "webservices*.autotask.net", true},
       {"webservices14.autotask.net", "webservices*.autotask.net", true},
       {"webservices14.evil.autotask.net", "webservices*.autotask.net", false},
       {"webservices.evil.com", "webservices*.autotask.net", false},
       {"webservices.autotask.net.evil.com", "webservices*.autotask.net", false},
       {"webservices_.autotask.net", "webservices*.autotask.net", false},
       {"a.example.com", "*.example.com", true},
       {".example.com", "*.example.com", false},
       {"example.com", "*.example.com", false},
       {"a.b.example.com", "*.example.com", false},
       {"a.b.example.com", "a.*.example.com", true},
       {"a..example.com", "a.*.example.com", false},
       {"a-7-b.example.com", "a-*-b.example.com", true},
       {"a-b.example.com", "a-*-b.example.com", false},  // the parts before and after must not overlap
       {"", "*.example.com", false},
       {"API.example.com", "api.example.com", false},  // the caller has made it lower case
   };
   for (const auto& [host, pattern, wanted] : cases) {
      EXPECT_EQ(host_matches(host, {"other.example.org", pattern}), wanted) << host << " " << pattern;
   }
   EXPECT_FALSE(host_matches("api.example.com", {}));
}

}  // namespace
}  // namespace msp::host
