#include "cli/terminal_browser.hpp"

#include <algorithm>
#include <iostream>
#include <string>

#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "web/sign_in_returns.hpp"

namespace msp::console {
namespace {

// How soon what somebody pasted is noticed.
constexpr std::chrono::milliseconds kGlance{100};

// Listens on this machine's loopback (RFC 8252, section 7.3) from the moment that the platform is told the address.
class TerminalBrowser : public host::Browser {
 public:
   explicit TerminalBrowser(Context& context) : context_(context) {}

   host::Result<std::string> redirect_uri() override {
      if (!server_) {
         HttpServerOptions options;
         options.port = context_.options.sign_in_port;
         auto opened = HttpServer::open(options);
         if (!opened) return opened.finding();
         server_ = std::move(opened).value();
         server_->serve([this](HttpRequest request) {
            if (request.path.rfind(SignInReturns::kPath, 0) == 0) return returns_.answer(std::move(request));
            return HttpResponse{404, {}, {}};
         });
      }
      return "http://127.0.0.1:" + std::to_string(server_->port()) + std::string(SignInReturns::kPath);
   }

   std::optional<host::SecretBytes> wait_for_return(const Visit& visit, Clock::time_point deadline,
                                                    const std::stop_token& cancel) override {
      SignInReturns::Expected expected(returns_, visit.state);
      say("Sign in at " + visit.host + ": open this address in a browser.\n\n  " + visit.url +
          "\n\nThis command goes on by itself when you have signed in. If the browser runs on another machine, paste\n"
          "here the address that it ends at, and press Enter.\n");
      while (!cancel.stop_requested() && Clock::now() < deadline) {
         if (auto query = expected.wait(std::min(deadline, Clock::now() + kGlance), cancel)) return query;
         take_pasted(visit);
      }
      return std::nullopt;
   }

   void show_code(const Visit& visit) override {
      say("Sign in at " + visit.host + ": open this address in any browser, and enter the code there.\n\n  Address  " +
          visit.url + "\n  Code     " + visit.user_code + "\n");
   }

 private:
   static void say(const std::string& text) { print(Stream::error, '\n' + text + '\n'); }

   void take_pasted(const Visit& visit) {
      std::string line;
      if (!input_waits() || !std::getline(std::cin, line)) return;
      pasted_ = host::SecretBytes::take(line);
      if (pasted_.empty() || returns_.deliver_address(pasted_.view())) return;
      say("That is not the address that the sign-in at " + visit.host +
          " ends at. Copy the whole address of the window in which you\nsigned in, when it can go no further.");
   }

   Context& context_;
   SignInReturns returns_;
   host::SecretBytes pasted_;
   std::unique_ptr<HttpServer> server_;  // goes first: its requests use what is above
};

}  // namespace

std::shared_ptr<host::Browser> terminal_browser(Context& context) {
   return context.secrets.may_prompt() ? std::make_shared<TerminalBrowser>(context) : nullptr;
}

}  // namespace msp::console
