#include "msp/sdk/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using msp::sdk::Json;

TEST(SdkJson, a_key_is_found_in_any_case_and_as_written_first) {
   const auto json = Json::parse(R"({"Token":"old","token":"new","INFO":{"canQuery":true}})");
   ASSERT_TRUE(json);
   EXPECT_EQ((*json)["token"].text(), "new");
   EXPECT_EQ((*json)["TOKEN"].text(), "old");
   EXPECT_EQ((*json)["info"]["CanQuery"].boolean(), true);
}

TEST(SdkJson, reading_on_from_what_is_absent_gives_what_is_absent) {
   const auto json = Json::parse(R"({"a":[1],"text":"x","null":null})");
   ASSERT_TRUE(json);
   EXPECT_FALSE((*json)["nowhere"]["deeper"].exists());
   EXPECT_FALSE((*json)["a"]["b"].exists());
   EXPECT_FALSE((*json)["text"]["b"].text());
   EXPECT_TRUE((*json)["nowhere"].items().empty());
   EXPECT_TRUE((*json)["null"].is_null());
   EXPECT_FALSE((*json)["null"].text());
   EXPECT_FALSE((*json)["a"].text());
}

TEST(SdkJson, numbers_and_booleans_are_read_quoted_or_not) {
   const auto json = Json::parse(R"([1,"2",true,"False","1",3.5,"x",{}])");
   ASSERT_TRUE(json);
   const auto items = json->root().items();
   EXPECT_EQ(items[0].integer(), 1);
   EXPECT_EQ(items[0].boolean(), true);
   EXPECT_EQ(items[1].integer(), 2);
   EXPECT_FALSE(items[1].boolean());
   EXPECT_EQ(items[2].boolean(), true);
   EXPECT_EQ(items[3].boolean(), false);
   EXPECT_EQ(items[4].boolean(), true);
   EXPECT_FALSE(items[5].integer());
   EXPECT_EQ(items[5].text(), "3.5");
   EXPECT_FALSE(items[6].integer());
   EXPECT_FALSE(items[7].integer());
}

TEST(SdkJson, an_id_of_26_digits_keeps_all_of_them) {
   const auto json = Json::parse(R"({"id":12345678901234567890123456})");
   ASSERT_TRUE(json);
   EXPECT_EQ((*json)["id"].text(), "12345678901234567890123456");
   EXPECT_FALSE((*json)["id"].integer());
}

TEST(SdkJson, a_byte_order_mark_is_passed_over) { EXPECT_TRUE(Json::parse("\xEF\xBB\xBF{}")); }

TEST(SdkJson, what_is_not_one_whole_text_is_no_document) {
   for (const char* text : {"", " ", "{", "{}{}", "<html></html>", "{\"a\":}", "[1,]", "nul", "\"\xFF\"", "{'a':1}"})
      EXPECT_FALSE(Json::parse(text)) << text;
   EXPECT_FALSE(Json::parse(std::string_view("{}\0", 3)));
}

TEST(SdkJson, depth_is_bounded_and_brackets_in_texts_do_not_count) {
   const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
   EXPECT_TRUE(Json::parse(nested(Json::kMaxDepth)));
   EXPECT_FALSE(Json::parse(nested(Json::kMaxDepth + 1)));
   EXPECT_FALSE(Json::parse(std::string(1'000'000, '[')));
   EXPECT_TRUE(Json::parse("[\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"]"));
}

TEST(SdkJson, size_is_bounded) {
   EXPECT_TRUE(Json::parse("[]" + std::string(Json::kMaxBytes - 2, ' ')));
   EXPECT_FALSE(Json::parse("[]" + std::string(Json::kMaxBytes - 1, ' ')));
}

TEST(SdkJson, values_stay_good_when_the_document_moves) {
   auto first = Json::parse(R"({"a":"b"})");
   ASSERT_TRUE(first);
   const auto value = (*first)["a"];
   const Json second = std::move(*first);
   EXPECT_EQ(value.text(), "b");
   EXPECT_EQ(second["a"].text(), "b");
}

}  // namespace
