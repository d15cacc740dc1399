#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "msp/host/check.hpp"
#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {
namespace {

CheckReport refused_report() {
   CheckReport report;
   report.outcome = Outcome::refused;
   report.correlation_id = "0123456789abcdef";
   report.platform = "sample";
   report.steps = {{"settings", StepStatus::passed, std::chrono::milliseconds(0)},
                   {"validate_credentials", StepStatus::passed, std::chrono::milliseconds(212)},
                   {"check_permissions", StepStatus::failed, std::chrono::milliseconds(131)},
                   {"authenticate", StepStatus::skipped, std::chrono::milliseconds(0)}};
   report.identity = Identity{"4711", "", "jane", "https://api.example.com/"};
   report.verdict = Verdict::insufficient;
   report.grants = {{"tickets.read", Granted::all, How::introspected, "read=1"},
                    {"tickets.update", Granted::none, How::not_stated, ""}};
   Finding finding;
   finding.code = "perm.missing";
   finding.summary = "The right to \"Update Tickets\" is missing.";
   finding.remedy = "Allow updating.";
   finding.http_status = 200;
   finding.step = "check_permissions";
   report.findings = {finding};
   return report;
}

TEST(CheckJson, the_document_stands_as_it_is_specified) {
   EXPECT_EQ(
       to_json(refused_report(), sample_manifest(), {.id = 1, .name = "Mine", .platform = "sample", .saved = false}),
       R"({
  "schema": "msp.check/1",
  "outcome": "refused",
  "remarks": {},
  "correlation_id": "0123456789abcdef",
  "integration": {
    "id": 1,
    "name": "Mine",
    "platform": "sample",
    "saved": false,
    "drift": []
  },
  "steps": [
    {
      "step": "settings",
      "status": "passed",
      "ms": 0
    },
    {
      "step": "validate_credentials",
      "status": "passed",
      "ms": 212
    },
    {
      "step": "check_permissions",
      "status": "failed",
      "ms": 131
    },
    {
      "step": "authenticate",
      "status": "skipped",
      "ms": 0
    }
  ],
  "identity": {
    "account": "4711",
    "label": null,
    "principal": "jane",
    "endpoint": "https://api.example.com/"
  },
  "permissions": {
    "verdict": "insufficient",
    "grants": [
      {
        "id": "tickets.read",
        "entity": "Tickets",
        "operation": "read",
        "need": "required",
        "granted": "all",
        "how": "introspected",
        "used_for": "seeing tickets",
        "remedy": null,
        "evidence": "read=1",
        "verifiable": true
      },
      {
        "id": "tickets.update",
        "entity": "Tickets",
        "operation": "update",
        "need": "required",
        "granted": "none",
        "how": null,
        "used_for": "closing tickets",
        "remedy": "Allow updating.",
        "evidence": null,
        "verifiable": true
      }
    ]
  },
  "findings": [
    {
      "code": "perm.missing",
      "severity": "error",
      "field": null,
      "summary": "The right to \"Update Tickets\" is missing.",
      "remedy": "Allow updating.",
      "doc_url": null,
      "http_status": 200,
      "retry_after_s": null,
      "step": "check_permissions"
    }
  ]
}
)");
}

TEST(CheckJson, remarks_are_counted_by_kind_and_an_accepted_check_without_any_has_an_empty_object) {
   CheckReport report;
   report.outcome = Outcome::accepted;
   const auto written = [&] {
      rapidjson::Document json;
      json.Parse(to_json(report, sample_manifest(), {}));
      std::string text;
      const rapidjson::Value& remarks = json["remarks"];
      // Not by a range: clang finds the iterator's comparison ambiguous in C++20.
      for (auto member = remarks.MemberBegin(); member - remarks.MemberEnd() < 0; ++member)
         text += member->name.GetString() + std::string("=") + std::to_string(member->value.GetInt()) + ' ';
      return text;
   };
   EXPECT_EQ(written(), "");
   report.grants = {{"tickets.read", Granted::restricted, How::introspected, ""},
                    {"tickets.update", Granted::restricted, How::introspected, ""},
                    {"reports.read", Granted::none, How::introspected, ""}};
   EXPECT_EQ(written(), "restricted=2 missing_optional=1 ");
   report.grants[0].granted = Granted::unknown;
   for (const char* code : {"auth.method_deprecated", "vendor.own"}) {
      report.findings.emplace_back().code = code;
      report.findings.back().severity = Severity::warning;
   }
   EXPECT_EQ(written(), "unverified=1 restricted=1 missing_optional=1 deprecated=1 other=1 ");
   report.outcome = Outcome::refused;
   EXPECT_EQ(written(), "") << "what was refused has errors, not remarks";
}

TEST(CheckJson, what_is_not_there_is_null) {
   rapidjson::Document json;
   json.Parse(to_json({}, sample_manifest(), {}));
   ASSERT_FALSE(json.HasParseError());
   EXPECT_TRUE(json["integration"]["id"].IsNull());
   EXPECT_TRUE(json["identity"].IsNull());
   EXPECT_TRUE(json["permissions"].IsNull());
   EXPECT_TRUE(json["findings"].Empty());
}

TEST(CheckJson, a_session_is_never_part_of_it) {
   auto report = refused_report();
   report.session = Session{"https://api.example.com/", {}, 0};
   report.session->headers.emplace_back("Authorization", SecretBytes("Bearer s3cret"));
   EXPECT_EQ(to_json(report, sample_manifest(), {}).find("s3cret"), std::string::npos);
}

TEST(CheckJson, texts_that_are_no_utf8_leave_it_valid) {
   auto report = refused_report();
   report.findings[0].summary = "caf\xe9 \"quoted\"\n";
   rapidjson::Document json;
   json.Parse<rapidjson::kParseValidateEncodingFlag>(
       to_json(report, sample_manifest(), {.name = "\xff", .platform = {}}));
   ASSERT_FALSE(json.HasParseError());
   EXPECT_STREQ(json["findings"][0]["summary"].GetString(), "caf\xef\xbf\xbd \"quoted\"\n");
}

}  // namespace
}  // namespace msp::host
