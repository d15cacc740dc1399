#include "net/http_service.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

#include "net/http_batch.hpp"
#include "net/http_problem.hpp"
#include "net/http_transfer.hpp"
#include "net/request_rules.hpp"
#include "net/url.hpp"
#if !defined(_WIN32)
#include <csignal>
#endif

namespace msp::host {
namespace {

// `not_sent` only where that is certain.
HttpResponse answer(HttpProblem problem, bool not_sent = false) {
   HttpResponse response;
   response.not_sent = not_sent;
   response.outcome = problem.outcome;
   response.problem = std::move(problem.finding);
   return response;
}

// A request of a batch, waiting or on its way.
struct Job {
   Job(HttpRequest& request, const HttpsUrl& url, std::shared_ptr<HttpBatch> owner, std::size_t place)
       : transfer(request, url.host, [this](HttpResponse refusal) { batch->note_refusal(index, std::move(refusal)); }),
         origin(url.host + ":" + std::to_string(url.port)),
         batch(std::move(owner)),
         index(place) {}

   HttpTransfer transfer;
   std::string origin;
   std::shared_ptr<HttpBatch> batch;
   std::size_t index;
};

// Signals are for the program's own threads. SIGPIPE above all: libcurl leaves it alone when told to use no signals.
void block_signals() noexcept {
#if !defined(_WIN32)
   sigset_t all;
   sigfillset(&all);
   pthread_sigmask(SIG_BLOCK, &all, nullptr);
#endif
}

bool initialize_libcurl() {
   static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
   return result == CURLE_OK;
}

}  // namespace

// All of libcurl's work happens on the loop's thread; the other threads only hand jobs in.
struct HttpService::State {
   State(NetworkOptions options, std::shared_ptr<const TlsTrust> trust);

   void hand_in(std::vector<std::unique_ptr<Job>> jobs);
   void drop_abandoned_batches();
   void stop();  // once; everything not yet answered ends as cancelled

   std::optional<HttpProblem> unusable;  // answers every request

 private:
   struct Origin {
      std::size_t on_their_way = 0;
      std::deque<std::unique_ptr<Job>> waiting;
   };

   void run();
   void wake() { curl_multi_wakeup(multi_.get()); }
   bool take_in();
   void start_waiting(Origin& origin);
   void start(std::unique_ptr<Job> job);
   void collect();
   void drop_abandoned();
   void end_all();

   TransferSetup setup_;
   CurlMulti multi_;

   std::mutex mutex_;  // guards the next three
   std::vector<std::unique_ptr<Job>> handed_in_;
   bool batches_abandoned_ = false;
   bool stopping_ = false;

   // The loop's thread only.
   std::map<std::string, Origin> origins_;
   std::unordered_map<CURL*, std::unique_ptr<Job>> on_their_way_;
   std::thread thread_;
};

HttpService::State::State(NetworkOptions options, std::shared_ptr<const TlsTrust> given) {
   setup_.options = std::move(options);
   if (!initialize_libcurl()) {
      TransferFailure failure;
      failure.code = CURLE_FAILED_INIT;
      failure.host = "any host";
      unusable = describe(failure);
      return;
   }
   auto checked = check_network_options(setup_.options);
   auto trust = TlsTrust::load(setup_.options.ca_file);
   if (!checked || !trust) {
      const Finding& problem = !checked ? checked.finding() : trust.finding();
      unusable = HttpProblem{Outcome::unreachable, {}};
      unusable->finding.code = problem.code;
      unusable->finding.summary = problem.summary;
      unusable->finding.remedy = problem.remedy;
      return;
   }
   setup_.trust = given ? std::move(given) : std::move(trust).value();
   setup_.proxy = proxy_in_use(setup_.options.proxy);
   for (const std::string& entry : setup_.options.connect_to)
      setup_.connect_to.reset(curl_slist_append(setup_.connect_to.release(), entry.c_str()));
   setup_.share.reset(curl_share_init());
   curl_share_setopt(setup_.share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);  // one thread: no locks
   multi_.reset(curl_multi_init());
   curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 64L);  // idle connections kept for the next check
   thread_ = std::thread([this] { run(); });
}

void HttpService::State::stop() {
   if (!thread_.joinable()) return;
   {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
   }
   wake();
   thread_.join();
}

void HttpService::State::hand_in(std::vector<std::unique_ptr<Job>> jobs) {
   {
      const std::lock_guard lock(mutex_);
      if (stopping_) {
         for (const auto& job : jobs) job->batch->set(job->index, answer(operation_cancelled()));
         return;
      }
      for (auto& job : jobs) handed_in_.push_back(std::move(job));
   }
   wake();
}

void HttpService::State::drop_abandoned_batches() {
   {
      const std::lock_guard lock(mutex_);
      batches_abandoned_ = true;
   }
   wake();
}

void HttpService::State::run() {
   block_signals();
   while (take_in()) {
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      collect();
      constexpr int kLongEnough = 60'000;  // a wake-up or libcurl's own timers end it before
      curl_multi_poll(multi_.get(), nullptr, 0, kLongEnough, nullptr);
   }
   end_all();
}

// Returns false when the service ends.
bool HttpService::State::take_in() {
   std::vector<std::unique_ptr<Job>> jobs;
   bool abandoned = false;
   {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
      jobs.swap(handed_in_);
      abandoned = std::exchange(batches_abandoned_, false);
   }
   if (abandoned) drop_abandoned();
   for (auto& job : jobs) origins_[job->origin].waiting.push_back(std::move(job));
   for (auto& [name, origin] : origins_) start_waiting(origin);
   std::erase_if(origins_, [](const auto& entry) { return entry.second.on_their_way == 0; });
   return true;
}

void HttpService::State::start_waiting(Origin& origin) {
   while (!origin.waiting.empty() && origin.on_their_way < std::max<std::size_t>(setup_.options.max_per_origin, 1)) {
      ++origin.on_their_way;
      auto job = std::move(origin.waiting.front());
      origin.waiting.pop_front();
      start(std::move(job));
   }
}

void HttpService::State::start(std::unique_ptr<Job> job) {
   CURL* easy = job->transfer.prepare(setup_);
   if (easy && curl_multi_add_handle(multi_.get(), easy) == CURLM_OK) {
      on_their_way_.emplace(easy, std::move(job));
   } else {
      --origins_[job->origin].on_their_way;
      job->batch->set(job->index, job->transfer.finish(CURLE_OUT_OF_MEMORY, setup_));
   }
}

void HttpService::State::collect() {
   int more = 0;
   while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &more)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      auto entry = on_their_way_.extract(message->easy_handle);
      curl_multi_remove_handle(multi_.get(), entry.key());  // `message` is gone from here on
      const std::unique_ptr<Job> job = std::move(entry.mapped());
      Origin& origin = origins_[job->origin];
      --origin.on_their_way;
      start_waiting(origin);
      job->batch->set(job->index, job->transfer.finish(code, setup_));
   }
}

void HttpService::State::drop_abandoned() {
   for (auto at = on_their_way_.begin(); at != on_their_way_.end();) {
      if (!at->second->batch->abandoned()) {
         ++at;
         continue;
      }
      curl_multi_remove_handle(multi_.get(), at->first);
      --origins_[at->second->origin].on_their_way;
      at = on_their_way_.erase(at);
   }
   for (auto& [name, origin] : origins_)
      std::erase_if(origin.waiting, [](const auto& job) { return job->batch->abandoned(); });
}

void HttpService::State::end_all() {
   const auto cancel = [](const Job& job) { job.batch->set(job.index, answer(operation_cancelled())); };
   for (auto& [easy, job] : on_their_way_) {
      curl_multi_remove_handle(multi_.get(), easy);
      cancel(*job);
   }
   on_their_way_.clear();
   for (auto& [name, origin] : origins_)
      for (const auto& job : origin.waiting) cancel(*job);
   const std::lock_guard lock(mutex_);
   for (const auto& job : handed_in_) cancel(*job);
}

HttpService::HttpService(NetworkOptions options, std::shared_ptr<const TlsTrust> trust)
    : state_(std::make_shared<State>(std::move(options), std::move(trust))) {}
HttpService::~HttpService() { state_->stop(); }

std::vector<HttpResponse> HttpService::perform(std::span<HttpRequest> requests, Clock::time_point deadline,
                                               const std::stop_token& cancel) {
   const auto state = state_;  // a service that is destroyed meanwhile ends this call, but not under its feet
   const auto batch = std::make_shared<HttpBatch>(requests.size());
   const bool too_late = cancel.stop_requested() || Clock::now() >= deadline;
   std::vector<std::string> hosts(requests.size());
   std::vector<std::unique_ptr<Job>> jobs;
   for (std::size_t index = 0; index < requests.size(); ++index) {
      HttpRequest& request = requests[index];
      if (const auto allowed = judge_request(request); !allowed) {
         batch->set(index, answer(request_refused(allowed.finding().summary), true));
         continue;
      }
      const HttpsUrl url = parse_https_url(request.url).value();
      hosts[index] = url.host;
      if (state->unusable)
         batch->set(index, answer(*state->unusable, true));
      else if (!too_late)
         batch->watch(index, jobs.emplace_back(std::make_unique<Job>(request, url, batch, index))->transfer.begun());
   }
   if (!jobs.empty()) state->hand_in(std::move(jobs));
   for (HttpRequest& request : requests) wipe(request.url);  // of those that were not handed in

   auto [answers, complete] = batch->wait(deadline, cancel);
   std::vector<HttpResponse> responses;
   responses.reserve(answers.size());
   for (std::size_t index = 0; index < answers.size(); ++index) {
      if (answers[index]) {
         responses.push_back(std::move(*answers[index]));
         continue;
      }
      responses.push_back(
          answer(cancel.stop_requested() ? operation_cancelled() : deadline_passed(hosts[index]), too_late));
      responses.back().lost = batch->lost(index);
   }
   if (!complete && !state->unusable) state->drop_abandoned_batches();
   return responses;
}

}  // namespace msp::host
