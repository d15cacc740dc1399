#include <sys/resource.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <ctime>
#include <future>

#include "sim/wire/certificate_authority.hpp"
#include "test_support/temp_dir.hpp"
#include "web/http_server.hpp"
#include "web/tls_names.hpp"
#include "web_client.hpp"

namespace msp::console::test {
namespace {

HttpResponse echo(HttpRequest request) {
   return {200, {{"X-Method", request.method}, {"X-Path", request.path}}, std::string(request.body)};
}

std::unique_ptr<HttpServer> serve(HttpHandler handler = echo, HttpLimits limits = {}) {
   HttpServerOptions options;
   options.limits = limits;
   auto opened = HttpServer::open(options);
   EXPECT_TRUE(opened);
   auto server = std::move(opened).value();
   server->serve(std::move(handler));
   return server;
}

HttpLimits impatient() {
   HttpLimits limits;
   limits.header_time = limits.stranger_header_time = limits.body_time = std::chrono::milliseconds(50);
   return limits;
}

TEST(HttpServer, a_request_reaches_the_handler_and_its_answer_comes_back) {
   const auto server = serve();
   const RawConnection connection(server->port());
   connection.send("POST /a/b?after=3 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
   const std::string answer = connection.receive();
   EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
   EXPECT_NE(answer.find("X-Path: /a/b\r\n"), std::string::npos);
   EXPECT_TRUE(answer.ends_with("\r\n\r\nbody"));
}

TEST(HttpServer, a_connection_serves_one_request_after_the_other) {
   const auto server = serve();
   const RawConnection connection(server->port());
   for (const auto* body : {"one", "two"}) {
      connection.send(std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n") + body);
      EXPECT_TRUE(connection.receive_until(body).ends_with(body));
   }
}

TEST(HttpServer, what_is_too_long_is_refused_and_the_connection_ended) {
   const auto server = serve();
   const RawConnection header(server->port());
   header.send("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(20'000, 'a') + "\r\n\r\n");
   EXPECT_TRUE(header.receive().starts_with("HTTP/1.1 431 "));

   const RawConnection body(server->port());
   body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\n\r\n");
   EXPECT_TRUE(body.receive().starts_with("HTTP/1.1 413 "));
}

TEST(HttpServer, what_is_just_short_enough_is_served) {
   const auto server = serve();
   const RawConnection body(server->port());
   const std::string longest(262'144, 'a');
   body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 262144\r\nConnection: close\r\n\r\n" + longest);
   EXPECT_TRUE(body.receive().ends_with("\r\n\r\n" + longest));

   // The library counts the header without its first line, and is exact to some bytes.
   const std::string first_line = "GET / HTTP/1.1\r\n";
   const std::string start = "Host: x\r\nConnection: close\r\nX-Long: ";
   const std::string end = "\r\n\r\n";
   for (const std::size_t size : {16'384U, 16'640U}) {
      const RawConnection header(server->port());
      header.send(first_line + start + std::string(size - start.size() - end.size(), 'a') + end);
      EXPECT_TRUE(header.receive().starts_with(size == 16'384 ? "HTTP/1.1 200 " : "HTTP/1.1 431 ")) << size;
   }
}

TEST(HttpServer, a_body_that_grows_in_chunks_is_refused_at_the_same_length) {
   const auto server = serve();
   const RawConnection connection(server->port());
   connection.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
   for (int part = 0; part < 5; ++part) connection.send("10000\r\n" + std::string(0x10000, 'a') + "\r\n");
   EXPECT_TRUE(connection.receive().starts_with("HTTP/1.1 413 "));
}

TEST(HttpServer, what_is_no_http_is_told_so) {
   const auto server = serve();
   for (const auto* bytes : {"hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                             "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"}) {
      const RawConnection connection(server->port());
      connection.send(bytes);
      EXPECT_TRUE(connection.receive().starts_with("HTTP/1.1 400 ")) << bytes;
   }
}

TEST(HttpServer, what_surrounds_the_chunks_of_a_body_is_bounded_too) {
   const std::string start = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2";
   const std::string end = "\r\n\r\n";
   for (const std::string& before : {std::string(";"), std::string("\r\n{}\r\n0\r\nX-Long: ")}) {
      for (const std::size_t size : {30'000U, 70'000U}) {
         const auto server = serve();
         const RawConnection connection(server->port());
         connection.send(start + before + std::string(size, 'a'));
         if (size < 64 * 1024) connection.send(before == ";" ? "\r\n{}\r\n0" + end : end);
         const std::string wanted = size < 64 * 1024 ? "HTTP/1.1 200 " : "HTTP/1.1 431 ";
         EXPECT_EQ(connection.receive_until(" ").append(connection.receive_until(" ")), wanted) << before << size;
      }
   }
}

TEST(HttpServer, what_comes_behind_a_body_is_no_header) {
   const auto server = serve([](const HttpRequest& request) {
      return HttpResponse{200, {}, std::string(request.header("x-msp-csrf")) + request.repeated + "."};
   });
   const RawConnection connection(server->port());
   connection.send(
       "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
       "2\r\n{}\r\n0\r\nX-MSP-CSRF: a\r\nHost: y\r\n\r\n");
   EXPECT_TRUE(connection.receive().ends_with("\r\n\r\n."));
}

TEST(HttpServer, who_says_in_two_ways_where_a_body_ends_is_refused_and_nothing_behind_it_is_answered) {
   const auto server = serve();
   const std::string behind = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
   for (const std::string& length :
        {std::string("1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked"),
         std::string("1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5"),
         std::string("1.1\r\nTransfer-Encoding: identity\r\nContent-Length: 5"),
         std::string("1.1\r\nTransfer-Encoding:\r\nContent-Length: 5"),
         std::string("1.1\r\nTransfer-Encoding: xchunked"), std::string("1.1\r\nTransfer-Encoding: gzip, chunked"),
         std::string("1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
         std::string("1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked"),
         std::string("1.1\r\nContent-Length: 5\r\nContent-Length: 6"), std::string("1.1\r\nContent-Length: +5")}) {
      const RawConnection connection(server->port());
      connection.send("POST / HTTP/" + length + "\r\nHost: x\r\n\r\n" + behind);
      const std::string answer = connection.receive();
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << length << answer;
      EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << length;
   }
}

TEST(HttpServer, requests_that_come_at_once_are_answered_one_after_the_other) {
   const auto server = serve();
   const RawConnection connection(server->port());
   std::string all;
   for (int i = 0; i < 300; ++i) {
      const std::string body = std::to_string(i) + ";";
      all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
             "\r\nX-Much: " + std::string(1000, 'a') + (i == 299 ? "\r\nConnection: close" : "") + "\r\n\r\n" + body;
   }
   auto sent = std::async(std::launch::async, [&] { connection.send(all); });
   const std::string answers = connection.receive();
   std::size_t at = 0;
   for (int i = 0; i < 300; ++i) {
      at = answers.find("\r\n\r\n" + std::to_string(i) + ";", at);
      ASSERT_NE(at, std::string::npos) << i;
   }
}

TEST(HttpServer, a_client_that_asks_before_it_sends_its_body_is_invited) {
   const auto server = serve();
   const RawConnection asking(server->port());
   asking.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-Continue\r\nConnection: close\r\n\r\n");
   EXPECT_EQ(asking.receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
   asking.send("body");
   const std::string answer = asking.receive();
   EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
   EXPECT_TRUE(answer.ends_with("\r\n\r\nbody")) << answer;
}

TEST(HttpServer, nobody_is_invited_to_send_too_much_or_nothing_or_by_the_older_protocol) {
   const auto server = serve();
   const std::pair<const char*, const char*> cases[] = {
       {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\nExpect: 100-continue\r\n\r\n", "HTTP/1.1 413 "},
       {"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 "},
       {"POST / HTTP/1.0\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok", "HTTP/1.1 200 "}};
   for (const auto& [bytes, wanted] : cases) {
      const RawConnection connection(server->port());
      connection.send(bytes);
      EXPECT_TRUE(connection.receive().starts_with(wanted)) << bytes;
   }
}

// As many files for this process as are open, and `more`.
class FewFiles {
 public:
   explicit FewFiles(rlim_t more) {
      ::getrlimit(RLIMIT_NOFILE, &before_);
      const int next = ::dup(0);
      ::close(next);
      const rlimit few{static_cast<rlim_t>(next) + more, before_.rlim_max};
      EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
   }
   ~FewFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
   FewFiles(const FewFiles&) = delete;
   FewFiles& operator=(const FewFiles&) = delete;

 private:
   rlimit before_{};
};

TEST(HttpServer, without_a_file_for_a_connection_it_waits_idly_and_serves_it_later) {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
   GTEST_SKIP() << "This sanitizer looks at memory through files, of which there are none left here.";
#endif
#endif
   const auto server = serve();
   std::optional<FewFiles> few(1);  // for our side of the connection
   const RawConnection connection(server->port());
   connection.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
   const std::clock_t before = std::clock();  // the processor's time for the whole process
   EXPECT_FALSE(connection.something_comes_within(std::chrono::milliseconds(500)));
   EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 10);
   few.reset();
   EXPECT_TRUE(connection.receive().starts_with("HTTP/1.1 200 "));
}

TEST(HttpServer, a_header_or_body_that_does_not_come_ends_the_connection) {
   const auto server = serve(echo, impatient());
   for (const auto* bytes : {"", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
                             "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"}) {
      const RawConnection connection(server->port());
      connection.send(bytes);
      EXPECT_EQ(connection.receive(), "") << bytes;
   }
}

TEST(HttpServer, every_answer_has_the_strict_headers_also_to_what_is_no_request) {
   const auto server = serve();
   for (const std::string& bytes :
        {std::string("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), std::string("nonsense\r\n\r\n"),
         "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(20'000, 'a') + "\r\n\r\n",
         std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n")}) {
      const RawConnection connection(server->port());
      connection.send(bytes);
      const std::string answer = connection.receive();
      for (const auto* line :
           {"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n",
            "X-Content-Type-Options: nosniff\r\n", "X-Frame-Options: DENY\r\n", "Referrer-Policy: no-referrer\r\n",
            "Cross-Origin-Opener-Policy: same-origin\r\n", "Cross-Origin-Embedder-Policy: require-corp\r\n",
            "Cross-Origin-Resource-Policy: same-origin\r\n",
            "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"}) {
         EXPECT_NE(answer.find(line), std::string::npos) << line << answer.substr(0, 40);
      }
   }
}

// One after another, so that each is known to the server before the next.
void fill(const HttpServer& server, std::vector<std::unique_ptr<RawConnection>>& places, std::size_t count) {
   while (places.size() < count) {
      places.push_back(std::make_unique<RawConnection>(server.port()));
      places.back()->send("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
      EXPECT_NE(places.back()->receive_until("\r\n\r\n"), "");
   }
}

TEST(HttpServer, idle_connections_of_strangers_make_room_the_longest_waiting_first) {
   HttpLimits limits;
   limits.connections = 4;
   limits.header_time = limits.stranger_header_time = std::chrono::hours(1);
   const auto server = serve(echo, limits);
   std::vector<std::unique_ptr<RawConnection>> places;
   fill(*server, places, 4);
   std::vector<std::unique_ptr<RawConnection>> silent;
   for (int i = 0; i < 200; ++i) silent.push_back(std::make_unique<RawConnection>(server->port()));
   const RawConnection last(server->port());
   last.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
   EXPECT_TRUE(last.receive().starts_with("HTTP/1.1 200 "));
   for (const auto& place : places) EXPECT_EQ(place->receive(), "");
   EXPECT_EQ(silent.front()->receive(), "");
}

TEST(HttpServer, strangers_who_do_not_read_their_answers_make_room) {
   HttpLimits limits;
   limits.connections = 2;
   limits.write_time = limits.stranger_header_time = std::chrono::hours(1);
   const std::size_t more_than_the_system_keeps = std::size_t{64} << 20U;
   const auto server = serve(
       [&](const HttpRequest& request) {
          return HttpResponse{200, {}, request.path == "/long" ? std::string(more_than_the_system_keeps, 'a') : "ok"};
       },
       limits);
   std::vector<std::unique_ptr<RawConnection>> deaf;
   for (int i = 0; i < 2; ++i) {
      deaf.push_back(std::make_unique<RawConnection>(server->port()));
      deaf.back()->send("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
      ASSERT_TRUE(deaf.back()->something_comes_within(std::chrono::seconds(20)));
   }
   const RawConnection next(server->port());
   next.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
   EXPECT_TRUE(next.receive().ends_with("ok"));
   EXPECT_LT(deaf.front()->receive().size(), more_than_the_system_keeps);
}

TEST(HttpServer, a_connection_that_has_shown_a_session_keeps_its_place_against_strangers) {
   HttpLimits limits;
   limits.connections = 2;
   limits.header_time = limits.stranger_header_time = std::chrono::hours(1);
   const auto server = serve(
       [](const HttpRequest& request) {
          HttpResponse response{200, {}, "ok"};
          response.of_session = request.path == "/signed-in";
          return response;
       },
       limits);
   const RawConnection page(server->port());
   page.send("GET /signed-in HTTP/1.1\r\nHost: x\r\n\r\n");
   EXPECT_TRUE(page.receive_until("ok").ends_with("ok"));
   std::vector<std::unique_ptr<RawConnection>> silent;
   for (int i = 0; i < 20; ++i) silent.push_back(std::make_unique<RawConnection>(server->port()));
   for (std::size_t i = 0; i + 1 < silent.size(); ++i) ASSERT_EQ(silent[i]->receive(), "") << i;
   page.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
   EXPECT_TRUE(page.receive_until("ok").ends_with("ok"));
}

TEST(HttpServer, without_a_stranger_that_could_make_room_a_connection_is_closed_at_once) {
   HttpLimits limits;
   limits.connections = 1;
   const auto server = serve(
       [](HttpRequest request) {
          HttpResponse response = echo(std::move(request));
          response.of_session = true;
          return response;
       },
       limits);
   const RawConnection first(server->port());
   first.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
   EXPECT_TRUE(first.receive_until("ok").ends_with("ok"));
   EXPECT_EQ(RawConnection(server->port()).receive(), "");
}

TEST(HttpServer, a_header_that_decides_about_access_is_named_when_it_comes_twice) {
   const auto server = serve([](HttpRequest request) {
      return HttpResponse{200, {}, request.repeated.empty() ? "none" : request.repeated};
   });
   const std::string host = "Host: x\r\n";
   const std::pair<std::string, const char*> cases[] = {
       {host + host, "host"},
       {host + "Origin: a\r\nOrigin: b\r\n", "origin"},
       {host + "Cookie: a=b\r\nCookie: c=d\r\n", "cookie"},
       {host + "Content-Type: application/json\r\ncontent-type: text/plain\r\n", "content-type"},
       {host + "X-MSP-CSRF: a\r\nx-msp-csrf: b\r\n", "x-msp-csrf"},
       {host + "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n", "sec-fetch-site"},
       {host + "Accept: a\r\nAccept: b\r\n", "none"},
       {host + "Origin: a\r\nCookie: a=b\r\nX-MSP-CSRF: a\r\nSec-Fetch-Site: none\r\n", "none"}};
   for (const auto& [headers, wanted] : cases) {
      const RawConnection connection(server->port());
      connection.send("GET / HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
      EXPECT_TRUE(connection.receive().ends_with(wanted)) << headers;
   }
}

TEST(HttpServer, a_stranger_gets_less_time_for_a_request_than_who_has_shown_a_session) {
   HttpLimits limits;
   limits.header_time = std::chrono::hours(1);
   limits.stranger_header_time = std::chrono::milliseconds(50);
   const auto server = serve(
       [](const HttpRequest& request) {
          HttpResponse response{200, {}, "ok"};
          response.of_session = request.path == "/signed-in";
          return response;
       },
       limits);
   const RawConnection page(server->port());
   page.send("GET /signed-in HTTP/1.1\r\nHost: x\r\n\r\n");
   ASSERT_TRUE(page.receive_until("ok").ends_with("ok"));
   EXPECT_EQ(RawConnection(server->port()).receive(), "") << "its time began after that of the page, and is over";
   page.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
   EXPECT_TRUE(page.receive_until("ok").ends_with("ok"));
}

TEST(HttpServer, a_client_that_does_not_read_its_answer_gives_its_place_back) {
   HttpLimits limits;
   limits.connections = 1;
   limits.write_time = std::chrono::milliseconds(50);
   const std::size_t more_than_the_system_keeps = std::size_t{64} << 20U;
   const auto server = serve(
       [&](const HttpRequest& request) {
          HttpResponse response{200, {}, "ok"};
          if (request.path == "/long") response.body = std::string(more_than_the_system_keeps, 'a');
          response.of_session = request.path == "/long";  // a stranger would have to make room
          return response;
       },
       limits);
   const RawConnection idle(server->port());
   idle.send("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
   ASSERT_TRUE(idle.something_comes_within(std::chrono::seconds(20)));
   // As long as it has the only place, all others are closed at once.
   const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
   bool served = false;
   while (!served && std::chrono::steady_clock::now() < end) {
      const RawConnection next(server->port());
      next.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      served = next.receive().ends_with("ok");
   }
   ASSERT_TRUE(served);
   EXPECT_LT(idle.receive().size(), more_than_the_system_keeps);
}

TEST(HttpServer, ending_it_waits_for_the_running_handler_and_ends_open_connections) {
   std::promise<void> entered;
   std::promise<void> leave;
   auto server = serve([&](HttpRequest) {
      entered.set_value();
      leave.get_future().wait();
      return HttpResponse{};
   });
   const RawConnection idle(server->port());
   const RawConnection busy(server->port());
   busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
   entered.get_future().wait();
   auto ended = std::async(std::launch::async, [&] { server.reset(); });
   leave.set_value();
   ended.get();
   EXPECT_EQ(idle.receive(), "");
}

TEST(HttpServer, a_taken_port_is_one_sentence) {
   const auto server = serve();
   HttpServerOptions options;
   options.port = server->port();
   const auto second = HttpServer::open(options);
   ASSERT_FALSE(second);
   EXPECT_EQ(second.finding().code, "host.listen");
   EXPECT_NE(second.finding().summary.find("Address already in use"), std::string::npos) << second.finding().summary;
   EXPECT_NE(second.finding().remedy.find("--listen"), std::string::npos);
}

TEST(HttpServer, tls_files_that_cannot_be_used_are_named) {
   const TlsFiles files{"no-such-certificate.pem", "no-such-key.pem"};
   HttpServerOptions options;
   options.tls = &files;
   const auto server = HttpServer::open(options);
   ASSERT_FALSE(server);
   EXPECT_NE(server.finding().summary.find("no-such-certificate.pem"), std::string::npos);
}

TEST(HttpServer, over_tls_it_says_nothing_in_the_clear) {
   const test_support::TempDir directory;
   sim::CertificateAuthority authority;
   const sim::Certificate certificate = authority.issue({"console.example", "127.0.0.1"});
   const TlsFiles files{directory.path() / "chain.pem", directory.path() / "key.pem"};
   test_support::write_file(files.certificate_chain, certificate.chain_pem);
   test_support::write_file(files.private_key, certificate.key_pem);
   HttpServerOptions options;
   options.tls = &files;
   auto opened = HttpServer::open(options);
   ASSERT_TRUE(opened) << opened.finding().summary;
   opened.value()->serve(echo);
   const RawConnection connection(opened.value()->port());
   connection.send("GET / HTTP/1.1\r\nHost: console.example\r\n\r\n");
   EXPECT_EQ(connection.receive().find("HTTP/"), std::string::npos);
}

TEST(HttpServer, a_handshake_that_does_not_come_ends_the_connection) {
   const test_support::TempDir directory;
   sim::CertificateAuthority authority;
   const sim::Certificate certificate = authority.issue({"console.example"});
   const TlsFiles files{directory.path() / "chain.pem", directory.path() / "key.pem"};
   test_support::write_file(files.certificate_chain, certificate.chain_pem);
   test_support::write_file(files.private_key, certificate.key_pem);
   HttpServerOptions options;
   options.tls = &files;
   options.limits.header_time = std::chrono::hours(1);
   options.limits.stranger_header_time = std::chrono::milliseconds(50);
   auto opened = HttpServer::open(options);
   ASSERT_TRUE(opened) << opened.finding().summary;
   opened.value()->serve(echo);
   EXPECT_EQ(RawConnection(opened.value()->port()).receive(), "");
}

TEST(HttpServer, strangers_who_do_not_end_their_tls_connection_make_room) {
   namespace asio = boost::asio;
   const test_support::TempDir directory;
   sim::CertificateAuthority authority;
   const sim::Certificate certificate = authority.issue({"console.example"});
   const TlsFiles files{directory.path() / "chain.pem", directory.path() / "key.pem"};
   test_support::write_file(files.certificate_chain, certificate.chain_pem);
   test_support::write_file(files.private_key, certificate.key_pem);
   HttpServerOptions options;
   options.tls = &files;
   options.limits.connections = 1;
   options.limits.write_time = options.limits.stranger_header_time = std::chrono::hours(1);
   auto opened = HttpServer::open(options);
   ASSERT_TRUE(opened) << opened.finding().summary;
   opened.value()->serve(echo);

   asio::io_context wire;
   asio::ssl::context tls(asio::ssl::context::tls_client);
   const auto ask = [&](asio::ssl::stream<asio::ip::tcp::socket>& stream) {
      stream.lowest_layer().connect({asio::ip::address_v4::loopback(), opened.value()->port()});
      stream.handshake(asio::ssl::stream_base::client);
      asio::write(stream, asio::buffer(std::string_view("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
      std::string answer;
      boost::system::error_code end;
      asio::read(stream, asio::dynamic_buffer(answer), end);
      return answer;
   };
   asio::ssl::stream<asio::ip::tcp::socket> first(wire, tls);
   asio::ssl::stream<asio::ip::tcp::socket> second(wire, tls);
   EXPECT_TRUE(ask(first).starts_with("HTTP/1.1 200 "));  // it was told the end, and does not say its own
   EXPECT_TRUE(ask(second).starts_with("HTTP/1.1 200 "));
}

TEST(TlsNames, are_those_of_the_certificate_and_no_others) {
   const test_support::TempDir directory;
   sim::CertificateAuthority authority;
   const auto file = directory.path() / "chain.pem";
   test_support::write_file(file, authority.issue({"console.example", "*.msp.example"}).chain_pem);
   const TlsNames names(file);
   EXPECT_TRUE(names.has("console.example"));
   EXPECT_TRUE(names.has("one.msp.example"));
   EXPECT_FALSE(names.has("example"));
   EXPECT_FALSE(names.has("localhost"));
   EXPECT_FALSE(names.has(""));
   EXPECT_EQ(names.first(), "console.example");
   const auto other = directory.path() / "other.pem";
   test_support::write_file(other, authority.issue({"*.msp.example", "console.example", "127.0.0.1"}).chain_pem);
   const TlsNames others(other);
   EXPECT_EQ(others.first(), "console.example") << "no address can be opened with a star in it";
   EXPECT_TRUE(others.has("127.0.0.1"));
   EXPECT_TRUE(others.has("[127.0.0.1]"));
   EXPECT_FALSE(others.has("127.0.0.2"));
   EXPECT_FALSE(TlsNames("no-such-file").has("console.example"));
}

}  // namespace
}  // namespace msp::console::test
