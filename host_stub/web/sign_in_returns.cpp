#include "web/sign_in_returns.hpp"

#include <algorithm>

#include "msp/host/text.hpp"
#include "web/answers.hpp"

namespace msp::console {
namespace {

// How soon a cancel is noticed.
constexpr std::chrono::milliseconds kGlance{50};

std::string_view state_in(std::string_view query) {
   constexpr std::string_view kName = "state=";
   while (!query.empty()) {
      const std::string_view pair = query.substr(0, query.find('&'));
      if (pair.starts_with(kName)) return pair.substr(kName.size());
      query.remove_prefix(std::min(query.size(), pair.size() + 1));
   }
   return {};
}

HttpResponse page(int status, std::string_view title, std::string_view sentence) {
   HttpResponse response{status, {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}}, {}};
   response.body =
       "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
       "content=\"width=device-width\"><title>" +
       std::string(title) + "</title><h1>" + std::string(title) + "</h1><p>" + std::string(sentence) + "</p></html>\n";
   return response;
}

HttpResponse go_on_at(std::string_view where) {
   return {
       303, {{"Location", std::string(SignInReturns::kPath) + std::string(where)}, {"Cache-Control", "no-store"}}, {}};
}

}  // namespace

SignInReturns::Expected::Expected(SignInReturns& returns, std::string state)
    : returns_(returns), state_(std::move(state)) {
   const std::lock_guard lock(returns_.mutex_);
   returns_.expected_.try_emplace(state_);
}

SignInReturns::Expected::~Expected() {
   const std::lock_guard lock(returns_.mutex_);
   returns_.expected_.erase(state_);
}

std::optional<host::SecretBytes> SignInReturns::Expected::wait(Clock::time_point deadline,
                                                               const std::stop_token& cancel) {
   std::unique_lock lock(returns_.mutex_);
   host::SecretBytes& query = returns_.expected_.at(state_);
   while (query.empty() && !cancel.stop_requested() && Clock::now() < deadline)
      returns_.came_back_.wait_until(lock, std::min(deadline, Clock::now() + kGlance));
   if (query.empty()) return std::nullopt;
   return std::move(query);
}

bool SignInReturns::deliver(std::string_view query) {
   const std::lock_guard lock(mutex_);
   const auto place = expected_.find(state_in(query));
   if (place == expected_.end() || !place->second.empty()) return false;
   place->second = host::SecretBytes(query);
   came_back_.notify_all();
   return true;
}

bool SignInReturns::deliver_address(std::string_view address) {
   address = host::trim(address);
   const std::size_t question = address.find('?');
   return question != std::string_view::npos && deliver(address.substr(question + 1, address.find('#') - question - 1));
}

HttpResponse SignInReturns::answer(HttpRequest&& request) {
   if (request.method != "GET") return no_such_method("GET");
   const std::string_view rest = std::string_view(request.path).substr(kPath.size());
   if (rest == "/done") return page(200, "Signed in", "You can close this window. The console goes on by itself.");
   if (rest == "/unknown")
      return page(404, "Nobody waits for this sign-in",
                  "It took too long, was cancelled, or was used already. Start it again in the console.");
   if (!rest.empty()) return no_such_thing("page");
   std::string query;
   for (auto& [name, value] : request.query) {
      query += (query.empty() ? "" : "&") + name + "=" + value;
      host::wipe(value);
   }
   const bool expected = deliver(query);
   host::wipe(query);
   return go_on_at(expected ? "/done" : "/unknown");
}

}  // namespace msp::console
