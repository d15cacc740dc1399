// Rights that are needed only where a choice asks for them.
#include <gmock/gmock.h>

#include "family.hpp"

namespace msp::test {
namespace {

using console::test::document;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kToken = "tok-1234567890";

// Says which rights its one token has.
class ExampleService {
 public:
   explicit ExampleService(std::string token_rights) : rights(std::move(token_rights)) {}
   std::string rights;
   Platform platform{{"service.example.com"}, [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) const {
      if (request.header("Authorization") != "Bearer " + std::string(kToken)) return sim::Reply::json("{}", 401);
      return sim::Reply::json(R"({"account":"4711","user":"console","rights":")" + rights + "\"}");
   }
};

std::vector<std::string> asked_for(const host::CheckReport& report) {
   std::vector<std::string> ids;
   for (const host::Grant& grant : report.grants) ids.push_back(grant.permission_id);
   return ids;
}

TEST(RightsByChoice, only_those_count_that_the_choices_ask_for) {
   const struct {
      const char* tickets;
      const char* billing;
      std::vector<std::string> asked_for;
      const char* just_enough;
   } cases[] = {
       {"show", "false", {"tickets.read"}, "tickets.read"},
       {"open", "false", {"tickets.read", "tickets.write"}, "tickets.read tickets.write"},
       {"show", "true", {"tickets.read", "invoices.read"}, "tickets.read invoices.read"},
       {"open",
        "true",
        {"tickets.read", "tickets.write", "invoices.read", "invoices.write"},
        "tickets.read tickets.write invoices.read invoices.write"},
   };
   for (const auto& chosen : cases) {
      for (const auto& given : cases) {
         const ExampleService service(given.just_enough);
         const Family plugin("rights_by_choice", service.platform);
         const auto report =
             plugin.check({{"tickets", chosen.tickets}, {"billing", chosen.billing}}, {{"token", kToken}});
         EXPECT_EQ(asked_for(report), chosen.asked_for);
         bool enough = true;
         for (const std::string& id : chosen.asked_for)
            enough = enough && std::string(given.just_enough).find(id) != std::string::npos;
         EXPECT_EQ(report.verdict, enough ? host::Verdict::sufficient : host::Verdict::insufficient)
             << chosen.tickets << chosen.billing << " with " << given.just_enough;
         for (const host::Finding& finding : report.findings)
            EXPECT_NE(finding.code, "plugin.defect") << finding.summary;
      }
   }
}

TEST(RightsByChoice, on_the_command_line_a_right_is_shown_once_it_is_chosen) {
   ExampleService service("tickets.read");
   FamilyConsole console("rights_by_choice", service.platform);
   const auto added = console.add({}, {{"token", std::string("=") + kToken}}, {"--name", "Service"});
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   EXPECT_EQ(document(added)["permissions"]["grants"].Size(), 1U);
   EXPECT_THAT(added.out, Not(HasSubstr("tickets.write")));

   const auto more = console.edit("Service", {{"tickets", "open"}}, {});
   EXPECT_EQ(more.exit_code, 5) << more.out << more.err;
   EXPECT_EQ(document(more)["permissions"]["grants"].Size(), 2U);
   EXPECT_STREQ(document(more)["findings"][0]["remedy"].GetString(), "Create a token that may write tickets.");

   service.platform.change([&] { service.rights = "tickets.read tickets.write"; });
   EXPECT_EQ(console.edit("Service", {{"tickets", "open"}}, {}).exit_code, 0);
}

TEST(RightsByChoice, on_the_command_line_the_sheet_says_when_a_right_is_needed) {
   ExampleService service("");
   FamilyConsole console("rights_by_choice", service.platform);
   const auto sheet = console.run({"platform", "requirements", "rights_by_choice"});
   EXPECT_EQ(sheet.exit_code, 0) << sheet.err;
   EXPECT_THAT(
       sheet.out,
       HasSubstr("- [ ] **Tickets – read**: Create a token that may read tickets. Used for: showing tickets\n"));
   EXPECT_THAT(sheet.out, HasSubstr("Used for: opening a ticket for each alert (only when \"Tickets\" is "
                                    "\"Open one for each alert\")\n"));
   EXPECT_THAT(sheet.out, HasSubstr("(only when \"Compare what is billed\" is chosen)\n"));
   EXPECT_THAT(sheet.out,
               HasSubstr("(only when \"Tickets\" is \"Open one for each alert\" and \"Compare what is billed\" "
                         "is chosen)\n"));
}

TEST(RightsByChoice, on_the_command_line_who_enables_the_plugin_sees_when_a_right_is_needed) {
   ExampleService service("");
   FamilyConsole console("rights_by_choice", service.platform);
   const auto shown = console.run({"plugin", "show", "rights_by_choice"});
   EXPECT_THAT(shown.out, HasSubstr("comparing what is billed (only when"));
   const auto parsed = document(console.run({"plugin", "show", "rights_by_choice", "--json"}));
   EXPECT_TRUE(parsed["permissions"][0]["only_when"].IsNull());
   EXPECT_STREQ(parsed["permissions"][1]["only_when"].GetString(),
                "only when \"Tickets\" is \"Open one for each alert\"");
}

}  // namespace
}  // namespace msp::test
