#include "msp/host/json_writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace msp::host {
namespace {

void fill(JsonWriter& writer) {
   writer.text("text", "a \"b\" é");
   writer.text_or_null("nothing", "");
   writer.number("number", std::numeric_limits<std::int64_t>::min());
   writer.number_or_null("no_number", std::optional<int>());
   writer.flag("flag", true);
   writer.object("object", [&] { writer.null("null"); });
   writer.object_or_null("no_object", std::optional<int>(), [](int) {});
   writer.objects("objects", std::vector<int>{1, 2}, [&](int item) { writer.number("item", item); });
   writer.objects("no_objects", std::vector<int>(), [](int) {});
   writer.texts("texts", std::vector<std::string>{"one", "two"});
   writer.document("document", "{\"made\": [1, 2]}\n\n");
}

TEST(JsonWriter, a_document_for_people_is_indented) {
   EXPECT_EQ(json_document(fill), R"({
  "text": "a \"b\" é",
  "nothing": null,
  "number": -9223372036854775808,
  "no_number": null,
  "flag": true,
  "object": {
    "null": null
  },
  "no_object": null,
  "objects": [
    {
      "item": 1
    },
    {
      "item": 2
    }
  ],
  "no_objects": [],
  "texts": [
    "one",
    "two"
  ],
  "document": {"made": [1, 2]}
}
)");
   EXPECT_EQ(json_document([](JsonWriter&) {}), "{}\n");
}

TEST(JsonWriter, a_document_for_the_page_has_no_blanks) {
   EXPECT_EQ(json_document(fill, JsonLayout::compact),
             R"({"text":"a \"b\" é","nothing":null,"number":-9223372036854775808,"no_number":null,"flag":true,)"
             R"("object":{"null":null},"no_object":null,"objects":[{"item":1},{"item":2}],"no_objects":[],)"
             R"("texts":["one","two"],"document":{"made": [1, 2]}})"
             "\n");
}

TEST(JsonWriter, a_document_for_a_script_is_one_line) {
   const auto write = [](JsonWriter& writer) { writer.text("url", "http://x/\n#key"); };
   EXPECT_EQ(json_document(write, JsonLayout::one_line), "{\"url\": \"http://x/\\n#key\"}\n");
}

// NOLINTBEGIN(misc-misleading-bidirectional): they are what is tested.
TEST(JsonWriter, whatever_a_text_holds_the_document_is_valid_and_harmless) {
   const auto written = [](std::string_view text) {
      return json_document([&](JsonWriter& writer) { writer.text("t", text); }, JsonLayout::compact);
   };
   EXPECT_EQ(written("a\xFFz"), "{\"t\":\"a\uFFFDz\"}\n");
   EXPECT_EQ(written("\x1B[31m\u202E\u0085"), "{\"t\":\" [31m  \"}\n");
   EXPECT_EQ(written("one\ntwo"), "{\"t\":\"one\\ntwo\"}\n");
   EXPECT_EQ(written("می\u200Cخواهم"), "{\"t\":\"می\\u200Cخواهم\"}\n") << "a joiner is kept, and seen";
   EXPECT_EQ(written(std::string(65'536, 'x')).size(), 65'536 + 9U);
   EXPECT_EQ(written(std::string(65'537, 'x')).size(), 65'536 + 9U);
   EXPECT_EQ(
       json_document([](JsonWriter& writer) { writer.exact_text("t", "\x1B\u202E\t" + std::string(65'537, 'x')); },
                     JsonLayout::compact),
       "{\"t\":\"\\u001B\\u202E\\t" + std::string(65'537, 'x') + "\"}\n");
}
// NOLINTEND(misc-misleading-bidirectional)

TEST(JsonListStream, documents_that_come_one_by_one_are_one_document) {
   JsonListStream none("msp.checks/1", "checks");
   EXPECT_EQ(none.end(), "{\"schema\":\"msp.checks/1\",\"checks\":[]}\n");
   JsonListStream list("msp.checks/1", "checks");
   std::string whole = list.next("{\n}\n");
   EXPECT_EQ(whole, "{\"schema\":\"msp.checks/1\",\"checks\":[\n{\n}");
   whole += list.next("{}");
   EXPECT_EQ(whole + list.end(), "{\"schema\":\"msp.checks/1\",\"checks\":[\n{\n},\n{}\n]}\n");
}

}  // namespace
}  // namespace msp::host
