#include "contract/call_browser.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "contract/defect.hpp"
#include "msp/host/ascii.hpp"

namespace msp::host {
namespace {

// Calls `take` with each name and value of a query, as they stand there.
template <class Take>
void for_each_parameter(std::string_view query, Take take) {
   while (!query.empty()) {
      const std::string_view pair = query.substr(0, query.find('&'));
      query.remove_prefix(std::min(query.size(), pair.size() + 1));
      const std::size_t equals = pair.find('=');
      take(pair.substr(0, equals), equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
   }
}

bool has_parameter(std::string_view url, std::string_view wanted) {
   const std::size_t question = url.find('?');
   bool found = false;
   if (question != std::string_view::npos)
      for_each_parameter(url.substr(question + 1), [&](auto name, auto) { found |= percent_decoded(name) == wanted; });
   return found;
}

// 256 bits; empty when the system's source of random bytes gives none.
std::string new_state() {
   std::array<std::byte, 32> bytes{};
   if (!random_bytes(bytes)) return {};
   return hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string in_minutes(std::chrono::nanoseconds time) {
   const auto minutes = std::chrono::round<std::chrono::minutes>(time).count();
   return minutes <= 1 ? "a minute" : std::to_string(minutes) + " minutes";
}

}  // namespace

struct CallBrowser::Visited {
   msp_visited table{};
   msp_finding problem{};
   SecretBytes query;
   Finding reason;
};

CallBrowser::CallBrowser(const Manifest& manifest, CallHttp& http, KnownSecrets& secrets,
                         std::shared_ptr<Browser> browser)
    : manifest_(manifest), http_(http), secrets_(secrets), browser_(std::move(browser)) {}
CallBrowser::~CallBrowser() = default;

void CallBrowser::clear() noexcept {
   for (const auto& visited : visited_) {
      visited->table.query = "";
      visited->table.problem = nullptr;
      visited->query = {};
   }
}

const msp_visited* CallBrowser::keep(msp_outcome outcome, SecretBytes query, Finding problem) {
   Visited& visited = *visited_.emplace_back(std::make_unique<Visited>());
   visited.query = std::move(query);
   visited.reason = std::move(problem);
   const Finding& reason = visited.reason;
   visited.problem = {.struct_size = sizeof(msp_finding),
                      .severity = static_cast<std::int32_t>(reason.severity),
                      .code = reason.code.c_str(),
                      .field = nullptr,
                      .summary = reason.summary.c_str(),
                      .remedy = or_null(reason.remedy),
                      .doc_url = nullptr,
                      .http_status = 0,
                      .retry_after_s = 0};
   visited.table = {.struct_size = sizeof(msp_visited),
                    .outcome = outcome,
                    .query = visited.query.view().data(),
                    .problem = outcome == MSP_ACCEPTED ? nullptr : &visited.problem};
   return &visited.table;
}

const char* CallBrowser::redirect_uri() {
   if (!browser_) return nullptr;
   if (!redirect_uri_) {
      auto address = browser_->redirect_uri();
      if (!address) return nullptr;
      redirect_uri_ = std::move(address).value();
   }
   return redirect_uri_->c_str();
}

// The visit as the console shows it, with a state of its own where it comes back.
Result<Browser::Visit> CallBrowser::admit(const msp_visit* visit) {
   const auto broken = [this](std::string_view what) { return defect(manifest_, "P26", what); };
   if (visit == nullptr || visit->struct_size < sizeof(msp_visit))
      return broken("sent a person somewhere without its struct_size");
   auto url = http_.admit(visit->url, "sent a person");
   if (!url) return url.finding();
   Browser::Visit result{visit->url, url.value().host, {}, {}};
   if (secrets_.appear_in(result.url)) return broken("sent a person to an address that holds a secret");
   if (visit->user_code != nullptr) {
      const std::size_t size = strnlen(visit->user_code, MSP_BROWSER_CODE_MAX + 1);
      if (size == 0 || size > MSP_BROWSER_CODE_MAX) return broken("gave a person a code of no or more than 64 bytes");
      if (secrets_.appear_in(visit->user_code)) return broken("gave a person a secret as a code");
      result.user_code = clean_text({visit->user_code, size}, MSP_BROWSER_CODE_MAX);
      return result;
   }
   if (has_parameter(result.url, "state")) return broken("sent a person somewhere with a state of its own");
   result.state = new_state();
   result.url += (result.url.find('?') == std::string::npos ? "?state=" : "&state=") + result.state;
   return result;
}

// What came back, without the state. What signs in instead of the person is a secret from now on.
SecretBytes CallBrowser::take_in(std::string_view query, const std::string& state) {
   std::string rest;
   rest.reserve(query.size());  // so that no copy is left behind
   bool is_ours = false;
   for_each_parameter(query, [&](std::string_view name, std::string_view value) {
      const std::string known = percent_decoded(name);
      if (known == "state") {
         is_ours |= value == state;
         return;
      }
      if (known == "code" || known.find("token") != std::string::npos) {
         secrets_.add(value);
         secrets_.add(percent_decoded(value));
      }
      if (!rest.empty()) rest += '&';
      rest.append(name);
      if (!value.empty()) rest.append("=").append(value);
   });
   if (!is_ours) wipe(rest);
   return SecretBytes::take(rest);
}

const msp_visited* CallBrowser::visit(const msp_visit* visit, Browser::Clock::time_point deadline,
                                      const std::stop_token& cancel) {
   if (!browser_) return keep(MSP_REFUSED, {}, nobody_to_sign_in(manifest_));
   auto admitted = admit(visit);
   if (!admitted) return keep(MSP_FAILED, {}, admitted.finding());
   const Browser::Visit& shown = admitted.value();
   if (!shown.user_code.empty()) {
      browser_->show_code(shown);
      return keep(MSP_ACCEPTED, {});
   }
   if (redirect_uri() == nullptr || shown.state.empty()) {
      return keep(MSP_FAILED, {},
                  {"host.internal", "The console cannot take back a browser that it sends to " + shown.host + '.',
                   "Look into the console's log, then try again."});
   }
   secrets_.add(shown.state);
   const auto start = Browser::Clock::now();
   if (auto query = browser_->wait_for_return(shown, deadline, cancel))
      return keep(MSP_ACCEPTED, take_in(query->view(), shown.state));
   if (cancel.stop_requested())
      return keep(MSP_CANCELLED, {},
                  {"host.cancelled", "The sign-in was cancelled.", "Start it again when you are ready."});
   return keep(MSP_TIMED_OUT, {},
               {"host.deadline",
                "Nobody signed in at " + shown.host + " within " + in_minutes(Browser::Clock::now() - start) + '.',
                "Start again when you are ready to sign in."});
}

}  // namespace msp::host
