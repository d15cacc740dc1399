// msp/host/kept_secrets.hpp - the secrets that a plugin keeps with an integration, and whose turn it is to use them.
//
// A vendor implements it on its own database, so that several processes or machines share integrations. A refresh token
// that changes at each use is spent twice as soon as two of them sign in at once; so whoever works with one takes the
// turn first, and reads what is kept only then.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "msp/host/result.hpp"
#include "msp/host/secret.hpp"

namespace msp::host {

// Those of one integration. [any-thread]
class KeptSecrets {
 public:
   using Clock = std::chrono::steady_clock;
   using Values = std::map<std::string, SecretBytes, std::less<>>;  // by field

   // The turn, given back when this goes, also when the process that has it ends in any way. One thread at a time.
   class Turn {
    public:
      Turn() = default;
      Turn(const Turn&) = delete;
      Turn& operator=(const Turn&) = delete;
      virtual ~Turn() = default;

      // What is kept now.
      virtual Result<Values> read() = 0;

      // Keeps a value in place of the one before; an empty one is forgotten. So is what was kept under a name that the
      // field had in an earlier version of the plugin (Field::was). Without a finding, it lasts: a crash of this
      // process or of the machine right after does not undo it.
      virtual Result<void> keep(const std::string& field, const SecretBytes& value) = 0;
   };

   KeptSecrets() = default;
   KeptSecrets(const KeptSecrets&) = delete;
   KeptSecrets& operator=(const KeptSecrets&) = delete;
   virtual ~KeptSecrets() = default;

   // Waits for the turn. At no time have two of all that share the integration got it. The finding says why there is
   // none: "host.deadline", "host.cancelled", or what is wrong with the store.
   virtual Result<std::unique_ptr<Turn>> take_turn(Clock::time_point deadline, const std::stop_token& cancel) = 0;
};

}  // namespace msp::host
