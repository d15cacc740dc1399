#include <gmock/gmock.h>

#include <algorithm>

#include "contract/host_table.hpp"
#include "integration_scene.hpp"
#include "msp/host/check.hpp"
#include "msp/http.h"

namespace msp::host {
namespace {

using testing::HasSubstr;
using testing::Not;

class CheckTrace : public IntegrationScene {
 protected:
   CheckTrace() { lifetime_ = 0; }

   void ask(const msp_call* call, const std::vector<std::string>& urls) {
      const msp_host& host = make_host_table(script_.state->runtime, "sample");
      const auto* http = static_cast<const msp_http*>(host.get_service(&host, MSP_HTTP_SERVICE));
      for (const std::string& url : urls) {
         const msp_pair header{"Authorization", "Bearer session-1", 0, 0};
         msp_http_request request{};
         request.struct_size = sizeof request;
         request.method = "GET";
         request.url = url.c_str();
         request.headers = &header;
         request.header_count = 1;
         const msp_http_response* answer = nullptr;
         http->send(&host, call, &request, 1, &answer);
      }
   }

   std::vector<std::string> traced(bool trace = true) {
      CheckOptions options;
      options.trace = trace;
      report_ = check(*plugin_, sample_settings(), options);
      std::vector<std::string> lines;
      for (const Finding& one : report_.findings) ADD_FAILURE() << one.summary;
      if (!report_.requests) return {"not traced"};
      for (const auto& [step, sent] : *report_.requests) {
         lines.push_back(step + ": " + sent.method + ' ' + sent.host + sent.path + ' ' +
                         (sent.status == 0 ? sent.problem : std::to_string(sent.status)));
      }
      return lines;
   }

   CheckReport report_;
};

TEST_F(CheckTrace, tells_each_request_with_its_step_and_how_it_was_answered) {
   accept("Bearer session-1");
   script_.validate = [this](const msp_call* call) {
      ask(call, {std::string(kBase) + "me?key=4711", "https://elsewhere.example.com/"});
      return report_identity(call), MSP_ACCEPTED;
   };
   script_.manifest.session_probe = "Tickets/1";
   answer_elsewhere_ = [](const sim::Request&) { return Reply::json("{}", 404); };
   plugin_ = script_.load(script_.state->runtime->options);
   EXPECT_THAT(traced(), testing::ElementsAre("validate_credentials: GET api.example.com/rest/v1/me 200",
                                              "validate_credentials: GET elsewhere.example.com/ 404",
                                              "authenticate: GET api.example.com/rest/v1/Tickets/1 200"));
   EXPECT_THAT(to_json(report_, plugin_->manifest(), {}), HasSubstr(R"("path": "/rest/v1/me",
      "status": 200,
      "problem": null,)"));
}

TEST_F(CheckTrace, a_secret_in_a_path_is_not_told_also_where_it_becomes_one_later) {
   script_.validate = [this](const msp_call* call) {
      ask(call, {std::string(kBase) + "by/correct%20horse/and/session-1", std::string(kBase) + "?p=correct%20horse"});
      return report_identity(call), MSP_ACCEPTED;
   };
   const std::string all = testing::PrintToString(traced());
   EXPECT_EQ(report_.outcome, Outcome::accepted);
   EXPECT_THAT(all, Not(HasSubstr("horse")));
   EXPECT_THAT(all, Not(HasSubstr("session-1")));
   EXPECT_THAT(all, HasSubstr("/rest/v1/by/[redacted]/and/[redacted] 401"));
}

TEST_F(CheckTrace, a_request_without_an_answer_says_why_and_one_that_broke_a_rule_was_not_sent) {
   script_.validate = [this](const msp_call* call) {
      ask(call, {"https://api.example.com:443/", "https://stranger.example.com/"});
      return report_identity(call), MSP_ACCEPTED;
   };
   HostOptions unreachable;
   unreachable.network.ca_file = scratch_.path() / "ca.pem";
   unreachable.network.connect_to = {"::127.0.0.1:1"};
   plugin_ = script_.load(std::move(unreachable));
   EXPECT_THAT(traced(), testing::ElementsAre("validate_credentials: GET api.example.com/ net.connect"));
}

TEST_F(CheckTrace, has_a_bound_and_is_there_only_when_it_is_wanted) {
   script_.permissions = [this](const msp_call* call) {
      ask(call, std::vector<std::string>(kMostTraced + 1, kBase));
      for (const auto& permission : script_.manifest.permissions)
         report_grant(call, permission.id.c_str(), MSP_GRANTED_ALL);
      return MSP_ACCEPTED;
   };
   EXPECT_EQ(traced().size(), kMostTraced);
   EXPECT_THAT(traced(false), testing::ElementsAre("not traced"));
   EXPECT_THAT(to_json(report_, plugin_->manifest(), {}), Not(HasSubstr("\"requests\"")));
}

}  // namespace
}  // namespace msp::host
