// reports.hpp - what a plugin reports in one operation, taken in and judged by the rules of docs/ABI.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/allowed_hosts.hpp"
#include "msp/call.h"
#include "msp/host/manifest.hpp"
#include "msp/host/operation.hpp"
#include "msp/host/redaction.hpp"
#include "redaction/known_secrets.hpp"

namespace msp::host {

// Why the host did not wait longer: cancelled or timed_out, and the finding that says so.
struct Interruption {
   Outcome outcome;
   Finding finding;
};

// Copies every report at once, made valid UTF-8 and redacted. One that breaks a rule becomes the finding
// "plugin.defect". Not thread-safe.
class Reports {
 public:
   static constexpr std::size_t kMostFindings = 200;
   static constexpr std::size_t kLongestText = 1024;  // in bytes; about a dozen lines of a terminal

   using Values = std::map<std::string, std::string, std::less<>>;

   // `values` are those of the form, without its secrets; `now` is in seconds since 1970-01-01T00:00Z. REQUIRES: the
   // arguments outlive this.
   Reports(Operation operation, const Manifest& manifest, const AllowedHosts& hosts, const Redactor& redactor,
           KnownSecrets& secrets, const Values& values, std::int64_t now)
       : operation_(operation),
         manifest_(manifest),
         hosts_(hosts),
         redactor_(redactor),
         secrets_(secrets),
         values_(values),
         now_(now) {}

   void add(const msp_finding* finding);
   void add(const msp_grant* grant);
   void add(const msp_identity* identity);
   void add(const msp_session* session);
   void add_signature(const msp_pair* pair, bool in_query);

   // The plugin broke a rule in another way than by a report: `what` completes "The plugin ...".
   void add_defect(std::string_view rule, std::string_view what, Severity severity = Severity::error);

   // The plugin asked for a field that its manifest does not name, or by the wrong kind (rule P22). A refusal that
   // follows is not the platform's word on the credentials.
   void add_wrong_question(std::string_view what);

   // A word of the plugin's own that no manifest knows, for a sentence of the host: redacted, then cut.
   [[nodiscard]] std::string quoted(std::string_view word) const;

   // A finding of the host's own, for which the plugin is not blamed. An error makes an accepted operation fail.
   void note(Finding finding) { noted_.push_back(std::move(finding)); }

   // A text of the plugin as it may be shown. The plugin hands it over whole, however long the platform's part is; this
   // is where it is shortened, after the secrets were taken out.
   std::string shown(const char* text, std::size_t longest = kLongestText,
                     Redactor::End end = Redactor::End::may_be_cut);

   // Judges the whole: outcome and reports must fit each other. `interruption`, when there was one, explains an
   // operation that ended without an answer; an answer stands even if it came while the host was no longer waiting.
   // `unanswered` is why a request came to nothing: it is told where the plugin does not say why it ends.
   // Leaves this empty.
   OperationReport finish(msp_outcome outcome, std::optional<Interruption> interruption = {},
                          std::optional<Finding> unanswered = {});

 private:
   bool belongs_to(Operation operation, std::string_view what);
   // A word of the contract or of the manifest stays as it is, whatever the secret.
   std::string word(const char* text, bool known);
   std::string required(const char* text, std::string_view what, bool& complete,
                        Redactor::End end = Redactor::End::may_be_cut);
   std::string page(const char* url, std::string_view what);
   void reserved(std::uint64_t value, std::string_view what);
   void judge_signature();
   bool take_pairs(const msp_pair* pairs, std::uint32_t count, std::string_view what, Session& session);
   void judge_session(const Session& session);
   std::string typed_account() const;
   void judge_answer();
   void fill_grants(bool accepted);

   const Operation operation_;
   const Manifest& manifest_;
   const AllowedHosts& hosts_;
   const Redactor& redactor_;
   KnownSecrets& secrets_;
   const Values& values_;
   const std::int64_t now_;
   OperationReport report_;
   std::vector<Finding> noted_;
   bool ended_in_secret_ = false;  // a text did: a later one may hold the rest
   bool overflowed_ = false;
   bool asked_wrongly_ = false;
};

}  // namespace msp::host
