#include "work/session_keeper.hpp"

#include <algorithm>
#include <utility>

#include "base/cancellable_wait.hpp"
#include "base/text.hpp"
#include "contract/defect.hpp"
#include "net/request_rules.hpp"
#include "work/check.hpp"
#include "work/kept_turn.hpp"
#include "work/session_decision.hpp"

namespace msp::host {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kRenewBefore = 60;  // seconds before a session expires

std::int64_t system_now() {
   return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

IntegrationOptions with_clock(IntegrationOptions options) {
   if (!options.now) options.now = system_now;
   return options;
}

milliseconds left_until(SessionKeeper::Clock::time_point deadline) {
   return std::max(std::chrono::ceil<milliseconds>(deadline - SessionKeeper::Clock::now()), milliseconds(0));
}

// A session that is over by our clock when it is opened says that the clocks differ; the platform will tell its end.
std::int64_t time_to_renew(const Session& session, std::int64_t now) {
   if (session.expires_at <= now) return 0;
   return session.expires_at - std::min(kRenewBefore, (session.expires_at - now) / 2);
}

OperationReport without_connection(Outcome outcome, std::vector<Finding> findings) {
   OperationReport report;
   report.outcome = outcome;
   report.findings = std::move(findings);
   return report;
}

SessionKeeper::Held interrupted(const SessionKeeper::Limits& limits) {
   if (limits.cancel.stop_requested())
      return {Outcome::cancelled,
              {Finding{"host.cancelled", "The operation was cancelled.", "Start it again when you are ready."}}};
   return {Outcome::timed_out,
           {Finding{"host.deadline", "There was no session before the time was over.",
                    "Try again later, or allow more time."}}};
}

}  // namespace

OpenSession::OpenSession(Session opened, Redactor& redactor, const CheckedSettings& settings)
    : session(std::move(opened)), secrets(redactor) {
   for (const auto& [id, value] : settings.values()) secrets.make_public(trim(value));
   for (const auto& [name, value] : session.headers)
      if (!session.is_public(name)) secrets.add_credentials(value.view());
   for (const auto& [name, value] : session.query)
      if (!session.is_public(name)) secrets.add_credentials(value.view());
}

// Lets go of the lock while the platform is asked, and has it back at the end.
class SessionKeeper::Turn {
 public:
   Turn(SessionKeeper& keeper, Lock& lock) : keeper_(keeper), lock_(lock) {
      keeper_.turn_taken_ = true;
      lock_.unlock();
   }
   ~Turn() {
      lock_.lock();
      keeper_.turn_taken_ = false;
      keeper_.changed_.notify_all();
   }
   Turn(const Turn&) = delete;
   Turn& operator=(const Turn&) = delete;

 private:
   SessionKeeper& keeper_;
   Lock& lock_;
};

SessionKeeper::SessionKeeper(std::shared_ptr<Plugin> plugin, Redactor& redactor, Settings settings,
                             IntegrationOptions options)
    : plugin_(std::move(plugin)),
      redactor_(redactor),
      form_(check_settings(plugin_->manifest(), std::move(settings))),
      options_(with_clock(std::move(options))) {}

std::shared_ptr<OpenSession> SessionKeeper::find(const std::string& name) const {
   const auto found = std::ranges::find_if(sessions_, [&](const auto& one) { return one->session.name == name; });
   return found == sessions_.end() ? nullptr : *found;
}

bool SessionKeeper::in_use(const std::string& name) const {
   const auto one = find(name);
   return one && !one->over;
}

std::optional<SessionKeeper::Held> SessionKeeper::known(const std::string& name) const {
   if (refusal_) return Held{Outcome::refused, *refusal_};
   if (sessions_.empty()) return std::nullopt;
   const auto one = find(name);
   if (!one) return no_such_session(name);
   if (!one->refusal.empty()) return Held{Outcome::refused, one->refusal};
   return std::nullopt;
}

SessionKeeper::Held SessionKeeper::no_such_session(const std::string& name) const {
   std::string there_is = "only the main one";
   for (std::size_t i = 1; i < sessions_.size(); ++i) {
      const bool last = i + 1 == sessions_.size();
      there_is = (i == 1 ? "the main one" : there_is) + (last ? " and \"" : ", \"") +
                 redactor_.redact_foreign(sessions_[i]->session.name, Redactor::End::is_whole) + '"';
   }
   Finding finding{"host.request_invalid",
                   "The integration has no session \"" + clean_text(name, 64) + "\"; it has " + there_is + '.',
                   "Choose a session that there is. The request was not sent."};
   finding.field = "session";
   return {Outcome::invalid_settings, {std::move(finding)}};
}

SessionKeeper::Held SessionKeeper::hold(const std::string& name, const Limits& limits) {
   const std::int64_t now = options_.now();
   Lock lock(mutex_);
   // While another thread renews the session in good time, the old one still serves.
   const auto serves = [&] {
      const auto one = find(name);
      return one && !one->over && (one->renew_at == 0 || now < (turn_taken_ ? one->session.expires_at : one->renew_at));
   };
   const auto ready = [&] { return known(name) || serves() || !turn_taken_; };
   if (!wait_until(changed_, lock, limits.cancel, limits.deadline, ready)) return interrupted(limits);
   if (auto held = known(name)) return std::move(*held);
   if (serves()) return {.session = find(name)};
   return sign_in(lock, limits, {name});
}

SessionKeeper::Held SessionKeeper::replace(const std::shared_ptr<OpenSession>& rejected, int status,
                                           const Limits& limits) {
   const std::string& name = rejected->session.name;
   Lock lock(mutex_);
   const auto replaced = [&] { return in_use(name) && find(name) != rejected; };
   const auto ready = [&] { return known(name) || replaced() || !turn_taken_; };
   if (!wait_until(changed_, lock, limits.cancel, limits.deadline, ready)) return interrupted(limits);
   if (auto held = known(name)) return std::move(*held);
   if (replaced()) return {.session = find(name)};
   if (rejected->after_rejection) return {};
   return sign_in(lock, limits, {name, rejected, status});
}

// With the lock held, which is given back.
SessionKeeper::Held SessionKeeper::sign_in(Lock& lock, const Limits& limits, const Wish& wish) {
   OperationReport report;
   {
      const Turn turn(*this, lock);
      report = operate(Operation::authenticate, limits, wish.rejected != nullptr);
   }
   if (report.outcome == Outcome::cancelled) return interrupted(limits);  // not "the check was cancelled"
   auto session = find(wish.name);
   const SessionDecision decision =
       decide_session(report,
                      {.rejected = wish.rejected ? &wish.rejected->session : nullptr,
                       .has_session = in_use(wish.name),
                       .has_expired = session && options_.now() >= session->session.expires_at,
                       .status = wish.status},
                      plugin_->manifest());
   switch (decision.next) {
      case SessionDecision::Next::use_new:
      case SessionDecision::Next::reject: {
         const auto before = sessions_;
         open(*report.session, report.further_sessions);
         keep_what_is_known(before, wish);
         session = find(wish.name);
         if (session) session->refusal = decision.findings;
         const std::int64_t expires_at = (session ? session : sessions_.front())->session.expires_at;
         Held held{.session = session};
         if (!session)
            held = no_such_session(wish.name);
         else if (!decision.findings.empty())
            held = {Outcome::refused, decision.findings};
         tell(lock, {decision.event, expires_at, decision.findings, session ? wish.name : std::string()});
         return held;
      }
      case SessionDecision::Next::refuse:
         sessions_.clear();
         refusal_ = decision.findings;
         tell(lock, {decision.event, 0, decision.findings, wish.name});
         return {Outcome::refused, decision.findings};
      case SessionDecision::Next::use_old:
         session->renew_at = session->session.expires_at;
         return {.session = session};
      case SessionDecision::Next::give_up:
         break;
   }
   if (wish.rejected) wish.rejected->over = true;
   return {report.outcome, std::move(report.findings)};
}

OperationReport SessionKeeper::sign(std::shared_ptr<const RequestToSign> request, const Limits& limits) {
   Lock lock(mutex_);
   OperationReport report;
   const bool free = wait_until(changed_, lock, limits.cancel, limits.deadline, [&] { return !turn_taken_; });
   if (free) {
      const Turn turn(*this, lock);
      report = operate(Operation::sign, limits, false, std::move(request));
   }
   if (free && report.outcome != Outcome::cancelled) return report;
   Held why = interrupted(limits);
   return without_connection(why.outcome, std::move(why.findings));
}

OperationReport SessionKeeper::operate(Operation operation, const Limits& limits, bool session_rejected,
                                       std::shared_ptr<const RequestToSign> to_sign) {
   const Manifest& manifest = plugin_->manifest();
   // Somebody else may have kept something meanwhile.
   if (connection_outdated_ || manifest.keeps_secrets() || manifest.exclusive) connection_.reset();
   connection_outdated_ = false;
   KeptTurn turn;
   if (!connection_) {
      if (!form_.settings) return without_connection(Outcome::invalid_settings, form_.findings);
      CheckedSettings settings = form_.settings->copy();
      auto taken = take_turn(manifest, options_.kept.get(), settings, limits.deadline, limits.cancel);
      if (!taken) return without_connection(outcome_without_turn(taken.finding()), {taken.finding()});
      turn = std::move(taken).value();
      auto made = plugin_->connect(std::move(settings));
      if (!made) {
         const Finding& problem = made.finding();
         return without_connection(problem.code == "plugin.incompatible" ? Outcome::incompatible : Outcome::failed,
                                   {problem});
      }
      connection_ = std::move(made).value();
   }
   OperationOptions options;
   options.timeout = left_until(limits.deadline);
   options.cancel = limits.cancel;
   options.correlation_id = limits.correlation_id;
   options.session_rejected = session_rejected;
   options.attended = limits.attended;
   options.now = options_.now();
   if (turn) options.keep = [&turn](const auto& field, const SecretBytes& value) { return turn->keep(field, value); };
   options.to_sign = std::move(to_sign);
   OperationReport report = connection_->run(operation, options);
   if (report.outcome == Outcome::failed)
      connection_.reset();  // it may serve no more
   else
      connection_->rest();
   return report;
}

std::shared_ptr<OpenSession> SessionKeeper::open(const Session& session) const {
   auto opened = std::make_shared<OpenSession>(session.copy(), redactor_, *form_.settings);
   opened->renew_at = time_to_renew(opened->session, options_.now());
   return opened;
}

void SessionKeeper::open(const Session& main, const std::vector<Session>& further) {
   sessions_ = {open(main)};
   for (const Session& one : further) sessions_.push_back(open(one));
}

// A sign-in for one session replaces the others, too. What is known of those does not change with it.
void SessionKeeper::keep_what_is_known(const std::vector<std::shared_ptr<OpenSession>>& before, const Wish& wish) {
   for (const auto& old : before) {
      const auto one = find(old->session.name);
      if (!one || one->session.name == wish.name) continue;
      one->after_rejection = old->after_rejection;
      if (is_same(one->session, old->session)) one->refusal = old->refusal;
   }
   if (const auto one = find(wish.name)) one->after_rejection = wish.rejected != nullptr;
}

void SessionKeeper::tell(Lock& lock, const SessionEvent& event) const {
   lock.unlock();
   if (options_.on_session) options_.on_session(event);
}

SessionReport SessionKeeper::session(const std::string& name, const Limits& limits) {
   Held held = hold(name, limits);
   SessionReport report{held.outcome, std::move(held.findings), {}};
   if (held.session) report.session = held.session->session.copy();
   return report;
}

void SessionKeeper::worked(OpenSession& session) {
   const Lock lock(mutex_);
   session.after_rejection = false;
}

CheckReport SessionKeeper::check(CheckOptions options) {
   const auto deadline = Clock::now() + options.timeout;
   options.now = options_.now();
   options.kept = options_.kept;
   std::optional<Connection> connection;
   CheckReport report;
   Lock lock(mutex_);
   if (!wait_until(changed_, lock, options.cancel, deadline, [&] { return !turn_taken_; })) {
      lock.unlock();
      options.timeout = milliseconds(0);  // the check itself tells that it was cancelled or came too late
      return run_check(*plugin_, form_.copy(), options, connection);
   }
   refusal_.reset();
   {
      const Turn turn(*this, lock);
      options.timeout = left_until(deadline);
      report = run_check(*plugin_, form_.copy(), options, connection);
      if (connection && (report.session || refuses_credentials(report))) {
         connection_ = std::move(connection);
         connection_->rest();
      }
   }
   if (report.session) {
      const SessionEvent event{in_use({}) ? SessionEvent::Kind::renewed : SessionEvent::Kind::opened,
                               report.session->expires_at};
      open(*report.session, report.further_sessions);
      tell(lock, event);
   } else if (refuses_credentials(report)) {
      sessions_.clear();
      refusal_ = report.findings;
      tell(lock, {SessionEvent::Kind::refused, 0, report.findings});
   }
   return report;
}

void SessionKeeper::drop() {
   const Lock lock(mutex_);
   sessions_.clear();
}

std::vector<Finding> SessionKeeper::refusal() const {
   const Lock lock(mutex_);
   if (refusal_) return *refusal_;
   return sessions_.empty() ? std::vector<Finding>{} : sessions_.front()->refusal;
}

void SessionKeeper::forget_refusal() {
   const Lock lock(mutex_);
   const auto is_refused = [](const auto& one) { return !one->refusal.empty(); };
   if (!refusal_ && std::ranges::none_of(sessions_, is_refused)) return;
   connection_outdated_ = true;
   refusal_.reset();
   sessions_.clear();
}

}  // namespace msp::host
