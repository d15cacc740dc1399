#include "core/drift.hpp"

#include <gtest/gtest.h>

using namespace msp;
using host::Granted;

namespace {

// What a check learned: {"id","all"} and so on.
std::string check(std::initializer_list<std::pair<const char*, const char*>> grants) {
   std::string text;
   for (const auto& [id, granted] : grants) text += (text.empty() ? "" : " ") + std::string(id) + "=" + granted;
   return text;
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

TEST(Drift, a_text_of_another_form_is_none) {
   const std::string good = check({{"a", "all"}});
   for (const char* bad : {"", " ", "=", "a", "=all", "  a  ", "{\"a\":\"all\"}"}) {
      EXPECT_TRUE(drift(bad, good).empty()) << bad;
      EXPECT_TRUE(drift(good, bad).empty()) << bad;
      EXPECT_FALSE(console::is_known(console::grants(bad))) << bad;
   }
   EXPECT_TRUE(console::is_known(console::grants(good)));
   EXPECT_FALSE(console::is_known(console::grants("a=everything b==")));
}

TEST(Drift, what_is_kept_reads_as_it_was) {
   const console::Grants grants = {{"a.read", Granted::all}, {"b.run", Granted::unknown}, {"c", Granted::none}};
   EXPECT_EQ(console::to_text(grants), "a.read=all b.run=unknown c=none");
   EXPECT_EQ(console::grants(console::to_text(grants)), grants);
   EXPECT_EQ(console::to_text({}), "");
}

}  // namespace
