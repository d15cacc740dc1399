// The readers of Autotask's answers, which need neither host nor network.
#include <gtest/gtest.h>

#include <string>

#include "answer.hpp"
#include "entity_information.hpp"
#include "zone.hpp"

// Some linkers take the connection along, which reads the permissions of the manifest.
extern "C" const char msp_plugin_manifest[] = "{}";

namespace {

using namespace autotask;
using msp::sdk::Granted;

TEST(AutotaskZone, the_login_is_escaped_and_version_one_is_pinned) {
   EXPECT_EQ(zone_lookup_url("a+b@c.example"),
             "https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation?user=a%2Bb%40c.example");
}

TEST(AutotaskZone, the_recorded_answer_is_read) {
   const auto zone = read_zone(
       R"({"zoneName":"America East 2","url":"https://webservices14.autotask.net/ATServicesRest/","webUrl":"https://ww14.autotask.net/","ci":123456})");
   ASSERT_TRUE(zone);
   EXPECT_EQ(zone->url, "https://webservices14.autotask.net/ATServicesRest/");
   EXPECT_EQ(zone->host(), "webservices14.autotask.net");
   EXPECT_EQ(zone->name, "America East 2");
   EXPECT_EQ(zone->customer_id, "123456");
}

TEST(AutotaskZone, autotasks_own_addresses_are_trusted) {
   const struct {
      const char* url;
      const char* canonical;
   } cases[] = {
       {"https://webservices1.autotask.net/ATServicesRest/", "https://webservices1.autotask.net/ATServicesRest/"},
       {"https://webservices299.autotask.net/ATServicesRest", "https://webservices299.autotask.net/ATServicesRest/"},
       {"https://webservices.autotask.net", "https://webservices.autotask.net/"},
       {"HTTPS://WebServices14.Autotask.NET:443/ATServicesRest/", "https://webservices14.autotask.net/ATServicesRest/"},
       {"https://prde.autotask.net/ATServicesRest/", "https://prde.autotask.net/ATServicesRest/"},
       {"https://pres.autotask.net/ATServicesRest/", "https://pres.autotask.net/ATServicesRest/"},
       {"https://webservices14.autotask.net//ATServicesRest/", "https://webservices14.autotask.net/ATServicesRest/"},
       {"https://webservices14.autotask.net///ATServicesRest//", "https://webservices14.autotask.net/ATServicesRest/"},
       {"https://webservices14.autotask.net/a//b", "https://webservices14.autotask.net/a/b/"},
       {"https://webservices14.autotask.net//", "https://webservices14.autotask.net/"},
   };
   for (const auto& each : cases) EXPECT_EQ(trusted_zone_url(each.url), each.canonical) << each.url;
}

TEST(AutotaskZone, no_other_address_is_trusted) {
   for (const char* url : {
            "",
            "webservices14.autotask.net/ATServicesRest/",
            "http://webservices14.autotask.net/ATServicesRest/",
            "https://webservices14.autotask.net:8443/ATServicesRest/",
            "https://webservices14.autotask.net.attacker.example/ATServicesRest/",
            "https://attacker.example/webservices14.autotask.net/",
            "https://webservices14.autotask.net@attacker.example/",
            "https://user:secret@webservices14.autotask.net/",
            "https://webservices14x.autotask.net/",
            "https://evilwebservices14.autotask.net/",
            "https://webservices-1.autotask.net/",
            "https://webservices1.evil.autotask.net/",
            "https://prde2.autotask.net/",
            "https://ww14.autotask.net/",
            "https://.autotask.net/",
            "https://autotask.net/",
            "https://webservices14.autotask.net/../x/",
            "https://webservices14.autotask.net/a?b",
            "https://webservices14.autotask.net/a#b",
            "https://webservices14.autotask.net\\@attacker.example/",
            "https://webservices14.autotask.net/a b",
        })
      EXPECT_EQ(trusted_zone_url(url), std::nullopt) << url;
   EXPECT_EQ(trusted_zone_url("https://webservices.autotask.net/" + std::string(1000, 'a')), std::nullopt);
}

TEST(AutotaskZone, an_answer_that_is_not_the_document_is_none) {
   for (const char* body : {"", "<html></html>", "{}", "[]", "null", R"({"url":null})", R"({"url":["https://x"]})",
                            R"({"url":"https://attacker.example/"})", R"({"URL")"})
      EXPECT_FALSE(read_zone(body)) << body;
}

TEST(AutotaskAnswer, every_recorded_answer_has_its_meaning) {
   const struct {
      int status;
      const char* body;
      Meaning meaning;
   } cases[] = {
       {200, "{}", Meaning::document},
       {401, "", Meaning::rejected},
       {401, R"({"errors":["IntegrationCode is invalid."]})", Meaning::integration_code_invalid},
       {500, R"({"errors":["IntegrationCode is invalid."]})", Meaning::integration_code_invalid},
       {500, R"({"Errors":["Zone information could not be determined"]})", Meaning::user_unknown},
       {500,
        R"({"errors":["The logged in Resource does not have the adequate permissions to query this entity type."]})",
        Meaning::no_right},
       {403,
        R"({"errors":["The logged in Resource does not have the adequate permissions to query this entity type."]})",
        Meaning::no_right},
       {401, R"({"errors":["adequate permissions"]})", Meaning::rejected},
       {500, "adequate permissions", Meaning::outage},
       {403, "", Meaning::forbidden},
       {403, "{}", Meaning::forbidden},
       {403, R"({"errors":["Account locked"]})", Meaning::forbidden},
       {403, "<html>blocked</html>", Meaning::senseless},
       {429, "", Meaning::throttled},
       {500, R"({"errors":["The thread threshold of 3 threads has been exceeded"]})", Meaning::throttled},
       {503, "ITGENATR005", Meaning::throttled},
       {404, "", Meaning::not_there},
       {404, "<html></html>", Meaning::not_there},
       {405, "", Meaning::not_there},
       {405, R"({"Message":"No such method."})", Meaning::not_there},
       {404, R"({"errors":["Username or password is incorrect."]})", Meaning::platform_error},
       {500, R"({"errors":["Something that only Autotask understands."]})", Meaning::platform_error},
       {500, R"({"errors":[]})", Meaning::outage},
       {500, "<html></html>", Meaning::outage},
       {502, "", Meaning::outage},
       {301, "", Meaning::redirected},
       {307, R"({"errors":["x"]})", Meaning::redirected},
       {204, "", Meaning::senseless},
       {418, "", Meaning::senseless},
   };
   for (const auto& each : cases)
      EXPECT_EQ(read_answer(each.status, each.body).meaning, each.meaning) << each.status << " " << each.body;
}

TEST(AutotaskAnswer, a_401_is_autotasks_own_unless_it_shows_another_author) {
   const char* own = "Basic Realm=\"webservices14.autotask.net\"";
   const struct {
      const char* body;
      const char* challenge;
      Meaning meaning;
   } cases[] = {
       {"", "", Meaning::rejected},
       {"", own, Meaning::rejected},
       {"", "basic realm=\"WEBSERVICES2.AUTOTASK.NET\"", Meaning::rejected},
       {"<html>401</html>", own, Meaning::rejected},
       {R"({"errors":["Account is locked"]})", "", Meaning::rejected},
       {"<!DOCTYPE html><html>Sign in</html>", "", Meaning::sign_in_elsewhere},
       {"", "Negotiate", Meaning::sign_in_elsewhere},
       {"", "Basic realm=\"proxy.example.com\"", Meaning::sign_in_elsewhere},
       {"<html></html>", "NTLM", Meaning::sign_in_elsewhere},
       {"", "Basic realm=\"autotask.net.attacker.example\"", Meaning::sign_in_elsewhere},
   };
   for (const auto& each : cases) {
      const Answer answer = read_answer(401, each.body, each.challenge);
      EXPECT_EQ(answer.meaning, each.meaning) << each.body << " " << each.challenge;
      const bool remembered = each.meaning == Meaning::rejected;
      EXPECT_EQ(outcome_of(answer), remembered ? msp::sdk::Outcome::refused : msp::sdk::Outcome::unavailable);
   }
   EXPECT_EQ(read_answer(200, "<html><input type=\"password\"></html>").meaning, Meaning::sign_in_elsewhere);
   EXPECT_EQ(read_answer(200, "<html>Welcome</html>").meaning, Meaning::document) << "no sign-in: read further";
}

TEST(AutotaskAnswer, a_reason_that_autotask_gives_is_shown_and_no_other_is_guessed) {
   const struct {
      int status;
      const char* reason;
      const char* code;
      const char* remedy;
   } cases[] = {
       {401, "Account is locked", "auth.locked", "Unlock the API user"},
       {403, "Account is locked", "auth.locked", "Unlock the API user"},
       {401, "The password has expired.", "auth.expired", "generate a new password"},
       {403, "Password expired", "auth.expired", "generate a new password"},
       {401, "The user is inactive.", "auth.rejected", "Act on what Autotask says"},
       {403, "The user is inactive.", "auth.rejected", "Act on what Autotask says"},
   };
   for (const auto& each : cases) {
      const auto finding =
          explain(read_answer(each.status, R"({"errors":[")" + std::string(each.reason) + "\"]}"), "the sign-in");
      EXPECT_EQ(finding.code(), each.code) << each.reason;
      EXPECT_EQ(std::string(finding.table().summary),
                "Autotask refused the sign-in and gives the reason: \"" + std::string(each.reason) + "\"");
      EXPECT_NE(std::string(finding.table().remedy).find(each.remedy), std::string::npos) << each.reason;
      EXPECT_EQ(finding.table().http_status, each.status);
   }
}

TEST(AutotaskAnswer, words_that_give_no_reason_are_shown_and_not_called_silence) {
   const std::string summary =
       explain(read_answer(401, R"({"errors":["Invalid credentials"]})"), "the sign-in").table().summary;
   EXPECT_NE(summary.find("says only: \"Invalid credentials\". Possible causes: "), std::string::npos) << summary;
   EXPECT_EQ(summary.find("does not say why"), std::string::npos) << summary;
}

TEST(AutotaskAnswer, an_unknown_user_may_be_new) {
   const auto finding =
       explain(read_answer(500, R"({"errors":["Zone information could not be determined"]})"), "the zone look-up");
   EXPECT_EQ(finding.code(), "auth.user_unknown");
   EXPECT_NE(std::string(finding.table().remedy).find("wait some minutes"), std::string::npos);
}

TEST(AutotaskAnswer, the_platforms_own_text_is_kept_whole_for_the_host_to_shorten) {
   EXPECT_EQ(read_errors(R"({"errors":["One.", " Two. ", null, 3]})"), "One. Two. 3");
   EXPECT_EQ(read_errors(R"({"errors":[")" + std::string(100'000, 'x') + R"(","y"]})"),
             std::string(100'000, 'x') + " y");
   EXPECT_EQ(read_errors("<html></html>"), "");
   EXPECT_EQ(read_errors(R"({"errors":"text"})"), "");
}

TEST(AutotaskAnswer, a_rejection_names_every_cause_and_claims_none) {
   const std::string summary = explain(read_answer(401, ""), "the sign-in").table().summary;
   for (const char* cause : {"password is wrong", "user name is wrong", "API-only", "locked", "inactive", "expired",
                             "tracking identifier", "zone"})
      EXPECT_NE(summary.find(cause), std::string::npos) << cause;
}

std::string information(const std::string& can, const std::string& access) {
   return R"({"info":{"name":"Ticket","canUpdate":)" + can + R"(,"userAccessForUpdate":)" + access + "}}";
}

TEST(AutotaskEntityInformation, a_right_is_read_in_every_dress) {
   const struct {
      const char* can;
      const char* access;
      Granted granted;
   } cases[] = {
       {"true", R"("All")", Granted::all},
       {"true", R"("None")", Granted::none},
       {"true", R"("Restricted")", Granted::restricted},
       {"true", R"("ALL")", Granted::all},
       {"true", R"(" restricted ")", Granted::restricted},
       {"true", "0", Granted::none},
       {"true", "1", Granted::all},
       {"true", "2", Granted::restricted},
       {"true", R"("2")", Granted::restricted},
       {"true", "true", Granted::all},
       {"true", "false", Granted::none},
       {R"("True")", R"("All")", Granted::all},
       {"1", R"("All")", Granted::all},
       {"false", R"("All")", Granted::none},
       {"false", "null", Granted::none},
       {"true", "null", Granted::unknown},
       {"true", "3", Granted::unknown},
       {"true", R"("Sometimes")", Granted::unknown},
       {"true", "{}", Granted::unknown},
       {"null", R"("All")", Granted::unknown},
       {"null", R"("None")", Granted::none},
   };
   for (const auto& each : cases) {
      const auto read = read_entity_information(information(each.can, each.access));
      ASSERT_TRUE(read) << each.can << " " << each.access;
      EXPECT_EQ(read->right("update").granted, each.granted) << each.can << " " << each.access;
   }
}

TEST(AutotaskEntityInformation, older_keys_are_read_and_the_evidence_says_what_was_seen) {
   const auto read =
       read_entity_information(R"({"Info":{"Name":"Ticket","CanQuery":true,"UserAccessForQuery":"Restricted"}})");
   ASSERT_TRUE(read);
   EXPECT_EQ(read->right("query").granted, Granted::restricted);
   EXPECT_EQ(read->right("query").evidence, "canQuery=true, userAccessForQuery=Restricted");
   EXPECT_EQ(read->right("create").granted, Granted::unknown);
   EXPECT_EQ(read->right("create").evidence, "canCreate=(absent), userAccessForCreate=(absent)");
   EXPECT_EQ(read->right("delete").granted, Granted::unknown);
}

TEST(AutotaskEntityInformation, what_says_nothing_about_rights_is_not_the_document) {
   for (const char* body : {"", "<html></html>", "{}", "[]", R"({"info":{}})", R"({"info":{"name":"Ticket"}})",
                            R"({"items":[]})", R"({"info":[{"canQuery":true}]})"})
      EXPECT_FALSE(read_entity_information(body)) << body;
}

TEST(AutotaskEntityInformation, the_list_is_read_whatever_its_shape) {
   const std::string inside = R"({"name":"Ticket","canQuery":true,"userAccessForQuery":"All"})";
   for (const std::string& body : {
            R"({"entityDescriptions":[{"info":)" + inside + "}]}",
            R"({"EntityDescriptions":[)" + inside + "]}",
            R"([{"info":)" + inside + "}]",
        }) {
      const auto entities = read_entity_list(body);
      ASSERT_EQ(entities.size(), 1U) << body;
      EXPECT_EQ(entities[0].name, "Ticket");
      EXPECT_EQ(entities[0].right("query").granted, Granted::all);
   }
   for (const char* body : {"", "<html></html>", "{}", "[]", R"({"entityDescriptions":[]})",
                            R"({"entityDescriptions":[{"info":{"canQuery":true}}, 1, null]})"})
      EXPECT_TRUE(read_entity_list(body).empty()) << body;
}

TEST(AutotaskEntityInformation, an_entity_is_recognised_under_each_of_its_names) {
   for (const char* given : {"Company", "Companies", "companies", "COMPANY", "Account", "Accounts"})
      EXPECT_TRUE(names_entity(given, "Companies")) << given;
   for (const char* given : {"ConfigurationItem", "configurationItems", "InstalledProduct"})
      EXPECT_TRUE(names_entity(given, "ConfigurationItems")) << given;
   EXPECT_TRUE(names_entity("TicketNote", "TicketNotes"));
   EXPECT_FALSE(names_entity("TicketNote", "Tickets"));
   EXPECT_FALSE(names_entity("ContractService", "Contracts"));
   EXPECT_FALSE(names_entity("ContractServiceUnit", "ContractServices"));
   EXPECT_FALSE(names_entity("", "Tickets"));
}

}  // namespace
