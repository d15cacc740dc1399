// call_browser.hpp - msp.browser/1 for one call: each visit is checked against the contract and the allow-list, gets
// its state, and is handed to the console.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "contract/call_http.hpp"
#include "msp/browser.h"
#include "msp/host/browser.hpp"

namespace msp::host {

// What the visits of one call gave lives here until it ends. One thread at a time.
class CallBrowser {
 public:
   // REQUIRES: the references outlive this. `browser` is null where nobody can be asked.
   CallBrowser(const Manifest& manifest, CallHttp& http, KnownSecrets& secrets, std::shared_ptr<Browser> browser);
   ~CallBrowser();

   [[nodiscard]] const char* redirect_uri();

   // Waits no longer than until `deadline`. `visit` is checked as far as its size tells.
   const msp_visited* visit(const msp_visit* visit, Browser::Clock::time_point deadline, const std::stop_token& cancel);

   // Wipes what came back. The structs stay, for a plugin that kept a pointer.
   void clear() noexcept;

 private:
   struct Visited;
   const msp_visited* keep(msp_outcome outcome, SecretBytes query, Finding problem = {});
   Result<Browser::Visit> admit(const msp_visit* visit);
   SecretBytes take_in(std::string_view query, const std::string& state);

   const Manifest& manifest_;
   CallHttp& http_;
   KnownSecrets& secrets_;
   const std::shared_ptr<Browser> browser_;
   std::optional<std::string> redirect_uri_;
   std::vector<std::unique_ptr<Visited>> visited_;
};

}  // namespace msp::host
