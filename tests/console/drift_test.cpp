#include "drift.hpp"

#include <gtest/gtest.h>

using namespace msp;
using host::Granted;

namespace {

// A document with these grants: {"id","all"} and so on.
std::string check(std::initializer_list<std::pair<const char*, const char*>> grants) {
   std::string list;
   for (const auto& [id, granted] : grants) {
      list += (list.empty() ? "" : ",") + std::string(R"({"id":")") + id + R"(","granted":")" + granted + R"("})";
   }
   return R"({"permissions":{"grants":[)" + list + "]}}";
}

std::vector<host::Drift> drift(const std::string& at_saving, const std::string& now) {
   return console::drift(console::grants(at_saving), console::grants(now));
}

TEST(Drift, nothing_when_everything_is_as_it_was) {
   const std::string same = check({{"a", "all"}, {"b", "none"}, {"c", "unknown"}});
   EXPECT_TRUE(drift(same, same).empty());
}

TEST(Drift, what_is_less_comes_before_what_is_more) {
   const auto found = drift(check({{"a", "none"}, {"b", "all"}, {"c", "all"}}),
                            check({{"a", "all"}, {"b", "restricted"}, {"c", "none"}}));
   ASSERT_EQ(found.size(), 3U);
   EXPECT_EQ(found[0].permission_id, "b");
   EXPECT_EQ(found[0].now, Granted::restricted);
   EXPECT_EQ(found[1].permission_id, "c");
   EXPECT_EQ(found[2].permission_id, "a");
   EXPECT_EQ(found[2].at_saving, Granted::none);
}

TEST(Drift, what_a_later_check_could_not_learn_is_none) {
   EXPECT_TRUE(drift(check({{"a", "all"}}), check({{"a", "unknown"}})).empty());
   EXPECT_TRUE(drift(check({{"a", "all"}}), check({})).empty());
}

TEST(Drift, what_a_newer_plugin_asks_for_was_not_asked_at_saving) {
   const auto found = drift(check({{"a", "all"}}), check({{"a", "all"}, {"new", "none"}}));
   ASSERT_EQ(found.size(), 1U);
   EXPECT_EQ(found[0].at_saving, std::nullopt);
   EXPECT_TRUE(console::is_less(found[0]));
}

TEST(Drift, a_document_of_another_form_is_none) {
   const std::string good = check({{"a", "all"}});
   for (const char* bad : {"", "null", "[]", "{}", R"({"permissions":null})", R"({"permissions":{"grants":{}}})",
                           R"({"permissions":{"grants":[1,{"id":2,"granted":"all"},{"id":"a"}]}})", "{\"permi"}) {
      EXPECT_TRUE(drift(bad, good).empty()) << bad;
      EXPECT_TRUE(drift(good, bad).empty()) << bad;
      EXPECT_FALSE(console::is_known(console::grants(bad))) << bad;
   }
   EXPECT_TRUE(console::is_known(console::grants(good)));
}

}  // namespace
