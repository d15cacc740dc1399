// connection.hpp - one API user of Autotask at work: who it is, what it may do, and what signs its requests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "answer.hpp"
#include "client.hpp"
#include "entity_information.hpp"
#include "msp/sdk/call.hpp"

namespace autotask {

// The three operations share one sign-in: the zone look-up, then one signed request whose answer often tells all rights
// too. Once Autotask has rejected the credentials, this object never sends them again.
class Connection {
 public:
   explicit Connection(const msp::sdk::Host& host) : client_(host) {}

   msp::sdk::Outcome validate_credentials(msp::sdk::Call& call);
   msp::sdk::Outcome check_permissions(msp::sdk::Call& call);
   msp::sdk::Outcome authenticate(msp::sdk::Call& call);

 private:
   // Why an entity's rights could not be found out.
   struct Gap {
      std::string entity;
      msp::sdk::Outcome outcome;
      msp::sdk::Finding finding;
   };

   msp::sdk::Outcome sign_in(msp::sdk::Call& call);
   msp::sdk::Outcome prove(msp::sdk::Call& call);
   msp::sdk::Outcome end_unanswered(msp::sdk::Call& call, const msp::sdk::Response& response);
   msp::sdk::Outcome refuse(msp::sdk::Call& call, Answer answer, const std::string& asked);

   msp::sdk::Outcome ask(msp::sdk::Call& call, std::vector<std::string> entities, std::vector<Gap>& gaps);
   bool learn(const std::string& entity, const msp::sdk::Response& response, std::vector<Gap>& gaps);
   [[nodiscard]] const EntityInformation* known(const std::string& entity) const;

   Client client_;
   bool signed_in_ = false;
   std::optional<msp::sdk::Finding> rejection_;
   std::vector<EntityInformation> known_;
};

}  // namespace autotask
