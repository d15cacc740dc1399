// msp/host/operation.hpp - what a plugin is asked to do with one set of credentials, and what it reported.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/host/browser.hpp"
#include "msp/host/finding.hpp"
#include "msp/host/outcome.hpp"
#include "msp/host/result.hpp"
#include "msp/host/secret.hpp"
#include "msp/host/session.hpp"

namespace msp::host {

// What a person who signs in is given in all, besides the time of the operation.
inline constexpr std::chrono::minutes kPersonTimeout{15};

// The three functions of a plugin that ask the platform something, in the order of a check; `sign`, which asks nobody;
// and `sign_out`, which tells the platform that a sign-in is over.
enum class Operation { validate_credentials, check_permissions, authenticate, sign, sign_out };
std::string_view name(Operation operation) noexcept;

// A request that the plugin signs, as it is sent but for what the host alone sets.
struct RequestToSign {
   std::string session;  // the name of its session, empty for the main one
   std::string method;
   std::string url;
   std::vector<std::pair<std::string, SecretBytes>> headers;
   SecretBytes body;
};

// What signs it.
struct RequestSignature {
   std::vector<std::pair<std::string, SecretBytes>> headers;
   std::vector<std::pair<std::string, SecretBytes>> query;  // unescaped
};

// One request that was sent, for whoever wants to see what a plugin asked. It has no header, no query, no body, and
// known secrets are taken out of it.
struct SentRequest {
   std::string method;
   std::string host;  // with its port, unless that is 443
   std::string path;
   int status = 0;       // of the answer; 0: there was none
   std::string problem;  // the code of the finding that says why there was none
   std::chrono::milliseconds elapsed{0};
};

inline constexpr std::size_t kMostTraced = 200;  // of one operation

// What one operation reported, checked against the contract, made valid UTF-8 and redacted.
struct OperationReport {
   Outcome outcome = Outcome::failed;
   std::vector<Finding> findings;
   std::vector<Grant> grants;
   bool answered = false;  // of check_permissions: every permission that is asked for has its grant
   std::optional<Identity> identity;
   std::optional<Session> session;           // the main one
   std::vector<Session> further_sessions{};  // those that have a name
   RequestSignature signature{};             // of sign
   std::chrono::milliseconds elapsed{0};
   std::chrono::milliseconds waited_for_person{0};  // of `elapsed`: beyond the timeout, for somebody who signed in
   // Where OperationOptions::trace asks for them: in the order of the answers, the first kMostTraced.
   std::vector<SentRequest> requests{};
};

struct OperationOptions {
   std::chrono::milliseconds timeout{30'000};
   std::stop_token cancel;
   std::function<void(const std::string& sentence)> on_progress;  // called on the operation's thread
   std::string correlation_id;                                    // in every log line of the operation
   bool attended = false;                                         // a person waits and may be asked something
   bool trace = false;                                            // the report tells each request
   bool session_rejected = false;               // the platform rejected the session that was reported last
   std::int64_t now = 0;                        // seconds since 1970-01-01T00:00Z; 0: by the system's clock
   std::shared_ptr<Browser> browser = nullptr;  // null: nobody can sign in
   std::chrono::milliseconds person_timeout = kPersonTimeout;
   std::shared_ptr<const RequestToSign> to_sign = nullptr;  // of sign
   std::string language = {};  // one of the manifest's, for the plugin's sentences; empty: the manifest's own
   // Makes durable what the plugin keeps. Null: the connection alone knows it.
   std::function<Result<void>(const std::string& field, const SecretBytes& value)> keep = nullptr;
};

}  // namespace msp::host
