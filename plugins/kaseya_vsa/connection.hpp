// connection.hpp - one user of one VSA server at work: signing in, asking what the user may do, and the session.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "credentials.hpp"
#include "msp/sdk/call.hpp"
#include "msp/sdk/digest.hpp"
#include "msp/sdk/http.hpp"
#include "open_session.hpp"
#include "refusal.hpp"
#include "rights.hpp"
#include "server_address.hpp"

namespace kaseya_vsa {

// The three operations share one sign-in. A session that the server drops early is opened again once per operation,
// with the credentials that it accepted before. Once VSA has refused them, this object never sends them again.
class Connection {
 public:
   explicit Connection(const msp::sdk::Host& host) : http_(host), digest_(host) {}

   msp::sdk::Outcome validate_credentials(msp::sdk::Call& call);
   msp::sdk::Outcome check_permissions(msp::sdk::Call& call);
   msp::sdk::Outcome authenticate(msp::sdk::Call& call);

 private:
   msp::sdk::Outcome sign_in(msp::sdk::Call& call);
   msp::sdk::Outcome find_server(msp::sdk::Call& call);
   msp::sdk::Outcome open_session(msp::sdk::Call& call);
   [[nodiscard]] msp::sdk::Secret authorization(const msp::sdk::Call& call) const;

   // Requests under the session, at once; what may pass alone is asked again. Once the time is over, no later
   // round is sent: its answers stay `not_asked`.
   using Answers = std::map<std::string, Answer>;
   msp::sdk::Outcome ask(msp::sdk::Call& call, const std::vector<std::string>& paths, Answers& answers);
   void get(msp::sdk::Call& call, const std::vector<std::string>& paths, Answers& answers) const;

   msp::sdk::Outcome probe(msp::sdk::Call& call, std::map<std::string, Right>& rights);

   msp::sdk::Http http_;
   msp::sdk::Digest digest_;
   std::optional<ServerAddress> server_;  // once it is known to be a VSA
   std::optional<OpenSession> session_;
   std::optional<msp::sdk::Finding> refusal_;
   bool handed_out_ = false;  // the session is in use outside
   bool renewed_ = false;     // within this operation
};

}  // namespace kaseya_vsa
