// Whatever a client sends to the simulators of sign-ins: forms, headers, signed tokens. The first byte says which.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/aws/sigv4_signature.hpp"
#include "sim/base64.hpp"
#include "sim/digests.hpp"
#include "sim/form.hpp"
#include "sim/oauth/signed_jwt.hpp"

namespace {

using namespace msp::sim;

void require(bool holds) {
   if (!holds) std::abort();
}

void read_as_form(std::string_view text) {
   const Form form(text);
   (void)form.repeats();
   // What is written again is read as the same.
   const Form again(with_query("?", form.pairs()).substr(1));
   for (const auto& [name, value] : form.pairs()) {
      require(html_escaped(value).find_first_of("<>\"'") == std::string::npos);
      if (!value.empty() && percent_encoded(name) == name && !name.empty()) require(again.has(name));
   }
   (void)words(text);
}

void read_as_header(std::string_view text) {
   (void)read_mail_time(text);
   (void)read_compact_time(text);
   Request request;
   request.method = "GET";
   request.path = text;
   request.query = text;
   request.headers = {{"Host", "sts.amazonaws.com"}, {"X-Amz-Date", std::string(text)}};
   if (const auto credential = aws::read_credential(text))
      require(aws::signature_of(request, *credential, "secret").size() == 64);
}

void read_as_token(std::string_view text) {
   if (const auto bytes = base64url_decoded(text))
      require(base64url_decoded(base64url(*bytes)) == bytes || bytes->empty());
   const auto token = oauth::SignedJwt::read(text);
   if (token) require(!token->is_signed_by({}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
   if (size == 0) return 0;
   const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
   if (data[0] == 'f') read_as_form(text);
   if (data[0] == 'h') read_as_header(text);
   if (data[0] == 't') read_as_token(text);
   return 0;
}
