// msp/sdk/finding.hpp - something the administrator should know: what happened, and what to do next.
#pragma once

#include <string>
#include <utility>

#include "msp/call.h"

namespace msp::sdk {

// Built in one expression and reported with Call::report:
//    Finding::error("auth.expired", "The token has expired.", "Create a new token ...").field("token").http_status(401)
// No text may hold a secret.
class Finding {
 public:
   // Why the outcome is not `accepted`. An error without a remedy does not compile.
   static Finding error(std::string code, std::string summary, std::string remedy) {
      Finding finding(MSP_ERROR, std::move(code), std::move(summary));
      finding.remedy_ = std::move(remedy);
      return finding;
   }
   static Finding warning(std::string code, std::string summary) {
      return Finding(MSP_WARNING, std::move(code), std::move(summary));
   }
   static Finding info(std::string code, std::string summary) {
      return Finding(MSP_INFO, std::move(code), std::move(summary));
   }

   // A copy of a finding of the host's, for example of a request that got no answer.
   explicit Finding(const msp_finding& table)
       : severity_(table.severity),
         code_(copy(table.code)),
         summary_(copy(table.summary)),
         remedy_(copy(table.remedy)),
         field_(copy(table.field)),
         doc_url_(copy(table.doc_url)),
         http_status_(table.http_status),
         retry_after_s_(table.retry_after_s) {}

   // What else is known. The field is an id of the manifest; a status or delay of 0 means "not given".
   Finding&& field(std::string id) && { return field_ = std::move(id), std::move(*this); }
   Finding&& remedy(std::string sentence) && { return remedy_ = std::move(sentence), std::move(*this); }
   Finding&& doc_url(std::string url) && { return doc_url_ = std::move(url), std::move(*this); }
   Finding&& http_status(int status) && { return http_status_ = status, std::move(*this); }
   Finding&& retry_after(int seconds) && { return retry_after_s_ = seconds, std::move(*this); }

   // The same finding where it does not decide the outcome.
   Finding&& as_warning() && { return severity_ = MSP_WARNING, std::move(*this); }

   [[nodiscard]] const std::string& code() const noexcept { return code_; }

   // As the contract has it; points into this object.
   [[nodiscard]] msp_finding table() const noexcept {
      const auto given = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
      msp_finding table{};
      table.struct_size = sizeof(table);
      table.severity = severity_;
      table.code = code_.c_str();
      table.field = given(field_);
      table.summary = summary_.c_str();
      table.remedy = given(remedy_);
      table.doc_url = given(doc_url_);
      table.http_status = http_status_;
      table.retry_after_s = retry_after_s_;
      return table;
   }

 private:
   Finding(int severity, std::string code, std::string summary)
       : severity_(severity), code_(std::move(code)), summary_(std::move(summary)) {}

   static std::string copy(const char* text) { return text == nullptr ? std::string() : std::string(text); }

   int severity_;
   std::string code_;
   std::string summary_;
   std::string remedy_;
   std::string field_;
   std::string doc_url_;
   int http_status_ = 0;
   int retry_after_s_ = 0;
};

}  // namespace msp::sdk
