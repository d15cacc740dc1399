#include "msp/host/settings.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace msp::host {
namespace {

Field field(std::string id, FieldKind kind, bool required = false) {
   Field result;
   result.label = "Label of " + id;
   result.id = std::move(id);
   result.kind = kind;
   result.required = required;
   return result;
}

Manifest form(std::vector<Field> fields) {
   Manifest manifest;
   manifest.name = "Sample";
   manifest.fields = std::move(fields);
   return manifest;
}

Settings plain(const std::string& id, std::string value) {
   Settings settings;
   settings.values[id] = std::move(value);
   return settings;
}

Settings secret(const std::string& id, std::string_view value) {
   Settings settings;
   settings.secrets[id] = SecretBytes(value);
   return settings;
}

struct Case {
   const char* name;
   Field field;
   std::string given;
   std::string kept;  // when it is accepted
   std::string code;  // when it is not
   std::string summary;
};

Field bounded(FieldKind kind, std::optional<std::int64_t> minimum, std::optional<std::int64_t> maximum) {
   auto result = field("f", kind);
   result.minimum = minimum;
   result.maximum = maximum;
   return result;
}

Field choice() {
   auto result = field("f", FieldKind::choice);
   result.choices = {{.value = "a", .label = "A", .help = {}}, {.value = "b", .label = "B", .help = {}}};
   return result;
}

Field longest(std::uint32_t bytes) {
   auto result = field("f", FieldKind::text);
   result.max_length = bytes;
   return result;
}

std::vector<Case> cases() {
   const auto text = field("f", FieldKind::text);
   const auto lines = field("f", FieldKind::multiline);
   const auto url = field("f", FieldKind::url);
   const auto flag = field("f", FieldKind::boolean);
   const std::string controls =
       "\"Label of f\" holds control characters, such as a line break, or bytes that are no text.";
   const std::string mistyped =
       "\"Label of f\" names a server called \"https\", so its https:// is mistyped or doubled.";
   return {
       {"text loses surrounding blanks", text, " \t jane \n", "jane", "", ""},
       {"text keeps inner blanks", text, "a  b", "a  b", "", ""},
       {"text with a line break", text, "a\nb", "", "input.invalid", controls},
       {"text that is no UTF-8", text, "a\xff", "", "input.invalid", controls},
       {"text as long as allowed", longest(3), "abc", "abc", "", ""},
       {"length is counted in bytes", longest(3), "\xc3\xa4\xc3\xa4", "", "input.too_long",
        "\"Label of f\" is 4 bytes long; at most 3 are allowed."},
       {"lines are kept", lines, "a\nb", "a\nb", "", ""},
       {"line ends become newlines", lines, "a\r\nb\rc", "a\nb\nc", "", ""},
       {"lines without other controls", lines, "a\x01", "", "input.invalid",
        "\"Label of f\" holds control characters or bytes that are no text."},
       {"address", url, " https://vsa.example.com:8443/x ", "https://vsa.example.com:8443/x", "", ""},
       {"address without scheme", url, "vsa.example.com:8443", "https://vsa.example.com:8443", "", ""},
       {"address with a query", url, "https://vsa.example.com/a?b=c", "https://vsa.example.com/a", "", ""},
       {"address with an empty query", url, "https://vsa.example.com?", "https://vsa.example.com", "", ""},
       {"address with an address in its query", url, "vsa.example.com/?to=http://x", "https://vsa.example.com/", "",
        ""},
       {"address with a query of two lines", url, "https://vsa.example.com/?a=\nb", "https://vsa.example.com/", "", ""},
       {"address with a fragment", url, "https://vsa.example.com/#x?y", "https://vsa.example.com/", "", ""},
       {"address with user but no scheme", url, "me@vsa.example.com", "", "input.invalid",
        "\"Label of f\" holds a user name or password before the host."},
       {"address without TLS", url, "http://vsa.example.com", "", "input.invalid",
        "\"Label of f\" does not begin with https://."},
       {"address without host", url, "https:///path", "", "input.invalid", "\"Label of f\" names no host."},
       {"address with user", url, "https://me:pw@vsa.example.com", "", "input.invalid",
        "\"Label of f\" holds a user name or password before the host."},
       {"address with user and query", url, "https://me:pw@vsa.example.com/?x", "", "input.invalid",
        "\"Label of f\" holds a user name or password before the host."},
       {"address of which the name is complete", url, "https://vsa.example.com./", "https://vsa.example.com./", "", ""},
       {"address with two dots at the end", url, "https://vsa.example.com../", "", "input.invalid",
        "\"Label of f\" is no valid address."},
       {"address with a slash missing", url, "https:/vsa.example.com", "", "input.invalid", mistyped},
       {"address with the colon missing", url, "https//vsa.example.com", "", "input.invalid", mistyped},
       {"address with the scheme twice", url, "https://HTTPS://vsa.example.com", "", "input.invalid", mistyped},
       {"address with another scheme mistyped", url, "http//vsa.example.com", "", "input.invalid",
        "\"Label of f\" names a server called \"http\", so its https:// is mistyped or doubled."},
       {"address with a bad port", url, "https://vsa.example.com:99999", "", "input.invalid",
        "\"Label of f\" is no valid address."},
       {"true", flag, "true", "true", "", ""},
       {"yes is not true", flag, "yes", "", "input.invalid", "\"Label of f\" is neither true nor false."},
       {"whole number", bounded(FieldKind::integer, 1, 9), " 007 ", "7", "", ""},
       {"number out of range", bounded(FieldKind::integer, 1, 9), "10", "", "input.invalid",
        "\"Label of f\" is not a whole number from 1 to 9."},
       {"number below", bounded(FieldKind::integer, 1, {}), "0", "", "input.invalid",
        "\"Label of f\" is not a whole number of at least 1."},
       {"number with a tail", bounded(FieldKind::integer, {}, {}), "1x", "", "input.invalid",
        "\"Label of f\" is not a whole number."},
       {"number too large for anybody", bounded(FieldKind::integer, {}, {}), "99999999999999999999", "",
        "input.invalid", "\"Label of f\" is not a whole number."},
       {"choice", choice(), "b", "b", "", ""},
       {"no choice", choice(), "c", "", "input.invalid", "\"Label of f\" is none of the values to choose from."},
   };
}

TEST(Settings, every_kind_of_field_has_its_rules) {
   for (const auto& c : cases()) {
      SCOPED_TRACE(c.name);
      const auto check = check_settings(form({c.field}), plain("f", c.given));
      if (c.code.empty()) {
         ASSERT_TRUE(check.settings) << check.findings.front().summary;
         EXPECT_EQ(check.settings->values().at("f"), c.kept);
      } else {
         ASSERT_FALSE(check.settings);
         ASSERT_EQ(check.findings.size(), 1u);
         EXPECT_EQ(check.findings[0].code, c.code);
         EXPECT_EQ(check.findings[0].summary, c.summary);
         EXPECT_EQ(check.findings[0].field, "f");
         EXPECT_FALSE(check.findings[0].remedy.empty());
      }
   }
}

TEST(Settings, a_secret_is_never_changed) {
   const auto check = check_settings(form({field("s", FieldKind::secret)}), secret("s", " p$ss#word "));
   ASSERT_TRUE(check.settings);
   EXPECT_EQ(check.settings->secrets().at("s").view(), " p$ss#word ");
}

TEST(Settings, a_secret_with_a_control_character_is_refused_without_being_told) {
   for (const std::string_view bad : {std::string_view("hunter\r\nHost: x"), std::string_view("hunter\0x", 8),
                                      std::string_view("hunter\x7f"), std::string_view("hunter\xff")}) {
      const auto check = check_settings(form({field("s", FieldKind::secret)}), secret("s", bad));
      ASSERT_FALSE(check.settings);
      EXPECT_EQ(check.findings[0].code, "input.invalid");
      EXPECT_EQ(check.findings[0].summary.find("hunter"), std::string::npos);
   }
}

TEST(Settings, a_missing_required_field_is_named_by_its_label) {
   const auto check = check_settings(form({field("user", FieldKind::text, true), field("pw", FieldKind::secret, true)}),
                                     plain("user", "   "));
   ASSERT_EQ(check.findings.size(), 2u);
   EXPECT_EQ(check.findings[0].summary, "\"Label of user\" is missing.");
   EXPECT_EQ(check.findings[0].remedy, "Enter a value for \"Label of user\".");
   EXPECT_EQ(check.findings[1].code, "input.required");
   EXPECT_EQ(check.findings[1].field, "pw");
}

TEST(Settings, defaults_are_filled_in) {
   auto with_default = choice();
   with_default.required = true;
   with_default.default_value = "b";
   const auto check = check_settings(form({with_default}), {});
   ASSERT_TRUE(check.settings);
   EXPECT_EQ(check.settings->values().at("f"), "b");
}

TEST(Settings, an_unknown_field_is_refused_and_the_known_ones_are_named) {
   const auto check =
       check_settings(form({field("user", FieldKind::text), field("pw", FieldKind::secret)}), plain("usr", "jane"));
   ASSERT_EQ(check.findings.size(), 1u);
   EXPECT_EQ(check.findings[0].code, "input.invalid");
   EXPECT_EQ(check.findings[0].summary, "Sample has no field \"usr\".");
   EXPECT_EQ(check.findings[0].remedy, "Use one of its fields: user, pw.");
}

TEST(Settings, a_secret_given_as_an_ordinary_value_is_refused) {
   const auto check = check_settings(form({field("pw", FieldKind::secret, true)}), plain("pw", "hunter2"));
   ASSERT_EQ(check.findings.size(), 1u);
   EXPECT_EQ(check.findings[0].summary, "\"Label of pw\" is a secret but was given as an ordinary value.");
}

// method: "token" or "password"; `strict` depends on method, `level` on strict.
Manifest dependent_form() {
   auto method = field("method", FieldKind::choice);
   method.choices = {{.value = "token", .label = "", .help = {}}, {.value = "password", .label = "", .help = {}}};
   method.default_value = "token";
   auto strict = field("strict", FieldKind::boolean);
   strict.default_value = "true";
   strict.visible_when = {{"method", {"password"}}};
   auto level = field("level", FieldKind::integer, true);
   level.visible_when = {{"strict", {"true"}}};
   return form({method, strict, level});
}

TEST(Settings, a_secret_of_several_lines_keeps_them_with_one_kind_of_line_end) {
   Manifest manifest;
   Field key;
   key.id = "key";
   key.label = "Key";
   key.kind = FieldKind::secret;
   for (const bool multiline : {true, false}) {
      key.multiline = multiline;
      manifest.fields = {key};
      Settings given;
      given.secrets["key"] = SecretBytes("-----BEGIN\r\nab\tc\rd\n");
      const auto checked = check_settings(manifest, std::move(given));
      ASSERT_EQ(checked.settings.has_value(), multiline);
      if (multiline) {
         EXPECT_EQ(checked.settings->secrets().at("key").view(), "-----BEGIN\nab\tc\nd\n");
      } else {
         EXPECT_EQ(checked.findings.at(0).code, "input.invalid");
      }
   }
   Settings control;
   control.secrets["key"] = SecretBytes(std::string("a\0b", 3));
   key.multiline = true;
   manifest.fields = {key};
   EXPECT_FALSE(check_settings(manifest, std::move(control)).settings);
}

TEST(Settings, a_field_is_there_while_all_its_conditions_hold) {
   Manifest manifest;
   Field method, strict, last;
   method.id = method.label = "method";
   method.kind = FieldKind::choice;
   method.choices = {{"token", "Token", "", false}, {"password", "Password", "", false}};
   method.default_value = "token";
   strict.id = strict.label = "strict";
   strict.kind = FieldKind::boolean;
   strict.default_value = "false";
   last.id = last.label = "last";
   last.visible_when = {{"method", {"password"}}, {"strict", {"true"}}};
   manifest.fields = {method, strict, last};
   EXPECT_FALSE(visible(manifest, last, {}));
   EXPECT_FALSE(visible(manifest, last, {{"method", "password"}}));
   EXPECT_FALSE(visible(manifest, last, {{"strict", "true"}}));
   EXPECT_TRUE(visible(manifest, last, {{"method", "password"}, {"strict", "true"}}));
   EXPECT_TRUE(holds(manifest, {}, {}));
   EXPECT_FALSE(holds(manifest, {{"nobody", {"x"}}}, {}));
}

TEST(Settings, a_field_behind_an_invisible_one_is_invisible_too) {
   auto given = plain("method", "token");
   given.values["level"] = "nonsense";
   const auto check = check_settings(dependent_form(), std::move(given));
   ASSERT_TRUE(check.settings);
   EXPECT_EQ(check.settings->values(), (std::map<std::string, std::string, std::less<>>{{"method", "token"}}));
}

TEST(Settings, a_secret_may_be_exactly_as_long_as_its_field_allows) {
   Manifest manifest;
   auto password = field("password", FieldKind::secret, true);
   password.max_length = 8;
   manifest.fields.push_back(password);
   for (const std::string& typed :
        {std::string("1234567"), std::string("12345678"), std::string("123456789"), std::string("12345\xc3\xa4 "),
         std::string("123456\xc3\xa4"), std::string("1234567\xc3\xa4")}) {
      Settings given;
      given.secrets["password"] = SecretBytes(typed);
      const auto check = check_settings(manifest, std::move(given));
      ASSERT_EQ(check.settings.has_value(), typed.size() <= 8) << typed;
      if (typed.size() <= 8) {
         EXPECT_TRUE(check.findings.empty()) << typed;
         EXPECT_EQ(check.settings->secrets().at("password").view(), typed);
      } else {
         ASSERT_EQ(check.findings.size(), 1U) << typed;
         EXPECT_EQ(check.findings[0].code, "input.too_long");
         EXPECT_EQ(check.findings[0].field, "password");
         EXPECT_EQ(check.findings[0].summary.find(typed), std::string::npos) << "a secret is not repeated";
      }
   }
}

TEST(Settings, a_secret_behind_an_invisible_field_is_not_handed_on_and_not_checked) {
   auto manifest = dependent_form();
   auto password = field("password", FieldKind::secret, true);
   password.max_length = 8;
   password.visible_when = {{"method", {"password"}}};
   manifest.fields.push_back(password);

   for (const char* typed : {"hunter2", "longer than eight bytes"}) {
      auto given = plain("method", "token");
      given.secrets["password"] = SecretBytes(typed);
      const auto hidden = check_settings(manifest, std::move(given));
      ASSERT_TRUE(hidden.settings) << typed;
      EXPECT_TRUE(hidden.settings->secrets().empty()) << typed;
   }
   auto given = plain("method", "password");
   given.values["level"] = "1";
   given.secrets["password"] = SecretBytes("hunter2");
   const auto visible = check_settings(manifest, std::move(given));
   ASSERT_TRUE(visible.settings);
   EXPECT_EQ(visible.settings->secrets().at("password").view(), "hunter2");
}

TEST(Settings, a_field_becomes_required_when_it_becomes_visible) {
   const auto check = check_settings(dependent_form(), plain("method", "password"));
   ASSERT_EQ(check.findings.size(), 1u);
   EXPECT_EQ(check.findings[0].field, "level");
   EXPECT_EQ(check.findings[0].code, "input.required");
}

TEST(Settings, a_copy_holds_the_same_values_and_secrets) {
   auto settings = secret("s", "hunter2");
   settings.values["v"] = "1";
   const auto copy = settings.copy();
   EXPECT_EQ(copy.values, settings.values);
   EXPECT_EQ(copy.secrets.at("s").view(), "hunter2");
}

TEST(Settings, what_was_saved_under_a_former_name_is_taken_for_the_field_and_what_is_typed_is_not) {
   Field user = field("user", FieldKind::text, true);
   user.was = {"login", "name"};
   Field key = field("key", FieldKind::secret, true);
   key.was = {"token"};
   Settings saved = plain("name", "ada");
   saved.secrets["token"] = SecretBytes("the key");
   Settings typed = saved.copy();
   saved.saved = true;
   const auto taken = check_settings(form({user, key}), std::move(saved));
   ASSERT_TRUE(taken.settings);
   EXPECT_EQ(taken.settings->values().at("user"), "ada");
   EXPECT_EQ(taken.settings->secrets().at("key").view(), "the key");
   EXPECT_FALSE(check_settings(form({user, key}), std::move(typed)).settings);
}

}  // namespace
}  // namespace msp::host
