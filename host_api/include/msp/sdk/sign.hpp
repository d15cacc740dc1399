// msp/sdk/sign.hpp - signatures by the host, with a private key that a field holds, over "msp.sign/1".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "msp/sdk/call.hpp"
#include "msp/sdk/host.hpp"
#include "msp/sdk/jwt.hpp"
#include "msp/sdk/secret.hpp"
#include "msp/sign.h"

namespace msp::sdk {

enum class SignatureAlgorithm { rs256 = MSP_RS256, ps256 = MSP_PS256, es256 = MSP_ES256, eddsa = MSP_EDDSA };

// [call-thread]
class Sign {
 public:
   // Throws Incompatible when the host has no such service: name msp.sign/1 under "requires".
   explicit Sign(const Host& host) : host_(host), service_(&host.service<msp_sign>(MSP_SIGN_SERVICE)) {}

   // The signature by the key of a field that the manifest marks "signs". Nothing: end with Outcome::invalid_settings;
   // when the field holds no key the host says so, and `wrong_kind` when it is one that the algorithm cannot use.
   [[nodiscard]] std::optional<std::string> sign(Call& call, const char* field_id, SignatureAlgorithm algorithm,
                                                 std::string_view data, bool* wrong_kind = nullptr) const {
      std::array<std::uint8_t, MSP_SIGNATURE_MAX> out{};
      std::uint64_t size = 0;
      const msp_result result =
          service_->sign(host_.table(), call.table(), field_id, static_cast<std::int32_t>(algorithm), data.data(),
                         data.size(), out.data(), out.size(), &size);
      if (wrong_kind != nullptr) *wrong_kind = result == MSP_UNSUPPORTED;
      if (result != MSP_DONE) return std::nullopt;
      return std::string(reinterpret_cast<const char*>(out.data()), static_cast<std::size_t>(size));
   }

   // The token (RFC 7515): header and claims, signed. The header must name the algorithm.
   [[nodiscard]] std::optional<Secret> jwt(Call& call, const char* field_id, SignatureAlgorithm algorithm,
                                           std::string_view header, std::string_view claims,
                                           bool* wrong_kind = nullptr) const {
      const std::string to_sign = jwt_to_sign(header, claims);
      const auto signature = sign(call, field_id, algorithm, to_sign, wrong_kind);
      if (!signature) return std::nullopt;
      return sdk::jwt(to_sign, *signature);
   }

   // SHA-256 of the certificate beside the key, in base64url: "x5t#S256". Nothing: the host says why.
   [[nodiscard]] std::optional<std::string> thumbprint(Call& call, const char* field_id) const {
      std::array<std::uint8_t, MSP_THUMBPRINT_SIZE> out{};
      if (service_->thumbprint(host_.table(), call.table(), field_id, out.data(), out.size()) != MSP_DONE)
         return std::nullopt;
      return base64url({reinterpret_cast<const char*>(out.data()), out.size()});
   }

 private:
   Host host_;
   const msp_sign* service_;
};

}  // namespace msp::sdk
