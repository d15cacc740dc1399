// A refusal that was said is delivered whatever becomes of its rest, and other answers that broke are told as the
// platform's.
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>

#include "broken_refusals.hpp"
#include "http_service_scene.hpp"
#include "raw_http2_server.hpp"

namespace msp::host {
namespace {

using namespace test;

TEST(HttpService, delivers_a_refusal_whatever_becomes_of_its_rest) {
   for (const auto& c : msp::test::broken_refusals())
      for (const int status : {401, 403}) {
         SCOPED_TRACE(std::string(c.name) + ", " + std::to_string(status));
         Platform platform([&](const Request&) { return c.reply(status); });
         HttpService service(platform.options);
         HttpResponse response = perform(service, get(), c.endless ? 250ms : 20s);
         // However busy the machine is, one of these times is long enough for the status to arrive.
         for (auto limit = 500ms; c.endless && response.outcome == Outcome::timed_out && limit < 10s; limit *= 2)
            response = perform(service, get(), limit);
         EXPECT_EQ(response.outcome, Outcome::accepted) << response.problem.code << ": " << response.problem.summary;
         EXPECT_EQ(response.status, status);
         if (c.traced) {
            EXPECT_EQ(header(response, "x-trace"), "7");
         }
         if (!c.endless) {
            EXPECT_EQ(platform.server.counters().requests, 1U);
         }
      }
}

TEST(HttpService, delivers_a_refusal_over_http2_whatever_becomes_of_its_stream) {
   using namespace http2;
   const std::string cancel("\0\0\0\x08", 4), broken("\0\0\0\x01", 4), none("\0\0\0\0", 4);
   const std::string last_stream_1("\0\0\0\x01", 4), last_stream_0("\0\0\0\0", 4);
   struct {
      const char* name;
      std::string after_the_head;
      bool stays;
   } const cases[] = {
       {"reset: cancel", frame(kReset, kNone, 1, cancel), true},
       {"reset: protocol error", frame(kReset, kNone, 1, broken), true},
       {"reset: no error", frame(kReset, kNone, 1, none), true},
       {"part of the body, then reset", frame(kData, kNone, 1, "no") + frame(kReset, kNone, 1, cancel), true},
       {"going away", frame(kGoAway, kNone, 0, last_stream_1 + broken), false},
       {"connection closed", "", false},
       {"body cut short", frame(kData, kNone, 1, "no"), false},
       {"a frame that breaks the rules", frame(kData, kNone, 0, "no"), false},
       {"going away, without this request", frame(kGoAway, kNone, 0, last_stream_0 + none), false},
       {"going away, and the body all the same",
        frame(kGoAway, kNone, 0, last_stream_1 + none) + frame(kData, kEndStream, 1, "no"), true},
       {"trailers with a capital letter", frame(kHeaders, kEndHeaders | kEndStream, 1, std::string("\0\x01X\x01y", 5)),
        true},
       {"half a frame", frame(kData, kEndStream, 1, "no").substr(0, 7), false},
       {"a second head with a status", frame(kHeaders, kEndHeaders | kEndStream, 1, head("200")), true},
   };
   for (const auto& c : cases)
      for (const int status : {401, 403}) {
         SCOPED_TRACE(std::string(c.name) + ", " + std::to_string(status));
         const sim::CertificateAuthority authority;
         const sim::ScratchDirectory scratch;
         authority.write(scratch.path() / "ca.pem");
         const std::string frames = frame(kHeaders, kEndHeaders, 1, head(std::to_string(status))) + c.after_the_head;
         RawHttp2Server server(authority.issue({std::string(kHost)}), frames, c.stays);
         NetworkOptions options;
         options.ca_file = scratch.path() / "ca.pem";
         options.connect_to = {std::string(kHost) + ":443:127.0.0.1:" + server.port()};
         HttpService service(options);
         const HttpResponse response = perform(service, get());
         EXPECT_EQ(response.outcome, Outcome::accepted) << response.problem.code << ": " << response.problem.summary;
         EXPECT_EQ(response.status, status);
         EXPECT_EQ(server.requests(), 1);
      }
}

// What has no status may be a refusal all the same, so the caller hears that something came.
TEST(HttpService, tells_an_answer_whose_status_is_lost_from_no_answer) {
   for (const auto& c : msp::test::lost_statuses()) {
      SCOPED_TRACE(c.name);
      Platform platform([&](const Request&) { return c.reply(); });
      HttpService service(platform.options);
      HttpResponse response = perform(service, get(), c.endless ? 250ms : 20s);
      // However busy the machine is, one of these times is long enough for the bytes to arrive.
      for (auto limit = 500ms; c.endless && !response.lost && limit < 10s; limit *= 2)
         response = perform(service, get(), limit);
      EXPECT_TRUE(response.lost);
      EXPECT_FALSE(response.not_sent);
      EXPECT_EQ(response.outcome, c.endless ? Outcome::timed_out : Outcome::unavailable);
      EXPECT_EQ(response.problem.code, c.endless ? "host.deadline" : "platform.unexpected_response")
          << response.problem.summary;
      if (!c.endless) {
         EXPECT_EQ(platform.server.counters().requests, 1U);
      }
   }
}

// Who resets a stream has read its request; a connection that goes away or closes says nothing of it.
TEST(HttpService, tells_a_lost_answer_over_http2_from_none) {
   using namespace http2;
   const std::string none("\0\0\0\0", 4), cancel("\0\0\0\x08", 4), broken("\0\0\0\x01", 4);
   const std::string last_stream_1("\0\0\0\x01", 4);
   const int whole = kEndHeaders | kEndStream;
   struct {
      const char* name;
      std::string frames;
      bool stays;
      bool lost = true;
   } const cases[] = {
       {"reset: cancel", frame(kReset, kNone, 1, cancel), true},
       {"reset: protocol error", frame(kReset, kNone, 1, broken), true},
       {"reset: no error", frame(kReset, kNone, 1, none), true},
       {"only hints", frame(kHeaders, kEndHeaders, 1, head("103")), false},
       {"hints, then reset", frame(kHeaders, kEndHeaders, 1, head("103")) + frame(kReset, kNone, 1, cancel), true},
       {"a head without a status", frame(kHeaders, whole, 1, std::string("\0\x01x\x01y", 5)), true},
       {"a status of four digits",
        frame(kHeaders, whole, 1,
              "\x08\x04"
              "4010"),
        true},
       {"a body without a head", frame(kData, kEndStream, 1, "no"), true, false},
       {"going away, without this request", frame(kGoAway, kNone, 0, none + none), false, false},
       {"going away, with this request", frame(kGoAway, kNone, 0, last_stream_1 + none), false, false},
       {"closed", "", false, false},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      const sim::CertificateAuthority authority;
      const sim::ScratchDirectory scratch;
      authority.write(scratch.path() / "ca.pem");
      RawHttp2Server server(authority.issue({std::string(kHost)}), c.frames, c.stays);
      NetworkOptions options;
      options.ca_file = scratch.path() / "ca.pem";
      options.connect_to = {std::string(kHost) + ":443:127.0.0.1:" + server.port()};
      HttpService service(options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(response.lost, c.lost);
      EXPECT_EQ(response.problem.code, c.lost ? "platform.unexpected_response" : "net.reset")
          << response.problem.summary;
      EXPECT_EQ(server.requests(), 1);
   }
}

TEST(HttpService, does_not_call_an_answer_lost_whose_status_is_known_or_that_never_began) {
   Reply reset;
   reset.fault = sim::Fault::reset;
   struct {
      const char* name;
      Reply reply;
      const char* code;
   } const cases[] = {
       {"broken without a word", reset, "net.reset"},
       {"silent", Reply::bytes("", sim::Fault::silent), "host.deadline"},
       {"cut body", Reply::bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), "platform.unexpected_response"},
       {"bad gzip", Reply::bytes("HTTP/1.1 500 No\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
        "platform.unexpected_response"},
       {"body that never comes", Reply::bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", sim::Fault::silent),
        "host.deadline"},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      std::atomic<bool> breaks{false};
      Platform platform([&](const Request&) { return breaks ? c.reply : Reply::json("{}"); });
      HttpService service(platform.options);
      EXPECT_EQ(perform(service, get()).status, 200);  // and whatever came before counts for nothing
      breaks = true;
      const HttpResponse response = perform(service, get(), 1s);
      EXPECT_EQ(response.problem.code, c.code) << response.problem.summary;
      EXPECT_FALSE(response.lost);
   }
}

TEST(HttpService, a_hostile_answer_is_the_platforms_and_never_the_plugins) {
   const std::string end = "Content-Length: 2\r\n\r\n{}";
   struct {
      const char* name;
      std::string answer;
   } const cases[] = {
       {"first line folded", "HTTP/1.1 200 OK\r\n fold: x\r\n" + end},
       {"a status line as a trailer",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nHTTP/1.1 401 No\r\n\r\n"},
       {"status 999", "HTTP/1.1 999 Strange\r\n" + end},
       {"status 600", "HTTP/1.1 600 Strange\r\n" + end},
       {"status 099", "HTTP/1.1 099 Strange\r\n" + end},
       {"status 000", "HTTP/1.1 000 Strange\r\n" + end},
       {"status -1", "HTTP/1.1 -1 Strange\r\n" + end},
       {"status of four digits", "HTTP/1.1 2000 Strange\r\n" + end},
       {"no status", "HTTP/1.1\r\n" + end},
       {"HTTP/0.9", "hello"},
       {"HTTP/4", "HTTP/4 200 OK\r\n" + end},
       {"line without an end", "HTTP/1.1 200 " + std::string(200'000, 'x')},
       {"a header line without an end", "HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x')},
       {"NUL in a header", std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\n", 26) + end},
       {"negative length", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}"},
       {"bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"},
       {"unknown transfer encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: strange\r\n" + end},
       {"bad gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + end},
       {"unknown encoding", "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n" + end},
       {"upgrade", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      Platform platform([&](const Request&) { return Reply::bytes(c.answer); });
      HttpService service(platform.options);
      const HttpResponse response = perform(service, get());
      EXPECT_EQ(platform.server.counters().requests, 1U);
      EXPECT_EQ(response.outcome, Outcome::unavailable);
      EXPECT_EQ(response.problem.code, "platform.unexpected_response") << response.problem.summary;
      EXPECT_EQ(response.problem.summary.find("othing was sent"), std::string::npos) << response.problem.summary;
   }
}

// Answers the first request, then neither the second nor any further connection: its port is closed by then.
class OneConnectionServer {
 public:
   explicit OneConnectionServer(const sim::Certificate& certificate) {
      tls_.use_certificate_chain(boost::asio::buffer(certificate.chain_pem));
      tls_.use_private_key(boost::asio::buffer(certificate.key_pem), boost::asio::ssl::context::pem);
      thread_ = std::thread([this] { serve(); });
   }
   // REQUIRES: somebody came.
   ~OneConnectionServer() { thread_.join(); }
   OneConnectionServer(const OneConnectionServer&) = delete;
   OneConnectionServer& operator=(const OneConnectionServer&) = delete;

   [[nodiscard]] const std::string& port() const noexcept { return port_; }
   [[nodiscard]] int requests() const noexcept { return requests_; }

 private:
   using Tcp = boost::asio::ip::tcp;

   void serve() {
      boost::system::error_code failed;
      boost::asio::ssl::stream<Tcp::socket> stream(acceptor_.accept(), tls_);
      acceptor_.close();
      stream.handshake(boost::asio::ssl::stream_base::server, failed);
      std::string request;
      boost::asio::read_until(stream, boost::asio::dynamic_buffer(request), "\r\n\r\n", failed);
      if (!failed) ++requests_;
      const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
      if (!failed) boost::asio::write(stream, boost::asio::buffer(answer), failed);
      request.clear();
      if (!failed) boost::asio::read_until(stream, boost::asio::dynamic_buffer(request), "\r\n\r\n", failed);
      if (!failed) ++requests_;
   }

   std::atomic<int> requests_{0};
   boost::asio::io_context wire_;
   boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
   Tcp::acceptor acceptor_{wire_, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
   const std::string port_ = std::to_string(acceptor_.local_endpoint().port());
   std::thread thread_;
};

// libcurl tries again by itself when a kept connection dies under a request. What goes wrong with that second try says
// nothing about the first, which was sent.
TEST(HttpService, a_request_that_was_lost_is_not_told_as_one_that_was_never_sent) {
   sim::CertificateAuthority authority;
   sim::ScratchDirectory scratch;
   authority.write(scratch.path() / "ca.pem");
   OneConnectionServer server(authority.issue({std::string(kHost)}));
   NetworkOptions options;
   options.ca_file = scratch.path() / "ca.pem";
   options.connect_to = {std::string(kHost) + ":443:127.0.0.1:" + server.port()};
   HttpService service(options);
   ASSERT_EQ(perform(service, get("/")).outcome, Outcome::accepted);
   const HttpResponse lost = perform(service, get("/lost"));
   EXPECT_EQ(lost.problem.code, "net.reset") << lost.problem.summary;
   EXPECT_EQ(server.requests(), 2);
}

}  // namespace
}  // namespace msp::host
