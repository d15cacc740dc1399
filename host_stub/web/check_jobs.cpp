#include "web/check_jobs.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <stop_token>
#include <thread>

#include "msp/host/ascii.hpp"
#include "store/finding_error.hpp"
#include "words/documents.hpp"

namespace msp::console {
namespace {

constexpr auto kCancelWait = std::chrono::seconds(2);

std::string random_id() {
   std::array<unsigned char, 8> bytes{};
   randombytes_buf(bytes.data(), bytes.size());
   return host::hex(bytes);
}

host::Finding no_such_check() { return {"check.missing", "This report is no longer kept.", "Start it again."}; }

}  // namespace

struct CheckJobs::Job {
   std::string id;
   CheckSubject subject;
   std::int64_t started_at = 0;
   std::chrono::steady_clock::time_point started;
   std::chrono::steady_clock::time_point ended_at;
   std::vector<CheckMoment> events;
   bool ended = false;
   bool dismissed = false;
   CheckResult result;
   std::stop_source cancel;
   std::condition_variable changed;
   std::thread thread;  // joined by the job list, once ended
};

// The page's way to a person: what is to be opened is an event of the check, and the page opens it.
class CheckJobs::JobBrowser : public host::Browser {
 public:
   JobBrowser(CheckJobs& jobs, std::shared_ptr<Job> job) : jobs_(jobs), job_(std::move(job)) {}
   ~JobBrowser() override { forget(); }

   host::Result<std::string> redirect_uri() override { return jobs_.return_address_; }

   std::optional<host::SecretBytes> wait_for_return(const Visit& visit, Clock::time_point deadline,
                                                    const std::stop_token& cancel) override {
      SignInReturns::Expected expected(*jobs_.returns_, visit.state);
      tell(visit);
      auto query = expected.wait(deadline, cancel);
      forget();
      return query;
   }
   void show_code(const Visit& visit) override { tell(visit); }

 private:
   void tell(const Visit& visit) {
      forget();
      const std::scoped_lock lock(jobs_.mutex_);
      job_->events.emplace_back(SignInWanted{visit.url, visit.host, visit.user_code});
      job_->changed.notify_all();
   }
   // The pages are told by an event that holds nothing.
   void forget() {
      const std::scoped_lock lock(jobs_.mutex_);
      bool shown = false;
      for (CheckMoment& moment : job_->events) {
         auto* wanted = std::get_if<SignInWanted>(&moment);
         if (wanted == nullptr || wanted->url.empty()) continue;
         host::wipe(wanted->url);
         wanted->user_code.clear();
         shown = true;
      }
      if (!shown) return;
      job_->events.emplace_back(SignInWanted{});
      job_->changed.notify_all();
   }

   CheckJobs& jobs_;
   const std::shared_ptr<Job> job_;
};

CheckJobs::CheckJobs(host::CheckOptions options, CheckLimits limits, Clock clock, SteadyClock steady_clock,
                     SignInReturns* returns, std::string return_address)
    : options_(std::move(options)),
      returns_(returns),
      return_address_(std::move(return_address)),
      limits_(limits),
      clock_(std::move(clock)),
      steady_clock_(std::move(steady_clock)) {
   if (sodium_init() < 0) throw std::runtime_error("The system gives no random bytes.");
}

CheckJobs::~CheckJobs() {
   stop();
   for (const auto& [id, job] : jobs_) job->thread.join();
}

void CheckJobs::stop() {
   std::vector<std::shared_ptr<Job>> jobs;
   {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
      for (const auto& [id, job] : jobs_) jobs.push_back(job);
   }
   // Without the lock, because who is told of the stop may have something to tell.
   for (const auto& job : jobs) {
      job->cancel.request_stop();
      job->changed.notify_all();
   }
}

host::Result<std::string> CheckJobs::start(CheckSubject subject, Work work) {
   return launch(std::move(subject), [work = std::move(work)](host::CheckOptions options, const Tell&) {
      options.attended = true;  // whoever started it looks at the page
      options.trace = true;
      return work(options);
   });
}

host::Result<std::string> CheckJobs::start_all(WorkOnAll work) {
   CheckSubject all;
   all.purpose = Purpose::check_all;
   return launch(std::move(all), std::move(work));
}

host::Result<std::string> CheckJobs::launch(CheckSubject subject, WorkOnAll work) {
   const std::scoped_lock lock(mutex_);
   if (stopping_) return host::Finding{"host.cancelled", "The console is being ended.", "Start it again."};
   forget_old_jobs();
   std::size_t running = 0;
   for (const auto& [id, job] : jobs_) {
      if (job->ended) continue;
      ++running;
      const bool changes_nothing = subject.purpose == Purpose::check || subject.purpose == Purpose::check_all;
      if (changes_nothing && job->subject.purpose == subject.purpose &&
          job->subject.integration == subject.integration) {
         return id;
      }
   }
   const auto now = steady_clock_();
   std::erase_if(starts_, [&](auto start) { return now - start >= std::chrono::minutes(1); });
   if (running >= limits_.running || starts_.size() >= limits_.started_per_minute) {
      return host::Finding{"check.too_many", "Too many checks were started within a short time.",
                           "Wait a minute, then try again."};
   }
   starts_.push_back(now);

   auto job = std::make_shared<Job>();
   job->id = random_id();
   job->subject = std::move(subject);
   job->started_at = clock_();
   job->started = now;
   const auto place = jobs_.emplace(job->id, job).first;
   try {
      job->thread =
          std::thread([this, job, work = std::move(work)]() mutable { run(job, std::exchange(work, nullptr)); });
   } catch (const std::exception& error) {
      jobs_.erase(place);  // it would never end
      return host::Finding{"check.too_many", std::string("The check could not be started: ") + error.what() + ".",
                           "Wait until other checks have ended, then try again."};
   }
   return job->id;
}

void CheckJobs::run(const std::shared_ptr<Job>& job_at_work, const WorkOnAll& work) {
   Job& job = *job_at_work;
   const auto tell = [&](CheckMoment moment) {
      const std::scoped_lock lock(mutex_);
      job.events.push_back(std::move(moment));
      job.changed.notify_all();
   };
   host::CheckOptions options = options_;
   options.cancel = job.cancel.get_token();
   options.on_event = tell;
   if (returns_ != nullptr) options.browser = std::make_shared<JobBrowser>(*this, job_at_work);
   CheckResult result;
   try {
      result = work(options, tell);
   } catch (const FindingError& error) {
      result.document = error_document(error.finding());
   } catch (const std::exception& error) {
      result.document = error_document(
          host::own_failure("The console failed", error, "Try again; if it stays, report it to the console's vendor."));
   }
   const std::scoped_lock lock(mutex_);
   job.result = std::move(result);
   job.ended = true;
   job.ended_at = steady_clock_();
   job.changed.notify_all();
}

void CheckJobs::forget_old_jobs() {
   const auto now = steady_clock_();
   const auto forget = [&](auto job) {
      job->second->thread.join();  // ended: it has nothing left to do but to return
      return jobs_.erase(job);
   };
   std::size_t ended = 0;
   for (auto job = jobs_.begin(); job != jobs_.end();) {
      const bool old = job->second->ended && now - job->second->ended_at > limits_.kept_for;
      ended += !old && job->second->ended ? 1 : 0;
      job = old ? forget(job) : std::next(job);
   }
   for (; ended > limits_.kept; --ended) {
      auto oldest = jobs_.end();
      for (auto job = jobs_.begin(); job != jobs_.end(); ++job) {
         if (!job->second->ended) continue;
         if (oldest == jobs_.end() || job->second->ended_at < oldest->second->ended_at) oldest = job;
      }
      forget(oldest);
   }
}

std::shared_ptr<CheckJobs::Job> CheckJobs::find(const std::string& id) {
   const auto found = jobs_.find(id);
   return found == jobs_.end() ? nullptr : found->second;
}

CheckProgress CheckJobs::progress(const Job& job, std::size_t after) const {
   CheckProgress progress;
   progress.id = job.id;
   progress.subject = job.subject;
   progress.started_at = job.started_at;
   progress.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
       (job.ended ? job.ended_at : steady_clock_()) - job.started);
   const std::size_t first = std::min(after, job.events.size());
   progress.events.assign(job.events.begin() + static_cast<std::ptrdiff_t>(first), job.events.end());
   progress.next = job.events.size();
   progress.ended = job.ended;
   progress.dismissed = job.dismissed;
   progress.result = job.result;
   return progress;
}

host::Result<CheckProgress> CheckJobs::watch(const std::string& id, std::size_t after) {
   std::unique_lock lock(mutex_);
   const auto job = find(id);
   if (!job) return no_such_check();
   if (waiting_ < limits_.waiting) {
      ++waiting_;
      job->changed.wait_for(lock, limits_.longest_wait,
                            [&] { return job->ended || job->events.size() > after || stopping_; });
      --waiting_;
   }
   return progress(*job, after);
}

host::Result<CheckProgress> CheckJobs::look(const std::string& id) {
   const std::scoped_lock lock(mutex_);
   const auto job = find(id);
   if (!job) return no_such_check();
   return progress(*job, 0);
}

host::Result<CheckProgress> CheckJobs::cancel(const std::string& id) {
   std::unique_lock lock(mutex_);
   const auto job = find(id);
   if (!job) return no_such_check();
   lock.unlock();  // a stop callback runs on this thread and may want to tell something
   job->cancel.request_stop();
   lock.lock();
   job->changed.wait_for(lock, kCancelWait, [&] { return job->ended; });
   return progress(*job, 0);
}

host::Result<CheckProgress> CheckJobs::dismiss(const std::string& id) {
   const std::scoped_lock lock(mutex_);
   const auto job = find(id);
   if (!job) return no_such_check();
   job->dismissed = job->ended;
   return progress(*job, job->events.size());
}

host::Result<void> CheckJobs::take_back(std::string_view address) {
   if (returns_ != nullptr && returns_->deliver_address(address)) return {};
   return host::Finding{"request.invalid", "That is not the address that this sign-in ends at.",
                        "Copy the whole address of the window in which you signed in, when it can go no further."};
}

std::vector<CheckProgress> CheckJobs::list() const {
   const std::scoped_lock lock(mutex_);
   std::vector<CheckProgress> list;
   for (const auto& [id, job] : jobs_) list.push_back(progress(*job, job->events.size()));
   std::ranges::sort(list, std::greater{}, &CheckProgress::started_at);
   return list;
}

}  // namespace msp::console
