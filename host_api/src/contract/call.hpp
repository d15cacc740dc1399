// call.hpp - one operation as the plugin sees it: the msp_call and all that it hands out.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/private_key.hpp"
#include "contract/allowed_hosts.hpp"
#include "contract/call_browser.hpp"
#include "contract/call_http.hpp"
#include "contract/loaded_plugin.hpp"
#include "contract/reports.hpp"
#include "msp/call.h"
#include "msp/host/settings.hpp"
#include "msp/keep.h"
#include "msp/sign.h"
#include "msp/signer.h"
#include "redaction/known_secrets.hpp"

namespace msp::host {

// Two ends that need not come together: close() when the host stops listening, end() when the plugin has returned.
// After both it is inert but still valid memory, because a plugin may have kept the pointer. [any-thread]
class Call {
 public:
   using Clock = HttpService::Clock;

   struct Terms {
      Operation operation;
      Clock::time_point deadline;
      std::stop_token cancel;
      std::function<void(const std::string&)> on_progress;
      std::uint32_t flags = 0;  // MSP_CALL_...
      std::int64_t now = 0;     // seconds since 1970-01-01T00:00Z
      std::shared_ptr<Browser> browser = nullptr;
      std::chrono::milliseconds person_timeout = kPersonTimeout;
      std::function<Result<void>(const std::string&, SecretBytes)> keep = nullptr;
      std::shared_ptr<const RequestToSign> to_sign = nullptr;
      std::string language = "en";  // of the plugin's sentences
   };

   // REQUIRES: the references outlive this.
   Call(LoadedPlugin& plugin, const CheckedSettings& settings, const AllowedHosts& hosts, KnownSecrets& secrets,
        HttpSend send, Terms terms);
   Call(const Call&) = delete;
   Call& operator=(const Call&) = delete;

   [[nodiscard]] const msp_call* table() const noexcept { return &table_; }

   // What is to be signed; null but in `sign`.
   [[nodiscard]] const msp_signing* signing() const noexcept { return signing_ ? &signing_->table : nullptr; }

   // When the operation has to be at its end: later, once a person was asked. [any-thread]
   [[nodiscard]] Clock::time_point deadline() const noexcept { return deadline_; }

   // A finding of the host's own among those of the plugin.
   void note(Finding finding);

   // What was reported so far, judged. Later reports are ignored.
   OperationReport close(msp_outcome outcome, std::optional<Interruption> interruption = {});

   // The plugin has returned: wipes every value and answer that was handed out.
   void end() noexcept;

   // msp.http/1 for this call.
   void send(const msp_http_request* requests, std::uint32_t count, const msp_http_response** responses) noexcept;

   // msp.browser/1, msp.keep/1 and msp.sign/1, likewise.
   const char* redirect_uri() noexcept;
   const msp_visited* visit(const msp_visit* visit) noexcept;
   msp_result keep_secret(const char* field_id, const char* value) noexcept;
   msp_result sign(const char* field_id, std::int32_t algorithm, std::span<const std::byte> data,
                   std::vector<std::uint8_t>& signature) noexcept;
   msp_result thumbprint(const char* field_id, std::vector<std::uint8_t>& digest) noexcept;

   struct Table;  // the functions of the tables

 private:
   const char* value(const char* field_id, bool secret) noexcept;
   template <class Report>
   void report(const Report* report) noexcept;
   void progress(const char* sentence) noexcept;
   [[nodiscard]] std::uint32_t remaining_ms() const noexcept;
   [[nodiscard]] std::uint32_t wait(std::uint32_t ms) const noexcept;
   void add_signature(const msp_pair* pair, bool in_query) noexcept;
   bool refuses_while_signing(std::string_view what);
   void note_late_use() noexcept;
   void note_wrong_question(std::string_view what);
   const SecretBytes* signing_key(const char* field_id);
   msp_result no_signature(const char* field_id, SigningFault fault);

   struct Signing {
      std::vector<msp_pair> headers;
      msp_http_request request;
      msp_signing table;
   };
   [[nodiscard]] std::unique_ptr<const Signing> make_signing() const;

   LoadedPlugin& plugin_;
   const Terms terms_;
   msp_call table_;
   std::atomic<bool> ended_{false};
   std::atomic<bool> late_use_noted_{false};
   std::mutex mutex_;
   bool open_ = true;
   Reports reports_;
   std::map<std::string, std::string, std::less<>> values_;
   std::map<std::string, SecretBytes, std::less<>> secrets_;  // they wipe themselves, also when no thread starts
   std::vector<SecretBytes> replaced_;                        // by what the plugin kept; it may still hold pointers
   KnownSecrets& known_;
   CallHttp http_;
   CallBrowser browser_;
   std::atomic<Clock::time_point> deadline_;
   Clock::duration person_left_;
   const std::unique_ptr<const Signing> signing_;
};

// The tables of the services that go through a call, the same for all calls. [any-thread]
const msp_browser& browser_table() noexcept;
const msp_http& http_table() noexcept;
const msp_keep& keep_table() noexcept;
const msp_sign& sign_table() noexcept;

}  // namespace msp::host
