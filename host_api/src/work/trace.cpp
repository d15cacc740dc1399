#include "work/trace.hpp"

#include <string>
#include <utility>

#include "msp/host/text.hpp"
#include "net/url.hpp"

namespace msp::host {
namespace {

constexpr std::size_t kLongestPath = 1024;  // bytes, as of every text that comes from a plugin

// Without the query, whose values are often what authenticates.
SentRequest before_it_is_sent(const HttpRequest& request) {
   SentRequest sent;
   sent.method = request.method;
   const auto url = parse_https_url(request.url);
   if (!url) return sent;
   const HttpsUrl& to = url.value();
   sent.host = to.host + (to.port == 443 ? "" : ":" + std::to_string(to.port));
   sent.path = to.path.substr(0, to.path.find('?'));
   return sent;
}

}  // namespace

std::vector<HttpResponse> Trace::perform(HttpService& http, std::span<HttpRequest> requests,
                                         HttpService::Clock::time_point deadline, const std::stop_token& cancel) {
   std::vector<SentRequest> sent;
   for (const HttpRequest& request : requests) sent.push_back(before_it_is_sent(request));
   auto answers = http.perform(requests, deadline, cancel);
   const std::lock_guard lock(mutex_);
   for (std::size_t i = 0; i < answers.size() && requests_.size() < kMostTraced; ++i) {
      const HttpResponse& answer = answers[i];
      if (answer.outcome == Outcome::accepted)
         sent[i].status = answer.status;
      else
         sent[i].problem = answer.problem.code;
      sent[i].elapsed = answer.elapsed;
      requests_.push_back(std::move(sent[i]));
   }
   return answers;
}

std::vector<SentRequest> Trace::take() {
   const std::lock_guard lock(mutex_);
   return std::exchange(requests_, {});
}

void take_secrets_out(SentRequest& request, const Redactor& redactor) {
   request.host = clean_text(redactor.redact_foreign(request.host), kLongestPath);
   request.path = clean_text(redactor.redact_foreign(request.path), kLongestPath);
}

}  // namespace msp::host
