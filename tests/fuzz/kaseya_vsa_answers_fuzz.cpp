// Whatever VSA, or something in its place, answers or somebody pastes: the readers neither crash nor let it out of
// place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "access_token.hpp"
#include "answer.hpp"
#include "msp/sdk/text.hpp"
#include "open_session.hpp"
#include "refusal.hpp"
#include "rights.hpp"
#include "server_address.hpp"

namespace {

void require(bool condition) {
   if (!condition) std::abort();
}

// What is sent to an address must be sent to that address: no user, no path, no line break in it.
void read_as_settings(std::string_view typed) {
   if (const auto server = kaseya_vsa::read_server_address(typed)) {
      require(!server->authority.empty() && server->authority.find_first_of("/?#@\\ ") == std::string::npos);
      require(!msp::sdk::has_control_character(server->authority));
      const auto again = kaseya_vsa::read_server_address(server->base_url());
      require(again && again->authority == server->authority);
   }
   require(kaseya_vsa::read_access_token(typed).text.size() <= typed.size());
}

void read_as_answer(int status, std::string_view body) {
   const auto answer = kaseya_vsa::read_answer(status, body);
   // Texts are handed over whole. A number may be written out longer than it came.
   const std::size_t longest = body.size() * 32 + 200;
   require(answer.says.size() <= longest);
   (void)kaseya_vsa::explain(answer, "the fuzzer").table();
   (void)kaseya_vsa::refusal_of_server(answer, {"vsa.example.com"});
   const auto refusal = kaseya_vsa::refusal_of_sign_in(answer, kaseya_vsa::Method::token);
   require(refusal.outcome != msp::sdk::Outcome::accepted);

   if (const auto session = kaseya_vsa::read_open_session(answer.result(), 1'700'000'000)) {
      require(!session->token.empty() && !msp::sdk::has_control_character(session->token.view()));
      require(session->expires_at > 1'700'000'000);
      (void)session->identity({"vsa.example.com"}, "user");
   }

   const auto probe = kaseya_vsa::security_products_probe(answer);
   if (probe) require(probe->path.find("..") == std::string::npos && probe->path.size() < 120);
   (void)kaseya_vsa::service_desks_probe(answer);
   const auto right =
       kaseya_vsa::read_right(kaseya_vsa::first_probes().front(), answer, kaseya_vsa::version_of(answer));
   require(right.evidence.size() <= longest);
   require(right.granted != msp::sdk::Granted::all || answer.result().is_array());
   require(right.outcome == msp::sdk::Outcome::accepted || right.finding);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
   const std::string_view text(reinterpret_cast<const char*>(data), size);
   read_as_settings(text);
   for (const int status : {200, 204, 302, 401, 403, 404, 500}) read_as_answer(status, text);
   return 0;
}
