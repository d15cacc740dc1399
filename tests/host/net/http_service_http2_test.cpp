// Against a server that offers HTTP/2, which the simulators do not.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "http2_server.hpp"
#include "http_service_scene.hpp"

namespace msp::host {
namespace {

using namespace test;

// A server with a certificate of its own authority, which the service is told to trust as a console would be.
struct Http2Platform {
   Http2Platform() {
      for (const char* name : {"a", "b", "c", "d", "e", "f"})
         std::ofstream(documents.path() / name) << "the text of " << name;
      authority.write(scratch.path() / "ca.pem");
      options.ca_file = scratch.path() / "ca.pem";
      options.connect_to = {std::string(kHost) + ":443:127.0.0.1:" + std::to_string(server.port())};
   }

   // nghttpd numbers its connections: "[id=1] ... recv (stream_id=3) :path: /b".
   std::set<std::string> found(const char* pattern) {
      if (told.empty()) told = server.stop();
      const std::regex regex(pattern);
      std::set<std::string> found;
      for (std::sregex_iterator at(told.begin(), told.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
      return found;
   }

   sim::CertificateAuthority authority;
   sim::ScratchDirectory scratch;
   sim::ScratchDirectory documents;
   Http2Server server{authority.issue({std::string(kHost)}), documents.path()};
   NetworkOptions options;
   std::string told;
};

TEST(HttpServiceHttp2, is_spoken_when_offered_and_carries_a_batch_over_one_connection) {
   Http2Platform platform;
   {
      HttpService service(platform.options);
      const HttpResponse first = perform(service, get("/a"));
      ASSERT_EQ(first.outcome, Outcome::accepted) << first.problem.summary;
      EXPECT_EQ(first.status, 200);
      EXPECT_EQ(first.body.view(), "the text of a");
      EXPECT_EQ(header(first, "content-length"), "13");

      std::vector<HttpRequest> requests;
      for (const char* path : {"/b", "/c", "/d", "/e", "/f", "/missing"}) requests.push_back(get(path));
      requests[0].headers.emplace_back("Authorization", SecretBytes("Bearer t0k3n"));
      const auto responses = perform(service, std::move(requests));
      ASSERT_EQ(responses.size(), 6U);
      for (std::size_t i = 0; i < 5; ++i) {
         EXPECT_EQ(responses[i].status, 200) << responses[i].problem.summary;
         EXPECT_EQ(responses[i].body.view(), std::string("the text of ") + static_cast<char>('b' + i));
      }
      EXPECT_EQ(responses[5].status, 404);
   }
   EXPECT_EQ(platform.found("negotiated protocol: (\\S+)"), std::set<std::string>{"h2"});
   EXPECT_EQ(platform.found("\\[id=([0-9]+)\\]"), std::set<std::string>{"1"});
   EXPECT_EQ(platform.found(":path: (\\S+)"), (std::set<std::string>{"/a", "/b", "/c", "/d", "/e", "/f", "/missing"}));
   EXPECT_EQ(platform.found("authorization: (.+)"), std::set<std::string>{"Bearer t0k3n"});
}

TEST(HttpServiceHttp2, a_server_that_nobody_vouches_for_is_refused_before_anything_is_sent) {
   Http2Platform platform;
   platform.options.ca_file.clear();
   {
      HttpService service(platform.options);
      const HttpResponse response = perform(service, get("/a"));
      EXPECT_EQ(response.outcome, Outcome::unreachable);
      EXPECT_EQ(response.problem.code, "net.tls_untrusted") << response.problem.summary;
   }
   EXPECT_TRUE(platform.found(":path: (\\S+)").empty()) << platform.told;
}

}  // namespace
}  // namespace msp::host
