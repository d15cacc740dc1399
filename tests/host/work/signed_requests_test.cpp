// A session whose requests the plugin signs, each for itself: what it is shown, what it adds, and what it must not do.
#include <gmock/gmock.h>

#include "contract/host_table.hpp"
#include "integration_scene.hpp"
#include "msp/keep.h"

namespace msp::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SignedRequests : public IntegrationScene {
 protected:
   SignedRequests() {
      script_.authenticate = [this](const msp_call* call) {
         ++sign_ins_;
         msp_session session{};
         session.struct_size = sizeof session;
         session.flags = MSP_SESSION_SIGNED;
         session.base_url = kBase;
         call->report_session(call, &session);
         return MSP_ACCEPTED;
      };
      script_.sign = [this](const msp_call* call, const msp_signing* signing) {
         const msp_http_request& request = *signing->request;
         shown_.push_back(std::string(request.method) + ' ' + request.url + ' ' +
                          std::string(static_cast<const char*>(request.body), request.body_size));
         const std::string value = "Signature " + std::to_string(++signatures_);
         accept(value);
         const msp_pair header = {"Authorization", value.c_str(), 0, 0};
         const msp_pair date = {"Date", "today", MSP_PAIR_PUBLIC, 0};
         const msp_pair parameter = {"when", "a b", MSP_PAIR_PUBLIC, 0};
         signing->add_header(call, &header);
         signing->add_header(call, &date);
         signing->add_parameter(call, &parameter);
         return MSP_ACCEPTED;
      };
   }

   int signatures_ = 0;
   std::vector<std::string> shown_;
};

TEST_F(SignedRequests, each_is_signed_as_it_is_sent) {
   EXPECT_EQ(get("Tickets?id=1").status, 200);
   EXPECT_EQ(integration_->request({"POST", "Tickets", {}, "{}"}).status, 200);
   EXPECT_THAT(shown_, ElementsAre("GET https://api.example.com/rest/v1/Tickets?id=1 ",
                                   "POST https://api.example.com/rest/v1/Tickets {}"));
   EXPECT_EQ(last_request().header("Authorization"), "Signature 2");
   EXPECT_EQ(last_request().header("Date"), "today");
   EXPECT_EQ(last_request().query, "when=a%20b");
   EXPECT_EQ(sign_ins_, 1);
}

TEST_F(SignedRequests, a_rejected_one_is_told_and_not_repeated_under_the_same_session) {
   drop_sessions();
   script_.sign = [](const msp_call* call, const msp_signing* signing) {
      const msp_pair header = {"Authorization", "wrong", 0, 0};
      signing->add_header(call, &header);
      return MSP_ACCEPTED;
   };
   const Response response = get();
   EXPECT_EQ(response.outcome, Outcome::refused);
   EXPECT_EQ(response.status, 401);
   EXPECT_EQ(requests(), 1u);
}

TEST_F(SignedRequests, whoever_signs_asks_nobody_and_what_breaks_the_rule_is_told) {
   using Sign = std::function<msp_outcome(const msp_call*, const msp_signing*)>;
   const auto good = script_.sign;
   static const msp_host& host = make_host_table(script_.state->runtime, "sample");
   const struct {
      const char* told;
      Sign sign;
   } cases[] = {
       {"accepted a request without signing it", [](const msp_call*, const msp_signing*) { return MSP_ACCEPTED; }},
       {"refused to sign a request",
        [](const msp_call* call, const msp_signing*) {
           report_error(call, "auth.rejected", "No.");
           return MSP_REFUSED;
        }},
       {"with a header that no request may carry",
        [](const msp_call* call, const msp_signing* signing) {
           const msp_pair header = {"Host", "evil.example.com", 0, 0};
           signing->add_header(call, &header);
           return MSP_ACCEPTED;
        }},
       {"with a header that no request may carry",
        [](const msp_call* call, const msp_signing* signing) {
           for (int i = 0; i <= MSP_SIGNATURE_PAIRS_MAX; ++i) {
              const msp_pair header = {"X-Part", "1", MSP_PAIR_PUBLIC, 0};
              signing->add_header(call, &header);
           }
           return MSP_ACCEPTED;
        }},
       {"with a parameter that no request may carry",
        [](const msp_call* call, const msp_signing* signing) {
           signing->add_parameter(call, nullptr);
           return MSP_ACCEPTED;
        }},
       {"sent a request while it signed",
        [&](const msp_call* call, const msp_signing* signing) {
           const msp_http_response* answer = nullptr;
           const auto* http = static_cast<const msp_http*>(host.get_service(&host, MSP_HTTP_SERVICE));
           http->send(&host, call, signing->request, 1, &answer);
           EXPECT_EQ(answer->flags, MSP_HTTP_NOT_SENT);
           return good(call, signing);
        }},
       {"kept a secret while it signed",
        [&](const msp_call* call, const msp_signing* signing) {
           const auto* keep = static_cast<const msp_keep*>(host.get_service(&host, MSP_KEEP_SERVICE));
           EXPECT_EQ(keep->keep_secret(&host, call, "password", "x"), MSP_UNABLE);
           return good(call, signing);
        }},
       {"reported a session in sign", [&](const msp_call* call, const msp_signing* signing) {
           report_session(call);
           return good(call, signing), MSP_FAILED;
        }}};
   for (const auto& c : cases) {
      SCOPED_TRACE(c.told);
      script_.sign = c.sign;
      const Response response = get();
      EXPECT_EQ(response.outcome, Outcome::failed);
      ASSERT_FALSE(response.findings.empty());
      std::string all;
      for (const Finding& finding : response.findings) all += finding.summary + '\n';
      EXPECT_THAT(all, HasSubstr(c.told));
      integration_->drop_session();
   }
   EXPECT_EQ(requests(), 0u);
}

TEST_F(SignedRequests, a_check_signs_the_request_that_tries_the_session) {
   script_.manifest.session_probe = "me";
   auto plugin = script_.load(script_.state->runtime->options);
   EXPECT_EQ(check(*plugin, sample_settings(), CheckOptions{}).outcome, Outcome::accepted);
   EXPECT_EQ(last_request().path, "/rest/v1/me");
   EXPECT_EQ(last_request().header("Authorization"), "Signature 1");
   EXPECT_EQ(signatures_, 1);
}

TEST_F(SignedRequests, a_signature_stays_out_of_the_log) {
   EXPECT_EQ(get("Signature 1/today").status, 200);
   EXPECT_THAT(log_.str(), testing::Not(HasSubstr("Signature 1")));
   EXPECT_THAT(log_.str(), HasSubstr("today"));
}

}  // namespace
}  // namespace msp::host
