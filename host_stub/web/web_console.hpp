// web_console.hpp - the page and its API behind one handler: who may ask, what is asked, and with which headers it is
// answered.
#pragma once

#include "web/access.hpp"
#include "web/api.hpp"
#include "web/http_server.hpp"
#include "web/sign_in_returns.hpp"

namespace msp::console {

class WebConsole {
 public:
   // `link_used` is told when somebody has opened the page with a link, so that a new one can be shown.
   WebConsole(Access& access, Api& api, SignInReturns& returns, std::function<void()> link_used);

   // Never throws. [any-thread]
   HttpResponse answer(HttpRequest request);

 private:
   HttpResponse route(HttpRequest request);
   HttpResponse session(HttpRequest request);

   Access& access_;
   Api& api_;
   SignInReturns& returns_;
   std::function<void()> link_used_;
};

}  // namespace msp::console
