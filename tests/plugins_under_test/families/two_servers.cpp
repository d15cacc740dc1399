// two_servers.cpp - one sign-in for two servers. The key authenticates at the first; the second takes a ticket that the
// first one gives, with an end of its own. So there are two sessions, and that of the second server has a name.
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr char kJobs[] = "https://backup.example.com/api/";
constexpr char kReports[] = "https://reports.example.com/v2/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = ask_for_ticket(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{account_, "", "API key", kJobs});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = ask_for_ticket(call); outcome != Outcome::accepted) return outcome;
      call.report(Grant{"jobs.read", has_word(scope_, "jobs.read") ? Granted::all : Granted::none, How::introspected,
                        "scope=" + scope_});
      return Outcome::accepted;
   }

   // The first ticket is the one that the check has asked for; each later one is another.
   Outcome authenticate(Call& call) {
      if (handed_out_) ticket_ = Secret();
      if (const Outcome outcome = ask_for_ticket(call); outcome != Outcome::accepted) return outcome;
      Session jobs;
      jobs.base_url = kJobs;
      jobs.headers.emplace_back("X-Api-Key", Secret(call.secret("api_key")));
      call.report(jobs);
      Session reports;
      reports.name = "reports";
      reports.base_url = kReports;
      reports.query.emplace_back("ticket", ticket_.copy());
      reports.rejected_statuses = {410};
      reports.expires_at = expires_at_;
      call.report(reports);
      handed_out_ = true;
      return Outcome::accepted;
   }

 private:
   Outcome ask_for_ticket(Call& call) {
      if (!ticket_.empty()) return Outcome::accepted;
      const Response answer =
          http_.send(call, Request("POST", std::string(kJobs) + "tickets").header("X-Api-Key", call.secret("api_key")));
      if (answer.status() == 401)
         return call.end(Outcome::refused, Finding::error("auth.rejected", "Example Backup does not accept this key.",
                                                          "Create a new key under Settings, API, and enter it here.")
                                               .field("api_key")
                                               .http_status(401));
      const auto json = Json::parse(answer.body());
      const auto ticket = json ? (*json)["ticket"].text() : std::nullopt;
      const auto account = json ? (*json)["account"].text() : std::nullopt;
      const std::int64_t lifetime = json ? (*json)["expires_in"].integer().value_or(0) : 0;
      if (answer.status() != 200 || !ticket || !account || lifetime <= 0)
         return end_at_unusable(call, answer, "Example Backup", "the request for a ticket");
      ticket_ = Secret(*ticket);
      account_ = *account;
      scope_ = (*json)["scope"].text().value_or("");
      expires_at_ = seconds_since_1970() + lifetime;
      return Outcome::accepted;
   }

   Http http_;
   Secret ticket_;  // empty before the platform was asked
   std::string account_;
   std::string scope_;
   std::int64_t expires_at_ = 0;
   bool handed_out_ = false;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
