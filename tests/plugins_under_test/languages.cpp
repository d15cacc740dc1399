// languages.cpp - a form and sentences in several languages. The manifest has the texts of the form; the plugin's own
// sentences follow the language of the call.
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr char kApi[] = "https://lexicon.example.com/api/";

Finding wrong_key(std::string_view language) {
   if (language == "de")
      return Finding::error("auth.rejected", "Example Lexicon nimmt diesen Schlüssel nicht an.",
                            "Legen Sie unter Einstellungen, API, einen neuen an.");
   return Finding::error("auth.rejected", "Example Lexicon does not accept this key.",
                         "Make a new one under Settings, API.");
}

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      const Response answer = ask(call);
      if (answer.status() == 401) return call.end(Outcome::refused, wrong_key(call.language()).field("api_key"));
      const auto owner = Json::parse(answer.body());
      const auto account = owner ? (*owner)["account"].text() : std::nullopt;
      if (!account) return end_at_unusable(call, answer, "Example Lexicon", "the question whose key it is");
      call.report(Identity{std::string(*account), "", "console", kApi});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      const Response answer = ask(call);
      const auto owner = Json::parse(answer.body());
      if (!owner) return end_at_unusable(call, answer, "Example Lexicon", "the question for rights");
      const bool may = (*owner)["may"].text().value_or("") == "words";
      call.report(Grant{"words.read", may ? Granted::all : Granted::none, How::introspected, ""});
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      Session session;
      session.base_url = kApi;
      session.headers.emplace_back("X-Api-Key", Secret(call.secret("api_key")));
      call.report(session);
      return Outcome::accepted;
   }

 private:
   Response ask(Call& call) {
      return http_.send(call, Request("GET", std::string(kApi) + "me").header("X-Api-Key", call.secret("api_key")));
   }

   Http http_;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
