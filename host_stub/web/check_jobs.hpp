// check_jobs.hpp - checks that run on while pages come and go.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "core/integrations.hpp"
#include "msp/host/check.hpp"
#include "msp/host/result.hpp"
#include "web/access.hpp"
#include "web/sign_in_returns.hpp"
#include "words/check_words.hpp"

namespace msp::console {

// What a check is about, for who looks at it. Holds no secret.
struct CheckSubject {
   Purpose purpose = Purpose::check;
   std::int64_t integration = 0;  // 0: none yet
   std::string platform;
   std::string name;
   std::map<std::string, std::string, std::less<>> settings;  // as typed, so that they can be corrected after a reload
};

// What a check leaves behind: its msp.check/1, and how people are told.
struct CheckResult {
   CheckResult() = default;
   // Not explicit: a document alone is a result, too.
   CheckResult(std::string msp_check, CheckWords how = {}) : document(std::move(msp_check)), words(std::move(how)) {}
   std::string document;
   CheckWords words;
   bool saved = false;  // the integration is, with the checked settings or as it was before
};

// One integration, as a check of all left it.
struct CheckedOne {
   std::int64_t integration = 0;
   std::string name;
   std::string platform;
   std::string state;
   std::string group;   // in_order, with_remarks, not_checked or needs_somebody
   std::string words;   // the state as people read it: "active, 14 restricted"
   std::string reason;  // one sentence; empty when all is well
   std::size_t of = 0;  // how many there are to check
   bool tried = true;
};

// A person is to sign in at the platform. Once that is over the address is empty: nobody could use it any more.
struct SignInWanted {
   std::string url;
   std::string host;
   std::string user_code;  // to be typed there; empty for a sign-in that comes back by itself
};

using CheckMoment = std::variant<host::CheckEvent, CheckedOne, SignInWanted>;

// A check as it is now.
struct CheckProgress {
   std::string id;
   CheckSubject subject;
   std::int64_t started_at = 0;  // seconds since 1970-01-01T00:00Z
   std::chrono::milliseconds elapsed{0};
   std::vector<CheckMoment> events;  // those after the asked one
   std::size_t next = 0;             // to ask for the following ones
   bool ended = false;
   bool dismissed = false;  // somebody has seen how it ended
   CheckResult result;      // empty while it runs
};

struct CheckLimits {
   std::size_t running = 8;
   std::size_t started_per_minute = 30;
   std::size_t kept = 200;             // ended ones
   std::chrono::minutes kept_for{60};  // ended ones
   std::size_t waiting = 8;            // who waits at once; others get their answer without waiting
   std::chrono::milliseconds longest_wait{10'000};
};

// Runs each check on a thread of its own and remembers how it went, for a while. [any-thread]
class CheckJobs {
 public:
   // Does the check with these options (their cancel and on_event are set) and hands over its result. What it was
   // given, secrets too, is gone when it returns.
   using Work = std::function<CheckResult(const host::CheckOptions&)>;

   // The same for many at once, where each that has ended is told of.
   using Tell = std::function<void(CheckedOne)>;
   using WorkOnAll = std::function<CheckResult(const host::CheckOptions&, const Tell&)>;

   // With `returns`, persons can sign in, and are sent back to `return_address`. REQUIRES: it outlives this.
   CheckJobs(host::CheckOptions options, CheckLimits limits, Clock clock, SteadyClock steady_clock,
             SignInReturns* returns = nullptr, std::string return_address = {});

   // Stops and waits for what still runs.
   ~CheckJobs();
   CheckJobs(const CheckJobs&) = delete;
   CheckJobs& operator=(const CheckJobs&) = delete;

   // The id to ask with. What is being checked already gets no second check, but the running one's id. The problem is
   // "check.too_many".
   host::Result<std::string> start(CheckSubject subject, Work work);
   host::Result<std::string> start_all(WorkOnAll work);

   // Waits until something happened after `after`, the check ended, or a while has passed. The problem is
   // "check.missing".
   host::Result<CheckProgress> watch(const std::string& id, std::size_t after);

   // The same without waiting, from the beginning on.
   host::Result<CheckProgress> look(const std::string& id);

   // Returns when the check ended, or shortly after it should have.
   host::Result<CheckProgress> cancel(const std::string& id);

   // Its end was seen. A check that runs is not dismissed. The problem is "check.missing".
   host::Result<CheckProgress> dismiss(const std::string& id);

   // The address that a browser ended at after a sign-in, where it could not come back by itself. The problem is
   // "request.invalid".
   host::Result<void> take_back(std::string_view address);

   // Newest first.
   [[nodiscard]] std::vector<CheckProgress> list() const;

   // Cancels what runs and ends everybody's waiting; nothing can be started any more.
   void stop();

 private:
   struct Job;
   class JobBrowser;
   std::shared_ptr<Job> find(const std::string& id);
   host::Result<std::string> launch(CheckSubject subject, WorkOnAll work);
   void run(const std::shared_ptr<Job>& job_at_work, const WorkOnAll& work);
   void forget_old_jobs();
   [[nodiscard]] CheckProgress progress(const Job& job, std::size_t after) const;

   host::CheckOptions options_;
   SignInReturns* const returns_;
   const std::string return_address_;
   CheckLimits limits_;
   Clock clock_;
   SteadyClock steady_clock_;
   mutable std::mutex mutex_;
   std::map<std::string, std::shared_ptr<Job>> jobs_;
   std::vector<std::chrono::steady_clock::time_point> starts_;  // of the last minute
   std::size_t waiting_ = 0;
   bool stopping_ = false;
};

}  // namespace msp::console
