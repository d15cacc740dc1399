// Every place of the host that shortens a text, in front of a secret that lies across the cut.
#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <sstream>

#include "contract/host_table.hpp"
#include "msp/host/check.hpp"
#include "msp/http.h"
#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {
namespace {

// Letters that stand together in no word of ours.
std::string secret_of(std::size_t size) {
   constexpr std::string_view kLetters = "QXZJKVWYGH";
   std::string secret;
   for (std::size_t i = 0, seed = 7; i < size; ++i, seed = (seed * 1103515245 + 12345) % 2147483648U)
      secret += kLetters[seed / 65536 % kLetters.size()];
   return secret;
}

struct Limit {
   const char* of;
   std::size_t bytes;
   std::size_t secret;     // its bytes
   std::size_t step;       // between two pads
   bool repeated = false;  // the text before the cut is full of the secret, and so much shorter when it was redacted
};

std::ostream& operator<<(std::ostream& out, const Limit& limit) { return out << limit.of; }

// A plugin that says the same text wherever it may say one.
class CutTexts : public testing::TestWithParam<Limit> {
 protected:
   CutTexts() {
      HostOptions options;
      options.network.connect_to = {"::127.0.0.1:1"};
      options.log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(log_));
      options.log->set_level(spdlog::level::trace);
      script_.validate = [this](const msp_call* call) {
         table_->log(table_, MSP_LOG_INFO, text_.c_str());
         call->progress(call, text_.c_str());
         (void)call->setting(call, text_.c_str());
         report(call);
         ask(call, "https://api.example.com/" + text_);
         ask(call, "https://" + text_ + ".example/");
         const std::string endpoint = "https://api.example.com/" + text_;
         msp_identity who{};
         who.struct_size = sizeof who;
         who.account = who.principal = who.label = text_.c_str();
         who.endpoint = endpoint.c_str();
         call->report_identity(call, &who);
         return MSP_ACCEPTED;
      };
      script_.permissions = [this](const msp_call* call) {
         report(call);
         for (const auto& permission : script_.manifest.permissions) {
            msp_grant grant{};
            grant.struct_size = sizeof grant;
            grant.permission_id = permission.id.c_str();
            grant.granted = MSP_GRANTED_ALL;
            grant.how = MSP_HOW_PROBED;
            grant.evidence = text_.c_str();
            call->report_permission(call, &grant);
         }
         return MSP_ACCEPTED;
      };
      script_.authenticate = [this](const msp_call* call) {
         report(call);
         report_session(call, "https://api.example.com/", {{text_.c_str(), "", 0, 0}});
         report_session(call, ("https://api.example.com/" + text_ + "/").c_str());
         return MSP_ACCEPTED;
      };
      plugin_ = script_.load(std::move(options));
      table_ = &make_host_table(script_.state->runtime, "sample");
   }

   void report(const msp_call* call) {
      const std::string page = "https://api.example.com/" + text_;
      msp_finding one{};
      one.struct_size = sizeof one;
      one.severity = MSP_WARNING;
      one.code = "platform.note";
      one.summary = one.remedy = text_.c_str();
      one.doc_url = page.c_str();
      call->report_finding(call, &one);
      one.code = one.field = text_.c_str();
      call->report_finding(call, &one);
   }

   void ask(const msp_call* call, const std::string& url) {
      const auto* http = static_cast<const msp_http*>(table_->get_service(table_, MSP_HTTP_SERVICE));
      msp_http_request request{};
      request.struct_size = sizeof request;
      request.method = "GET";
      request.url = url.c_str();
      const msp_http_response* answer = nullptr;
      http->send(table_, call, &request, 1, &answer);
      if (answer != nullptr && answer->problem != nullptr) call->report_finding(call, answer->problem);
   }

   // The document of the check, its log, and what it told meanwhile.
   std::string everything_said(const std::string& text, const std::string& secret) {
      text_ = text;
      log_.str("");
      std::string said;
      CheckOptions options;
      options.trace = true;
      options.on_event = [&said](const CheckEvent& event) { said += event.sentence + '\n'; };
      Settings settings = sample_settings();
      settings.secrets.insert_or_assign("password", SecretBytes(secret));
      const CheckReport report = check(*plugin_, std::move(settings), options);
      return said + log_.str() + to_json(report, plugin_->manifest(), {});
   }

   ScriptedPlugin script_;

 private:
   std::ostringstream log_;
   std::string text_;
   std::shared_ptr<Plugin> plugin_;
   const msp_host* table_ = nullptr;
};

TEST_P(CutTexts, nothing_of_a_secret_is_left_wherever_a_text_is_shortened) {
   const Limit& limit = GetParam();
   const std::string secret = secret_of(limit.secret);
   // Up to where it ends far enough before the cut, and beyond where it begins behind it.
   const std::size_t most = limit.bytes + 8;
   for (std::size_t pad = most - std::min(most, limit.secret + 40); pad <= most; pad += limit.step) {
      std::string before;
      while (limit.repeated && before.size() + secret.size() < pad) before += secret;
      before.append(pad - before.size(), 'x');
      const std::string said = everything_said(before + secret + std::string(40, 'y'), secret);
      EXPECT_NE(said.find(limit.repeated ? "[redacted]" : "xxxx"), std::string::npos);
      for (std::size_t at = 0; at + 4 <= secret.size(); ++at) {
         const std::size_t found = said.find(secret.substr(at, 4));
         ASSERT_EQ(found, std::string::npos)
             << "behind " << pad << " bytes: " << said.substr(found < 200 ? 0 : found - 200, 300);
      }
   }
}

INSTANTIATE_TEST_SUITE_P(Limits, CutTexts,
                         testing::Values(Limit{"a code", 64, 18, 1}, Limit{"a quote", 120, 18, 1},
                                         Limit{"a sentence of progress", 200, 18, 1}, Limit{"a host", 253, 18, 1},
                                         Limit{"a text", 1024, 18, 1}, Limit{"a line of the log", 4096, 18, 3},
                                         Limit{"an address", 8192, 18, 7}, Limit{"what is read", 65536, 18, 13},
                                         Limit{"what is read, mostly secret", 65536, 900, 75, true}));

}  // namespace
}  // namespace msp::host
