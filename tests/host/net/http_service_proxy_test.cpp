// Between the service and the server stands a proxy, or shall none.
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <optional>
#include <thread>

#include "blackhole.hpp"
#include "http_service_scene.hpp"

namespace msp::host {
namespace {

using namespace test;

// A proxy that answers one CONNECT with the text it is given and hangs up.
class ScriptedProxy {
 public:
   explicit ScriptedProxy(std::string answer) : answer_(std::move(answer)), thread_([this] { serve(); }) {}
   // REQUIRES: somebody came.
   ~ScriptedProxy() { thread_.join(); }
   ScriptedProxy(const ScriptedProxy&) = delete;
   ScriptedProxy& operator=(const ScriptedProxy&) = delete;

   [[nodiscard]] std::string address(const std::string& user = "") const {
      return "http://" + user + "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
   }

 private:
   using Tcp = boost::asio::ip::tcp;

   void serve() {
      boost::system::error_code failed;
      Tcp::socket client = acceptor_.accept();
      std::string request;
      boost::asio::read_until(client, boost::asio::dynamic_buffer(request), "\r\n\r\n", failed);
      boost::asio::write(client, boost::asio::buffer(answer_), failed);
      client.shutdown(Tcp::socket::shutdown_send, failed);
      while (!failed) boost::asio::read(client, boost::asio::dynamic_buffer(request), failed);
   }

   const std::string answer_;
   boost::asio::io_context wire_;
   Tcp::acceptor acceptor_{wire_, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
   std::thread thread_;
};

// A variable of the environment, for as long as it lives.
class Variable {
 public:
   Variable(const char* name, const std::string& value) : name_(name) {
      if (const char* before = std::getenv(name)) before_ = before;
      setenv(name, value.c_str(), 1);
   }
   ~Variable() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }
   Variable(const Variable&) = delete;
   Variable& operator=(const Variable&) = delete;

 private:
   const char* name_;
   std::optional<std::string> before_;
};

TEST(HttpServiceProxy, an_empty_option_means_none_whatever_the_environment_says) {
   const Blackhole nobody(Blackhole::Kind::refusing);
   for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
      SCOPED_TRACE(name);
      const Variable variable(name, "http://127.0.0.1:" + std::to_string(nobody.port()));
      Platform platform;
      {
         HttpService service(platform.options);
         EXPECT_EQ(perform(service, get()).problem.code, "net.proxy");
      }
      platform.options.proxy = "";
      HttpService service(platform.options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(response.outcome, Outcome::accepted) << response.problem.summary;
   }
}

TEST(HttpServiceProxy, a_proxy_that_is_not_needed_takes_no_blame) {
   const Blackhole nobody(Blackhole::Kind::refusing);
   const std::string address = "127.0.0.1:" + std::to_string(nobody.port());
   const Variable variable("https_proxy", "http://" + address);
   NetworkOptions options;
   options.proxy = "";
   options.connect_to = {std::string(kHost) + ":443:" + address};
   HttpService service(options);
   EXPECT_EQ(perform(service, get()).problem.code, "net.connect");
}

TEST(HttpServiceProxy, says_why_the_proxy_did_not_let_it_pass) {
   const std::string no = "HTTP/1.1 407 No\r\nContent-Length: 0\r\n";
   struct {
      const char* name;
      std::string user, answer, words;
   } const cases[] = {
       {"no credentials given", "", no + "Proxy-Authenticate: Basic realm=\"p\"\r\n\r\n",
        "asks for a user name and password (407), and none were given"},
       {"no credentials given, nothing said", "", no + "\r\n",
        "asks for a user name and password (407), and none were given"},
       {"not accepted", "jane:wrong@", no + "Proxy-Authenticate: Basic realm=\"p\"\r\n\r\n",
        "did not accept the user name and password"},
       {"not accepted, more than one kind offered", "jane:wrong@",
        no + "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=\"p\"\r\n\r\n",
        "did not accept the user name and password"},
       {"NTLM alone", "jane:right@", no + "Proxy-Authenticate: NTLM\r\n\r\n",
        "of a kind that is not spoken here (407): it offers NTLM, and only Basic is spoken"},
       {"two kinds, and no credentials", "", no + "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n",
        "it offers NTLM and Negotiate,"},
       {"Digest alone", "jane:right@", no + "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\"\r\n\r\n",
        "it offers Digest, and only Basic is spoken"},
       {"Kerberos alone", "jane:right@", no + "Proxy-Authenticate: Kerberos\r\n\r\n",
        "of a kind that is not spoken here (407): it offers Kerberos, and only Basic is spoken"},
       {"two that nobody knows, and no credentials", "",
        no + "Proxy-Authenticate: Kerberos\r\nProxy-Authenticate: X-Corp token=\"t\"\r\n"
             "Proxy-Authenticate: kerberos\r\n\r\n",
        "it offers Kerberos and X-Corp, and only Basic is spoken"},
       {"one known, one not", "", no + "Proxy-Authenticate: Kerberos\r\nProxy-Authenticate: NTLM\r\n\r\n",
        "it offers NTLM and Kerberos, and"},
       {"an unknown kind beside Basic", "jane:wrong@",
        no + "Proxy-Authenticate: Kerberos\r\nProxy-Authenticate: Basic realm=\"p\"\r\n\r\n",
        "did not accept the user name and password"},
       {"something that is no kind", "", no + "Proxy-Authenticate: =?%\r\n\r\n",
        "asks for a user name and password (407), and none were given"},
       {"forbidden", "jane:right@", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "HTTP 403"},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      const ScriptedProxy proxy(c.answer);
      NetworkOptions options;
      options.proxy = proxy.address(c.user);
      HttpService service(options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(response.outcome, Outcome::unreachable);
      EXPECT_EQ(response.problem.code, "net.proxy");
      EXPECT_NE(response.problem.summary.find(c.words), std::string::npos) << response.problem.summary;
      EXPECT_EQ((response.problem.summary + response.problem.remedy).find("jane"), std::string::npos);
   }
}

}  // namespace
}  // namespace msp::host
