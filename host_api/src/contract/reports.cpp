#include "contract/reports.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "base/finding_codes.hpp"
#include "base/text.hpp"
#include "contract/defect.hpp"
#include "msp/host/settings.hpp"
#include "msp/signer.h"
#include "net/request_rules.hpp"
#include "net/url.hpp"

namespace msp::host {
namespace {

constexpr std::size_t kLongestCode = 64;
constexpr std::uint32_t kMostPairs = 64;
constexpr std::uint32_t kMostStatuses = 16;
constexpr std::size_t kMostFurtherSessions = 15;
constexpr std::size_t kLongestSessionName = 64;
constexpr std::int64_t kDay = 86'400;

// A report that can be looked into at all.
template <class Struct>
bool readable(const Struct* report) {
   return report != nullptr && report->struct_size >= sizeof(Struct);
}

bool is_code(std::string_view code) {
   const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
   return code.size() <= kLongestCode && code.find('.') != std::string_view::npos && std::ranges::all_of(code, fits) &&
          code.front() != '.' && code.back() != '.';
}

bool is_session_name(std::string_view name) {
   const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
   return !name.empty() && name.size() <= kLongestSessionName && std::ranges::all_of(name, fits);
}

// Whether a value can authenticate anything: more than nothing, the word of a scheme, or what a C library prints for a
// null pointer.
bool holds_credential(std::string_view value) {
   const std::string word = to_lower(trim(value));
   if (word.find("(null)") != std::string::npos) return false;
   for (const std::string_view scheme : {"", "basic", "bearer", "token", "apikey", "digest", "negotiate"})
      if (word == scheme) return false;
   return true;
}

bool is_sendable(const msp_pair& pair, bool in_query) {
   const auto& [name, value, flags, reserved] = pair;
   return name != nullptr && value != nullptr && is_header_value(value) &&
          (in_query ? *name != '\0' && is_valid_utf8(bounded(name)) && is_header_value(name)
                    : is_token(name) && !is_reserved_header(name));
}

// Also when a sentence or a quote is closed behind it.
bool ends_in_mark(std::string_view text) {
   return text.substr(0, text.find_last_not_of("\"'.) \n") + 1).ends_with(Redactor::kMark);
}

bool is_error(const Finding& finding) { return finding.severity == Severity::error; }

}  // namespace

void Reports::add_defect(std::string_view rule, std::string_view what, Severity severity) {
   auto finding = defect(manifest_, rule, what, severity);
   // A plugin that repeats itself in a loop is told about once.
   if (std::ranges::find(report_.findings, finding.summary, &Finding::summary) == report_.findings.end())
      report_.findings.push_back(std::move(finding));
}

void Reports::add_wrong_question(std::string_view what) {
   asked_wrongly_ = true;
   add_defect("P22", what, Severity::warning);
}

void Reports::reserved(std::uint64_t value, std::string_view what) {
   if (value != 0) add_defect("P8", "set a reserved member of " + std::string(what), Severity::warning);
}

std::string Reports::quoted(std::string_view word) const { return in_quotes(redactor_.redact_foreign(word)); }

std::string Reports::shown(const char* text, std::size_t longest, Redactor::End end) {
   if (text == nullptr) return {};
   const std::string_view given = bounded(text);
   if (given.size() == kMostRead) end = Redactor::End::may_be_cut;  // by bounded()
   if (!is_valid_utf8(given)) add_defect("P9", "reported a text that is not valid UTF-8", Severity::warning);
   // Redacted before it is cut, so that no half of a secret is left at the end. Nor does one go on in a later text.
   constexpr std::string_view kGoesOn = "...";
   std::string searched;
   searched.reserve(kGoesOn.size() + given.size());
   if (ended_in_secret_) searched += kGoesOn;
   searched += given;
   std::string clean = redactor_.redact_foreign(searched, end);
   wipe(searched);
   if (ended_in_secret_ && clean.starts_with(kGoesOn)) clean.erase(0, kGoesOn.size());
   ended_in_secret_ = ended_in_secret_ || ends_in_mark(clean);
   return clean_text(clean, longest);
}

std::string Reports::word(const char* text, bool known) { return known ? std::string(bounded(text)) : shown(text); }

std::string Reports::required(const char* text, std::string_view what, bool& complete, Redactor::End end) {
   auto result = shown(text, kLongestText, end);
   if (trim(result).empty()) {
      add_defect("P8", "reported " + std::string(what));
      complete = false;
   }
   return result;
}

std::string Reports::page(const char* url, std::string_view what) {
   if (bounded(url).size() > kLongestText) {  // its beginning is another address
      add_defect("P8", "reported a " + std::string(what) + " of more than 1024 bytes", Severity::warning);
      return {};
   }
   auto text = shown(url);
   if (text.empty() || parse_https_url(text.substr(0, text.find('#')))) return text;
   add_defect("P8", "reported a " + std::string(what) + " that is no https address", Severity::warning);
   return {};
}

bool Reports::belongs_to(Operation operation, std::string_view what) {
   if (operation == operation_) return true;
   add_defect("P13", "reported " + std::string(what) + " in " + std::string(name(operation_)), Severity::warning);
   return false;
}

void Reports::add(const msp_finding* finding) {
   if (!readable(finding)) return add_defect("P8", "reported a finding without its struct_size");
   if (report_.findings.size() >= kMostFindings) {
      if (!std::exchange(overflowed_, true))
         report_.findings.push_back(
             defect(manifest_, "P15", "reported more than 200 findings in one operation", Severity::warning));
      return;
   }
   bool complete = true;
   Finding result;
   const bool known_code = is_contract_code(bounded(finding->code));
   result.code =
       known_code ? std::string(bounded(finding->code)) : required(finding->code, "a finding without a code", complete);
   result.summary = required(finding->summary, "a finding without a summary", complete);
   if (finding->severity < MSP_ERROR || finding->severity > MSP_INFO)
      add_defect("P8", "reported a finding of a severity that does not exist");
   else
      result.severity = static_cast<Severity>(finding->severity);
   if (!complete) return;

   if (!is_code(result.code)) {
      add_defect("P8", "reported the finding code " + in_quotes(result.code) + ", which is no word like auth.rejected",
                 Severity::warning);
      result.code = "plugin.defect";
   }
   result.remedy = shown(finding->remedy);
   if (result.severity == Severity::error && trim(result.remedy).empty()) {
      add_defect("P10", "reported the error " + result.code + " without saying what to do next", Severity::warning);
      result.remedy = "Ask the plugin's vendor, " + manifest_.vendor + ", what to do about it.";
   }
   result.field = word(finding->field, manifest_.field(bounded(finding->field)) != nullptr);
   if (!result.field.empty() && manifest_.field(result.field) == nullptr) {
      add_defect("P11",
                 "reported a finding for the field " + in_quotes(result.field) + ", which its manifest does not name",
                 Severity::warning);
      result.field.clear();
   }
   result.doc_url = page(finding->doc_url, "documentation address");
   if (finding->http_status >= 100 && finding->http_status <= 599)
      result.http_status = finding->http_status;
   else if (finding->http_status != 0)
      add_defect("P8", "reported an HTTP status that does not exist", Severity::warning);
   if (finding->retry_after_s > 0)
      result.retry_after_s = finding->retry_after_s;
   else if (finding->retry_after_s < 0)
      add_defect("P8", "reported a negative time to wait", Severity::warning);
   report_.findings.push_back(std::move(result));
}

void Reports::add(const msp_grant* grant) {
   if (!belongs_to(Operation::check_permissions, "a permission")) return;
   if (!readable(grant)) return add_defect("P8", "reported a permission without its struct_size");
   reserved(grant->reserved, "a permission");
   Grant result;
   result.permission_id = word(grant->permission_id, manifest_.permission(bounded(grant->permission_id)) != nullptr);
   if (manifest_.permission(result.permission_id) == nullptr)
      return add_defect(
          "P12", "reported the permission " + in_quotes(result.permission_id) + ", which its manifest does not name");
   if (!holds(manifest_, manifest_.permission(result.permission_id)->when, values_)) return;  // not asked for
   if (std::ranges::find(report_.grants, result.permission_id, &Grant::permission_id) != report_.grants.end())
      return add_defect("P12", "reported the permission " + in_quotes(result.permission_id) + " twice");
   if (grant->granted < MSP_GRANTED_UNKNOWN || grant->granted > MSP_GRANTED_ALL)
      add_defect("P8", "reported a grant that does not exist for " + in_quotes(result.permission_id));
   else
      result.granted = static_cast<Granted>(grant->granted);
   if (grant->how < MSP_HOW_NOT_STATED || grant->how > MSP_HOW_PROBED)
      add_defect("P8", "did not say in a known word how it found out about " + in_quotes(result.permission_id),
                 Severity::warning);
   else
      result.how = static_cast<How>(grant->how);
   result.evidence = shown(grant->evidence);
   report_.grants.push_back(std::move(result));
}

void Reports::add(const msp_identity* identity) {
   if (!belongs_to(Operation::validate_credentials, "an identity")) return;
   if (!readable(identity)) return add_defect("P8", "reported an identity without its struct_size");
   if (report_.identity) return add_defect("P13", "reported two identities in one operation");
   reserved(identity->reserved, "an identity");
   bool complete = true;
   // The beginning of a name is another name.
   for (const char* name : {identity->account, identity->principal}) {
      if (bounded(name).size() <= kLongestText) continue;
      add_defect("P8", "reported an account or a principal of more than 1024 bytes");
      complete = false;
   }
   Identity result;
   // Names are no sentences that somebody cut: "admin" is no half of "admin2024".
   constexpr auto kWhole = Redactor::End::is_whole;
   if (identity->account != nullptr)
      result.account = required(identity->account, "an identity without an account", complete, kWhole);
   else if (result.account = typed_account(); result.account.empty()) {
      add_defect("P13", "reported an identity without an account, and its manifest marks no field as identity");
      complete = false;
   }
   result.principal = required(identity->principal, "an identity without a principal", complete, kWhole);
   result.label = shown(identity->label, kLongestText, kWhole);
   result.endpoint = page(identity->endpoint, "endpoint");
   if (complete) report_.identity = std::move(result);
}

// The values that stand for an account where the platform tells none: "server: vsa.example.com, company: Acme".
std::string Reports::typed_account() const {
   std::string account;
   for (const Field& field : manifest_.fields) {
      const auto value = values_.find(field.id);
      if (!field.identity || value == values_.end() || value->second.empty()) continue;
      account += (account.empty() ? "" : ", ") + field.first_id() + ": " + value->second;
   }
   return account;
}

bool Reports::take_pairs(const msp_pair* pairs, std::uint32_t count, std::string_view what, Session& session) {
   const bool in_query = what == "parameter";
   if (count > kMostPairs || (count > 0 && pairs == nullptr)) {
      add_defect("P14", "reported a session whose " + std::string(what) + "s cannot be read");
      return false;
   }
   for (std::uint32_t i = 0; i < count; ++i) {
      const auto& [name, value, flags, unused] = pairs[i];
      if (!is_sendable(pairs[i], in_query)) {
         add_defect("P14", "reported a session with the " + std::string(what) + ' ' +
                               quoted(name == nullptr ? "" : bounded(name)) + ", which no request may carry");
         return false;
      }
      reserved(unused, "a " + std::string(what));
      const bool is_public = (flags & MSP_PAIR_PUBLIC) != 0 || (!in_query && describes_content(name));
      if (is_public)
         session.public_names.emplace_back(name);
      else
         secrets_.add_credentials(value);
      (in_query ? session.query : session.headers).emplace_back(name, SecretBytes(value));
   }
   return true;
}

// Rule P23: an accepted session can work.
void Reports::judge_session(const Session& session) {
   bool has_credential = false;
   for (const auto* pairs : {&session.headers, &session.query}) {
      for (const auto& [name, value] : *pairs) {
         if (session.is_public(name)) continue;
         has_credential = true;
         if (!holds_credential(value.view()))
            add_defect("P23", "reported a session whose " + quoted(name) + " holds no credential");
      }
   }
   if (!has_credential && !session.is_signed) add_defect("P23", "reported a session that holds no credential");
   if (session.expires_at == 0 || session.expires_at > now_) return;
   // A clock that is wrong by some hours is not the plugin's fault; a duration taken for a time is.
   add_defect("P23", "reported a session that has expired already",
              session.expires_at + kDay < now_ ? Severity::error : Severity::warning);
}

void Reports::add(const msp_session* session) {
   if (!belongs_to(Operation::authenticate, "a session")) return;
   if (!readable(session)) return add_defect("P8", "reported a session without its struct_size");
   reserved(session->flags & ~(MSP_SESSION_IN_BODY | MSP_SESSION_SIGNED), "a session");
   reserved(session->reserved, "a session");
   Session result;
   result.in_body = (session->flags & MSP_SESSION_IN_BODY) != 0;
   result.is_signed = (session->flags & MSP_SESSION_SIGNED) != 0;
   if (result.in_body && result.is_signed)
      return add_defect("P14", "reported a session both in the body and signed, of which the host can do only one");
   if (session->name != nullptr) {
      result.name = bounded(session->name);
      if (!is_session_name(result.name))
         return add_defect("P14", "reported a session whose name is no word of a-z, 0-9 and _");
   }
   const bool is_main = result.name.empty();
   if (is_main
           ? report_.session.has_value()
           : std::ranges::find(report_.further_sessions, result.name, &Session::name) != report_.further_sessions.end())
      return add_defect("P13", is_main ? "reported two sessions in one operation"
                                       : "reported two sessions of the name " + quoted(result.name));
   if (!is_main && report_.further_sessions.size() == kMostFurtherSessions)
      return add_defect("P14", "reported more than 16 sessions");
   if (session->base_url != nullptr)
      result.base_url.assign(session->base_url, strnlen(session->base_url, kLongestText + 1));
   if (result.base_url.size() > kLongestText)  // its beginning is another address
      return add_defect("P14", "reported a session whose address is longer than 1024 bytes");
   const auto url = parse_https_url(result.base_url);
   if (!url) return add_defect("P14", "reported a session whose address " + url.finding().summary);
   if (!hosts_.allows(url.value()))
      return add_defect(
          "P14", "reported a session with " + quoted(url.value().host) + ", a host that its manifest does not name");
   if (!result.base_url.ends_with('/') || result.base_url.find('?') != std::string::npos)
      return add_defect("P14", "reported a session whose address does not end in a slash");
   if (!take_pairs(session->headers, session->header_count, "header", result)) return;
   if (!take_pairs(session->query, session->query_count, "parameter", result)) return;
   if (session->rejected_status_count > kMostStatuses ||
       (session->rejected_status_count > 0 && session->rejected_statuses == nullptr))
      return add_defect("P14", "reported a session whose statuses cannot be read");
   for (const std::int32_t status : std::span(session->rejected_statuses, session->rejected_status_count)) {
      if (status < 300 || status > 599)
         return add_defect("P14", "reported a session that ends with a status that is no refusal");
      result.rejected_statuses.push_back(status);
   }
   result.expires_at = std::max<std::int64_t>(session->expires_at, 0);
   judge_session(result);
   if (is_main)
      report_.session = std::move(result);
   else
      report_.further_sessions.push_back(std::move(result));
}

// Rule P28: what a signature may add to a request.
void Reports::add_signature(const msp_pair* pair, bool in_query) {
   if (!belongs_to(Operation::sign, "a signature")) return;
   auto& added = in_query ? report_.signature.query : report_.signature.headers;
   if (pair == nullptr || added.size() == MSP_SIGNATURE_PAIRS_MAX || !is_sendable(*pair, in_query))
      return add_defect("P28", "signed a request with a " + std::string(in_query ? "parameter" : "header") +
                                   " that no request may carry");
   reserved(pair->reserved, "a signature");
   if ((pair->flags & MSP_PAIR_PUBLIC) == 0) secrets_.add_credentials(pair->value);
   added.emplace_back(pair->name, SecretBytes(pair->value));
}

// It asked nobody, so nobody refused.
void Reports::judge_signature() {
   if (report_.signature.headers.empty() && report_.signature.query.empty())
      add_defect("P28", "accepted a request without signing it");
}

// What an accepted operation must have answered.
void Reports::judge_answer() {
   if (std::ranges::any_of(report_.findings, is_error) && !std::ranges::any_of(report_.findings, [](const Finding& f) {
          return is_error(f) && f.code == "plugin.defect";
       }))
      add_defect("P7", "accepted and reported an error at the same time");
   if (operation_ == Operation::validate_credentials && !report_.identity)
      add_defect("P13", "accepted the credentials without saying whose they are");
   if (operation_ == Operation::authenticate && !report_.session)
      add_defect("P13", "accepted without reporting a session");
   if (operation_ == Operation::sign) judge_signature();
}

// Every permission that is asked for has a grant, in the manifest's order; what was not reported is unknown.
void Reports::fill_grants(bool accepted) {
   std::vector<Grant> grants;
   for (const auto& permission : manifest_.permissions) {
      if (!holds(manifest_, permission.when, values_)) continue;
      const auto found = std::ranges::find(report_.grants, permission.id, &Grant::permission_id);
      if (found != report_.grants.end()) {
         grants.push_back(std::move(*found));
         continue;
      }
      grants.push_back({.permission_id = permission.id, .evidence = {}});
      if (accepted)
         add_defect("P12", "did not report the permission " + in_quotes(permission.id),
                    permission.need == Need::required ? Severity::error : Severity::warning);
   }
   report_.grants = std::move(grants);
   report_.answered = true;
}

OperationReport Reports::finish(msp_outcome outcome, std::optional<Interruption> interruption,
                                std::optional<Finding> unanswered) {
   if (outcome < MSP_ACCEPTED || outcome > MSP_FAILED) {
      add_defect("P6", "ended with the outcome " + std::to_string(outcome) + ", which does not exist");
      outcome = MSP_FAILED;
   }
   if (operation_ == Operation::sign && outcome == MSP_REFUSED) {
      add_defect("P28", "refused to sign a request, though it had asked nobody");
      outcome = MSP_FAILED;
   }
   if (interruption && outcome != MSP_ACCEPTED && outcome != MSP_REFUSED) {
      outcome = static_cast<msp_outcome>(interruption->outcome);
      if (std::ranges::none_of(report_.findings, is_error))
         report_.findings.push_back(std::move(interruption->finding));
   }
   if (asked_wrongly_ && outcome == MSP_REFUSED) {
      // The platform was asked with a value that the form does not have: its refusal is not about what was typed.
      for (Finding& finding : report_.findings)
         if (finding.code == "plugin.defect") finding.severity = Severity::error;
      std::erase_if(report_.findings, [](const Finding& f) { return is_error(f) && f.code.starts_with("auth."); });
      outcome = MSP_FAILED;
   }
   const bool accepted = outcome == MSP_ACCEPTED;
   if (accepted) judge_answer();
   std::ranges::move(noted_, std::back_inserter(report_.findings));
   noted_.clear();
   if (operation_ == Operation::check_permissions) fill_grants(accepted);
   const bool has_error = std::ranges::any_of(report_.findings, is_error);
   if (accepted && has_error) outcome = MSP_FAILED;
   if (!accepted && !has_error) {
      add_defect("P7", "ended as " + std::string(name(static_cast<Outcome>(outcome))) + " without saying why",
                 unanswered ? Severity::warning : Severity::error);
      if (unanswered) report_.findings.push_back(std::move(*unanswered));
   }
   report_.outcome = static_cast<Outcome>(outcome);
   if (report_.outcome != Outcome::accepted) {
      report_.session.reset();
      report_.further_sessions.clear();
      report_.signature = {};
   }
   return std::exchange(report_, {});
}

}  // namespace msp::host
