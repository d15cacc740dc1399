#include "web/check_jobs.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <future>

namespace msp::console::test {
namespace {

host::CheckEvent step(host::CheckEvent::Kind kind, const std::string& name) {
   host::CheckEvent event{};
   event.kind = kind;
   event.step = name;
   return event;
}

class CheckJobsTest : public testing::Test {
 protected:
   CheckSubject subject(Purpose purpose = Purpose::add, std::int64_t integration = 0) {
      return {purpose, integration, "autotask", "One", {{"user_name", "me"}}};
   }

   // A check that is under way until it is cancelled or the test lets it go.
   CheckJobs::Work held() {
      return [this](const host::CheckOptions& options) {
         const std::stop_callback cancelled(options.cancel, [this] { go(); });
         go_.wait();
         return std::string(options.cancel.stop_requested() ? R"({"outcome":"cancelled"})"
                                                            : R"({"outcome":"accepted"})");
      };
   }
   void go() {
      std::call_once(gone_, [this] { let_go_.set_value(); });
   }

   CheckProgress until_ended(CheckJobs& jobs, const std::string& id) {
      for (;;) {
         auto progress = jobs.watch(id, jobs.look(id).value().next);
         if (progress.value().ended) return jobs.look(id).value();
      }
   }

   CheckLimits limits_;
   std::int64_t time_ = 1000;
   std::atomic<std::chrono::steady_clock::duration> now_{std::chrono::hours(1)};  // checks that end read it, too
   std::promise<void> let_go_;
   std::shared_future<void> go_{let_go_.get_future()};
   std::once_flag gone_;

   std::unique_ptr<CheckJobs> make() {
      return std::make_unique<CheckJobs>(
          host::CheckOptions{}, limits_, [this] { return time_; },
          [this] { return std::chrono::steady_clock::time_point(now_.load()); });
   }
};

TEST_F(CheckJobsTest, somebody_waits_for_a_check_but_nobody_for_that_of_all) {
   const auto jobs = make();
   std::atomic<bool> one{false}, all{true};
   const auto look = [](std::atomic<bool>& attended) {
      return [&attended](const host::CheckOptions& options) {
         attended = options.attended;
         return std::string("{}");
      };
   };
   until_ended(*jobs, jobs->start(subject(), look(one)).value());
   until_ended(*jobs, jobs->start_all([look_at = look(all)](const host::CheckOptions& options, const CheckJobs::Tell&) {
                             return look_at(options);
                          })
                          .value());
   EXPECT_TRUE(one);
   EXPECT_FALSE(all);
}

TEST_F(CheckJobsTest, a_check_is_watched_step_by_step_and_its_result_stays) {
   const auto jobs = make();
   std::promise<void> first_seen;
   const auto id = jobs->start(subject(), [&](const host::CheckOptions& options) {
      options.on_event(step(host::CheckEvent::Kind::step_started, "settings"));
      first_seen.get_future().wait();
      options.on_event(step(host::CheckEvent::Kind::step_ended, "settings"));
      return std::string(R"({"outcome":"accepted"})");
   });
   ASSERT_TRUE(id);
   const CheckProgress first = jobs->watch(id.value(), 0).value();
   ASSERT_EQ(first.events.size(), 1U);
   EXPECT_FALSE(first.ended);
   EXPECT_EQ(first.subject.settings.at("user_name"), "me");
   first_seen.set_value();

   const CheckProgress whole = until_ended(*jobs, id.value());
   EXPECT_EQ(whole.events.size(), 2U);
   EXPECT_EQ(whole.result.document, R"({"outcome":"accepted"})");
   EXPECT_EQ(jobs->watch(id.value(), 1).value().events.size(), 1U) << "only what followed";
   EXPECT_EQ(jobs->look(id.value()).value().result.document, whole.result.document) << "also after a reload";
}

TEST_F(CheckJobsTest, its_time_stops_when_the_check_ends) {
   const auto jobs = make();
   const std::string id = jobs->start(subject(), held()).value();
   now_ = now_.load() + std::chrono::seconds(3);
   EXPECT_EQ(jobs->look(id).value().elapsed, std::chrono::seconds(3)) << "it runs";
   go();
   until_ended(*jobs, id);
   now_ = now_.load() + std::chrono::minutes(5);
   EXPECT_EQ(jobs->look(id).value().elapsed, std::chrono::seconds(3));
   EXPECT_EQ(jobs->list().front().elapsed, std::chrono::seconds(3));
}

TEST_F(CheckJobsTest, cancelling_ends_the_check_and_returns_how_it_ended) {
   const auto jobs = make();
   const auto id = jobs->start(subject(), held());
   const auto ended = jobs->cancel(id.value());
   ASSERT_TRUE(ended);
   EXPECT_TRUE(ended.value().ended);
   EXPECT_EQ(ended.value().result.document, R"({"outcome":"cancelled"})");
   EXPECT_TRUE(jobs->cancel(id.value()).value().ended) << "once more changes nothing";
}

TEST_F(CheckJobsTest, what_the_check_was_given_is_gone_when_it_ends) {
   struct Secret {
      explicit Secret(std::promise<void>& promise) : wiped(promise) {}
      ~Secret() { wiped.set_value(); }
      std::promise<void>& wiped;
   };
   std::promise<void> wiped;
   const auto jobs = make();
   auto secret = std::make_shared<Secret>(wiped);
   const auto id = jobs->start(subject(), [secret](const host::CheckOptions&) { return std::string("{}"); });
   secret.reset();
   EXPECT_EQ(wiped.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
   EXPECT_TRUE(jobs->look(id.value())) << "while its result is still there";
}

TEST_F(CheckJobsTest, a_saved_integration_is_checked_once_at_a_time) {
   const auto jobs = make();
   const auto first = jobs->start(subject(Purpose::check, 7), held());
   const auto second = jobs->start(subject(Purpose::check, 7), held());
   EXPECT_EQ(first.value(), second.value());
   const auto other = jobs->start(subject(Purpose::check, 8), held());
   EXPECT_NE(first.value(), other.value());
   go();
   until_ended(*jobs, first.value());
   EXPECT_NE(jobs->start(subject(Purpose::check, 7), held()).value(), first.value());
}

TEST_F(CheckJobsTest, what_changes_something_is_never_taken_for_what_runs_already) {
   const auto jobs = make();
   for (const Purpose purpose : {Purpose::add, Purpose::try_out, Purpose::edit}) {
      EXPECT_NE(jobs->start(subject(purpose, 7), held()).value(), jobs->start(subject(purpose, 7), held()).value())
          << name(purpose);
   }
   EXPECT_NE(jobs->start(subject(Purpose::check, 7), held()).value(),
             jobs->start(subject(Purpose::edit, 7), held()).value());
   go();
}

TEST_F(CheckJobsTest, an_end_that_was_seen_is_dismissed_and_what_still_runs_is_not) {
   const auto jobs = make();
   const std::string id = jobs->start(subject(), held()).value();
   EXPECT_FALSE(jobs->dismiss(id).value().dismissed) << "how it ends is still to be seen";
   go();
   EXPECT_FALSE(until_ended(*jobs, id).dismissed);
   EXPECT_TRUE(jobs->dismiss(id).value().dismissed);
   EXPECT_TRUE(jobs->look(id).value().dismissed);
   EXPECT_TRUE(jobs->list().front().dismissed);
   EXPECT_EQ(jobs->dismiss("0123456789abcdef").finding().code, "check.missing");
}

TEST_F(CheckJobsTest, a_check_of_all_tells_each_as_it_ends_and_runs_once_at_a_time) {
   const auto jobs = make();
   const auto work = [this](const host::CheckOptions&, const CheckJobs::Tell& tell) {
      tell({7, "First", "autotask", "active", "in_order", "active", "", 2, true});
      go_.wait();
      tell({8, "Second", "autotask", "needs_sign_in", "needs_somebody", "needs sign in", "It was refused.", 2, false});
      return CheckResult("{}", {"Checked 1 of 2: 1 active, 1 not tried again (refused before).", "Why."});
   };
   const auto id = jobs->start_all(work);
   const CheckProgress first = jobs->watch(id.value(), 0).value();
   ASSERT_EQ(first.events.size(), 1U);
   EXPECT_EQ(std::get<CheckedOne>(first.events[0]).name, "First");
   EXPECT_EQ(first.subject.purpose, Purpose::check_all);
   EXPECT_EQ(jobs->start_all(work).value(), id.value());
   EXPECT_NE(jobs->start(subject(Purpose::check, 7), held()).value(), id.value())
       << "one of them may be checked beside";
   go();
   const CheckProgress whole = until_ended(*jobs, id.value());
   ASSERT_EQ(whole.events.size(), 2U);
   EXPECT_FALSE(std::get<CheckedOne>(whole.events[1]).tried);
   EXPECT_EQ(whole.result.words.consequence, "Why.");
}

TEST_F(CheckJobsTest, too_many_at_once_or_within_a_minute_are_refused) {
   limits_.running = 2;
   limits_.started_per_minute = 3;
   const auto jobs = make();
   const std::string first = jobs->start(subject(), held()).value();
   const std::string second = jobs->start(subject(), held()).value();
   const auto third = jobs->start(subject(), held());
   ASSERT_FALSE(third);
   EXPECT_EQ(third.finding().code, "check.too_many");
   go();
   until_ended(*jobs, first);
   until_ended(*jobs, second);
   EXPECT_TRUE(jobs->start(subject(), held()));
   EXPECT_FALSE(jobs->start(subject(), held())) << "the fourth within a minute";
   now_ = now_.load() + std::chrono::minutes(1);
   EXPECT_TRUE(jobs->start(subject(), held()));
}

TEST_F(CheckJobsTest, ended_checks_are_forgotten_after_a_while_and_when_they_are_many) {
   limits_.kept = 2;
   const auto jobs = make();
   go();
   const std::string first = jobs->start(subject(), held()).value();
   until_ended(*jobs, first);
   now_ = now_.load() + std::chrono::minutes(61);
   std::vector<std::string> ids;
   for (int i = 0; i < 4; ++i) {
      ids.push_back(jobs->start(subject(), held()).value());
      until_ended(*jobs, ids.back());
      now_ = now_.load() + std::chrono::seconds(1);
   }
   EXPECT_FALSE(jobs->look(first));
   EXPECT_EQ(jobs->look(first).finding().code, "check.missing");
   EXPECT_FALSE(jobs->look(ids[0]));
   for (const std::size_t kept : {1U, 2U, 3U}) EXPECT_TRUE(jobs->look(ids[kept])) << kept;
}

TEST_F(CheckJobsTest, a_report_is_kept_for_an_hour_after_the_check_ended_however_long_it_took) {
   const auto jobs = make();
   const std::string id = jobs->start(subject(), held()).value();
   now_ = now_.load() + std::chrono::minutes(90);
   go();
   until_ended(*jobs, id);
   now_ = now_.load() + std::chrono::minutes(60);
   until_ended(*jobs, jobs->start(subject(), held()).value());
   EXPECT_TRUE(jobs->look(id));
   now_ = now_.load() + std::chrono::milliseconds(1);
   until_ended(*jobs, jobs->start(subject(), held()).value());
   EXPECT_FALSE(jobs->look(id));
}

TEST_F(CheckJobsTest, who_waits_beyond_the_limit_is_answered_without_waiting) {
   limits_.waiting = 0;
   limits_.longest_wait = std::chrono::seconds(20);
   const auto jobs = make();
   const auto id = jobs->start(subject(), held());
   const auto before = std::chrono::steady_clock::now();
   EXPECT_FALSE(jobs->watch(id.value(), 0).value().ended);
   EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10)) << "with room for slow machines";
   go();
}

TEST_F(CheckJobsTest, who_has_waited_leaves_the_place_to_the_next) {
   limits_.waiting = 1;
   limits_.longest_wait = std::chrono::milliseconds(20);
   const auto jobs = make();
   const auto id = jobs->start(subject(), held());
   for (int time = 0; time < 3; ++time) {
      const auto before = std::chrono::steady_clock::now();
      EXPECT_FALSE(jobs->watch(id.value(), 0).value().ended);
      EXPECT_GE(std::chrono::steady_clock::now() - before, limits_.longest_wait) << "it waited";
   }
   go();
}

TEST_F(CheckJobsTest, the_list_begins_with_the_newest) {
   const auto jobs = make();
   std::vector<std::int64_t> started;
   for (const std::int64_t at : {1000, 3000, 2000}) {
      time_ = at;
      EXPECT_TRUE(jobs->start(subject(), held()));
   }
   for (const CheckProgress& one : jobs->list()) started.push_back(one.started_at);
   EXPECT_EQ(started, (std::vector<std::int64_t>{3000, 2000, 1000}));
   go();
}

TEST_F(CheckJobsTest, stopping_cancels_what_runs_and_ends_all_waiting) {
   limits_.longest_wait = std::chrono::hours(1);
   const auto jobs = make();
   const std::string id = jobs->start(subject(), held()).value();
   auto waiting = std::async(std::launch::async, [&] { return jobs->watch(id, 0).value(); });
   jobs->stop();
   waiting.get();
   EXPECT_FALSE(jobs->start(subject(), held()));
}

#if defined(__GLIBC__)
// While it lives, the system has no memory for another thread's stack.
class NoThreads {
 public:
   NoThreads() {
      pthread_getattr_default_np(&before_);
      pthread_attr_t huge;
      pthread_getattr_default_np(&huge);
      pthread_attr_setstacksize(&huge, std::size_t{1} << 47U);
      EXPECT_EQ(pthread_setattr_default_np(&huge), 0);
      pthread_attr_destroy(&huge);
   }
   ~NoThreads() {
      pthread_setattr_default_np(&before_);
      pthread_attr_destroy(&before_);
   }
   NoThreads(const NoThreads&) = delete;
   NoThreads& operator=(const NoThreads&) = delete;

 private:
   pthread_attr_t before_{};
};

TEST_F(CheckJobsTest, a_check_for_which_there_is_no_thread_leaves_nothing_behind) {
   limits_.running = 1;
   const auto jobs = make();
   const auto given = std::make_shared<int>();
   {
      const NoThreads no_threads;
      const auto refused =
          jobs->start(subject(), [given](const host::CheckOptions&) { return std::to_string(*given); });
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.finding().code, "check.too_many");
      EXPECT_EQ(refused.finding().summary.find("The check could not be started: "), 0U) << refused.finding().summary;
      EXPECT_EQ(refused.finding().remedy, "Wait until other checks have ended, then try again.");
   }
   EXPECT_EQ(given.use_count(), 1) << "secrets are gone, too";
   EXPECT_TRUE(jobs->list().empty());
   EXPECT_TRUE(jobs->start(subject(), held())) << "it takes up no place";
}
#endif

TEST_F(CheckJobsTest, a_check_that_throws_ends_with_a_sentence) {
   const auto jobs = make();
   const auto id = jobs->start(
       subject(), [](const host::CheckOptions&) -> std::string { throw std::runtime_error("disk on fire"); });
   const CheckProgress ended = until_ended(*jobs, id.value());
   EXPECT_NE(ended.result.document.find("disk on fire"), std::string::npos);
   EXPECT_NE(ended.result.document.find("remedy"), std::string::npos);
}

}  // namespace
}  // namespace msp::console::test
