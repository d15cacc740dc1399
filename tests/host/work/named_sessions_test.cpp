// A plugin whose platform has a second server, for which it opens a session of its own, named "files".
#include <gmock/gmock.h>

#include "integration_scene.hpp"

namespace msp::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class NamedSessions : public IntegrationScene {
 protected:
   NamedSessions() {
      script_.authenticate = [this](const msp_call* call) {
         rejected_.push_back((call->flags & MSP_CALL_REJECTED) != 0);
         const std::string number = std::to_string(++sign_ins_);
         if (sign_in_answer_ != MSP_ACCEPTED) {
            report_error(call, "net.connect", "There is no way to the platform.");
            return sign_in_answer_.load();
         }
         open(call, nullptr, kBase, "Bearer main-" + number, lifetime_);
         if (!with_files_) return MSP_ACCEPTED;
         const std::string key = files_key_.empty() ? "Key files-" + number : files_key_;
         open(call, "files", "https://elsewhere.example.com/files/", key, lifetime_of_files_);
         open(call, "archive", "https://elsewhere.example.com/archive/", "Key archive-" + number, 0);
         accept("Bearer main-" + number);
         const std::lock_guard lock(mutex_);
         good_key_ = files_are_dropped_ ? "nobody's" : key;
         return MSP_ACCEPTED;
      };
      const std::lock_guard lock(mutex_);
      answer_elsewhere_ = [this](const sim::Request& request) {
         return Reply::json("{}", request.header("Authorization") == good_key_ ? 200 : 419);
      };
   }

   void open(const msp_call* call, const char* name, const char* base, const std::string& value,
             std::int64_t lifetime) {
      const msp_pair headers[] = {{"Authorization", value.c_str(), 0, 0}};
      const std::int32_t statuses[] = {419};
      msp_session session{};
      session.struct_size = sizeof session;
      session.name = name;
      session.base_url = base;
      session.headers = headers;
      session.header_count = 1;
      session.rejected_statuses = statuses;
      session.rejected_status_count = 1;
      session.expires_at = lifetime == 0 ? 0 : now_ + lifetime;
      call->report_session(call, &session);
   }

   Response get_file(const std::string& session = "files") {
      return integration_->request({"GET", "42", {}, {}, session});
   }
   void drop_files() {
      const std::lock_guard lock(mutex_);
      good_key_ = "nobody's";
   }

   std::int64_t lifetime_of_files_ = 0;
   std::string files_key_;
   bool with_files_ = true;
   bool files_are_dropped_ = false;
   std::vector<bool> rejected_;
   std::string good_key_;  // guarded by mutex_
};

TEST_F(NamedSessions, a_request_chooses_one_by_its_name_and_goes_to_its_server) {
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(last_request().host(), kHost);
   EXPECT_EQ(get_file().status, 200);
   EXPECT_EQ(last_request().host(), kElsewhere);
   EXPECT_EQ(last_request().path, "/files/42");
   EXPECT_EQ(last_request().header("Authorization"), "Key files-1");
   EXPECT_EQ(sign_ins_, 1) << "one sign-in opens them all";
   const SessionReport files = integration_->session({}, "files");
   EXPECT_EQ(files.session->base_url, "https://elsewhere.example.com/files/");
}

TEST_F(NamedSessions, a_name_that_there_is_not_is_one_sentence_with_those_that_there_are) {
   const auto requests_before = requests();
   const Response response = get_file("fils\x1b");
   EXPECT_EQ(response.outcome, Outcome::invalid_settings);
   ASSERT_EQ(response.findings.size(), 1u);
   EXPECT_EQ(response.findings[0].code, "host.request_invalid");
   EXPECT_EQ(response.findings[0].field, "session");
   EXPECT_EQ(response.findings[0].summary,
             "The integration has no session \"fils \"; it has the main one, \"files\" and \"archive\".");
   EXPECT_EQ(requests(), requests_before);
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(get_file("other").outcome, Outcome::invalid_settings) << "known without another sign-in";
   EXPECT_EQ(sign_ins_, 1);
   EXPECT_EQ(integration_->session({}, "other").outcome, Outcome::invalid_settings);
}

TEST_F(NamedSessions, where_there_is_only_the_main_one_that_is_said) {
   with_files_ = false;
   EXPECT_THAT(get_file().findings.at(0).summary, HasSubstr("no session \"files\"; it has only the main one."));
}

TEST_F(NamedSessions, one_that_the_platform_dropped_is_renewed_by_its_own_status_and_the_request_repeated) {
   EXPECT_EQ(get_file().status, 200);
   drop_files();
   EXPECT_EQ(get_file().status, 200);
   EXPECT_EQ(last_request().header("Authorization"), "Key files-2");
   EXPECT_THAT(rejected_, ElementsAre(false, true));
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(last_request().header("Authorization"), "Bearer main-2") << "the sign-in replaced both";
   EXPECT_EQ(sign_ins_, 2);
}

TEST_F(NamedSessions, one_that_is_rejected_for_good_leaves_the_main_one_at_work) {
   files_key_ = "Key of the files";
   EXPECT_EQ(get_file().status, 200);
   drop_files();
   files_are_dropped_ = true;
   const Response response = get_file();
   EXPECT_EQ(response.outcome, Outcome::refused);
   EXPECT_THAT(response.findings.at(0).summary,
               HasSubstr("rejected the session \"files\" (HTTP 419), and signing in again gives no other one"));
   EXPECT_THAT(events_, ElementsAre(SessionEvent::Kind::opened, SessionEvent::Kind::rejected));
   const auto requests_before = requests();
   EXPECT_EQ(get_file().outcome, Outcome::refused);
   EXPECT_EQ(requests(), requests_before);
   EXPECT_EQ(get().status, 200);
   EXPECT_THAT(integration_->refusal(), IsEmpty());
   EXPECT_EQ(sign_ins_, 2);

   now_ += lifetime_;
   EXPECT_EQ(get().status, 200) << "the main one has come to its end";
   EXPECT_EQ(sign_ins_, 3);
   EXPECT_EQ(get_file().outcome, Outcome::refused) << "the same key as before";
   files_are_dropped_ = false;
   files_key_ = "Another key";
   integration_->forget_refusal();
   EXPECT_EQ(get_file().outcome, Outcome::accepted);
}

TEST_F(NamedSessions, each_has_its_own_end) {
   lifetime_of_files_ = 300;
   EXPECT_EQ(get_file().status, 200);
   now_ += 241;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 1) << "the main one is good for longer";
   EXPECT_EQ(get_file().status, 200);
   EXPECT_EQ(sign_ins_, 2);
}

TEST_F(NamedSessions, one_that_never_works_makes_no_chain_of_sign_ins_whatever_the_others_do) {
   {
      const std::lock_guard lock(mutex_);
      answer_elsewhere_ = [](const sim::Request&) { return Reply::json("{}", 419); };
   }
   EXPECT_EQ(get_file().status, 419);
   EXPECT_EQ(sign_ins_, 2);
   drop_sessions();
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 3);
   for (int i = 0; i < 3; ++i) EXPECT_EQ(get_file().status, 419);
   EXPECT_EQ(sign_ins_, 3) << "that the main one was renewed says nothing about this one";
}

TEST_F(NamedSessions, a_sign_in_that_fails_after_a_rejection_leaves_the_others_at_work) {
   EXPECT_EQ(get_file().status, 200);
   drop_files();
   sign_in_answer_ = MSP_UNREACHABLE;
   EXPECT_EQ(get_file().outcome, Outcome::unreachable);
   EXPECT_EQ(get().status, 200);
   sign_in_answer_ = MSP_ACCEPTED;
   EXPECT_EQ(get_file().status, 200);
}

TEST_F(NamedSessions, an_accepted_check_hands_all_of_them_on) {
   const CheckReport report = integration_->check();
   ASSERT_EQ(report.outcome, Outcome::accepted);
   ASSERT_EQ(report.further_sessions.size(), 2u);
   EXPECT_EQ(report.further_sessions[0].name, "files");
   EXPECT_EQ(get_file().status, 200);
   EXPECT_EQ(sign_ins_, 1);
}

TEST_F(NamedSessions, a_name_that_is_a_secret_is_not_told) {
   Redactor& redactor = script_.state->runtime->redactor;
   const Redactor::Lease secret = redactor.add("archive");
   EXPECT_THAT(get_file("other").findings.at(0).summary, Not(HasSubstr("archive")));
}

}  // namespace
}  // namespace msp::host
