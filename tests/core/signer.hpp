// signer.hpp - signs plugins as their publisher does, with a key of its own.
#pragma once

#include <sodium.h>

#include <array>
#include <string>

#include "core/publisher.hpp"

namespace msp::console::test {

class Signer {
 public:
   Signer() { crypto_sign_keypair(public_.data(), secret_.data()); }

   [[nodiscard]] std::string sign(std::string plugin) const {
      plugin += kSignatureMark;
      plugin.append(reinterpret_cast<const char*>(public_.data()), public_.size());
      std::array<unsigned char, crypto_sign_BYTES> signature{};
      crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(plugin.data()),
                           plugin.size(), secret_.data());
      plugin.append(reinterpret_cast<const char*>(signature.data()), signature.size());
      return plugin;
   }

 private:
   std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_{};
   std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_{};
};

}  // namespace msp::console::test
