#include "contract/call_http.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "contract/call.hpp"
#include "scripted_plugin.hpp"

namespace msp::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Manifest platform() {
   auto manifest = sample_manifest();
   manifest.hosts = {"webservices*.example.com"};
   manifest.hosts_from = {"server"};
   return manifest;
}

// The service of one call, whose requests end in a script instead of a network.
struct Desk {
   Manifest manifest = platform();
   AllowedHosts hosts{manifest, {{"server", "https://vsa.example.org:8443/"}}};
   Redactor redactor;
   KnownSecrets secrets{redactor};
   msp_http_response unset{
       .struct_size = 0,
       .flags = 0,
       .status = 0,
       .outcome = -1,
       .host_data = nullptr,
       .problem = nullptr,
       .header = [](const msp_http_response*, const char*, std::uint32_t) noexcept -> const char* { return nullptr; },
       .body = [](const msp_http_response*, std::uint64_t*) noexcept -> const char* { return ""; }};
   std::vector<std::string> sent;  // "METHOD url name: value body"
   CallHttp http{manifest, hosts, secrets, [this](auto requests, auto, auto) { return answer(requests); }};

   std::vector<HttpResponse> answer(std::span<HttpRequest> requests) {
      std::vector<HttpResponse> answers;
      for (const auto& request : requests) {
         std::string text = request.method + ' ' + request.url;
         for (const auto& [name, value] : request.headers) text += ' ' + name + ": " + std::string(value.view());
         sent.push_back(text + ' ' + std::string(request.body.view()));
         HttpResponse response;
         response.outcome = Outcome::accepted;
         response.status = 200;
         response.headers.emplace_back("X-Request-Id", SecretBytes("first"));
         response.headers.emplace_back("x-request-id", SecretBytes("second"));
         response.body = SecretBytes(request.url);
         answers.push_back(std::move(response));
      }
      return answers;
   }

   std::vector<const msp_http_response*> send(const std::vector<msp_http_request>& requests) {
      std::vector<const msp_http_response*> responses(requests.size());
      http.send(requests.data(), static_cast<std::uint32_t>(requests.size()), responses.data(), {}, {});
      for (const auto*& response : responses) {
         EXPECT_NE(response, nullptr);
         if (response == nullptr) response = &unset;
      }
      return responses;
   }
};

msp_http_request get(const char* url) {
   msp_http_request request{};
   request.struct_size = sizeof(request);
   request.method = "GET";
   request.url = url;
   return request;
}

// Of an answer, "(none)".
std::string code(const msp_http_response* response) {
   return response->problem == nullptr ? "(none)" : response->problem->code;
}
std::string summary(const msp_http_response* response) {
   return response->problem == nullptr ? "(none)" : response->problem->summary;
}

std::string body(const msp_http_response* response) {
   std::uint64_t size = 0;
   const char* text = response->body(response, &size);
   return {text, size};
}

TEST(HttpTable, hosts_that_the_manifest_names_are_reached_and_no_others) {
   struct {
      const char* url;
      bool allowed;
   } const cases[] = {
       {"https://webservices.example.com/zone", true},
       {"https://WebServices14.Example.com:443/zone", true},
       {"https://webservices14.example.com:8443/", false},
       {"https://webservices.evil.example.com/", false},
       {"https://webservices.example.com.evil.example/", false},
       {"https://vsa.example.org:8443/api", true},
       {"https://vsa.example.org/api", false},
       {"https://evil.example/", false},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.url);
      Desk desk;
      const auto* response = desk.send({get(c.url)})[0];
      EXPECT_EQ(response->outcome, c.allowed ? MSP_ACCEPTED : MSP_FAILED);
      EXPECT_EQ(desk.sent.size(), c.allowed ? 1u : 0u);
      if (!c.allowed) {
         EXPECT_EQ(code(response), "net.host_not_allowed");
      }
   }
}

TEST(HttpTable, a_star_carries_no_secret_no_long_text_and_few_names_out) {
   const auto url = [](const std::string& part) { return "https://webservices" + part + ".example.com/"; };
   {
      Desk desk;
      desk.secrets.add("s3cr3t-t0ken");
      for (const std::string part : {"0123456789abcdef", "0123456789abcdefg", "s3cr3t-t0ken", "x-s3cr3t-t0ken"}) {
         const bool fits = part == "0123456789abcdef";
         const auto* response = desk.send({get(url(part).c_str())})[0];
         EXPECT_EQ(response->flags, fits ? MSP_HTTP_ANSWERED : MSP_HTTP_NOT_SENT) << part;
         if (fits) continue;
         EXPECT_EQ(summary(response),
                   "The plugin Sample made a request to a name of webservices*.example.com that is too long or holds a "
                   "secret, against rule P25 of the plugin contract.");
      }
   }
   Desk desk;
   for (const char* part : {"1", "2", "", "4", "1", "2"})
      EXPECT_EQ(desk.send({get(url(part).c_str())})[0]->flags, MSP_HTTP_ANSWERED) << part;
   EXPECT_EQ(summary(desk.send({get(url("5").c_str())})[0]),
             "The plugin Sample used more than four names of webservices*.example.com in one operation, "
             "against rule P25 of the plugin contract.");
   EXPECT_EQ(desk.send({get("https://vsa.example.org:8443/")})[0]->flags, MSP_HTTP_ANSWERED) << "typed, not starred";
}

TEST(HttpTable, a_request_beyond_a_bound_is_not_sent_and_one_at_it_is) {
   const std::string base = "https://webservices.example.com/";
   const std::vector<msp_pair> headers(MSP_HTTP_HEADERS_MAX + 1, msp_pair{"X-A", "b", 0, 0});
   const std::string body(MSP_HTTP_REQUEST_BODY_MAX + 1, 'b');
   for (const std::size_t beyond : {0U, 1U}) {
      SCOPED_TRACE(beyond);
      const std::string url = base + std::string(MSP_HTTP_URL_MAX - base.size() + beyond, 'a');
      const std::string value(MSP_HTTP_HEADERS_SIZE_MAX - 3 + beyond, 'v');
      const msp_pair large[] = {{"X-A", value.c_str(), 0, 0}};
      auto with_headers = get(base.c_str());
      with_headers.headers = headers.data();
      with_headers.header_count = static_cast<std::uint32_t>(MSP_HTTP_HEADERS_MAX + beyond);
      auto with_large = get(base.c_str());
      with_large.headers = large;
      with_large.header_count = 1;
      auto with_body = get(base.c_str());
      with_body.body = body.data();
      with_body.body_size = MSP_HTTP_REQUEST_BODY_MAX + beyond;
      const std::pair<msp_http_request, const char*> cases[] = {
          {get(url.c_str()), "whose address is longer than 8 KiB"},
          {with_headers, "with more than 100 headers"},
          {with_large, "whose headers are larger than 64 KiB"},
          {with_body, "whose body is larger than 8 MiB"}};
      for (const auto& [request, what] : cases) {
         Desk desk;
         const auto* response = desk.send({request})[0];
         EXPECT_EQ(desk.sent.size(), 1 - beyond) << what;
         if (beyond == 0) continue;
         EXPECT_EQ(summary(response), "The plugin Sample made a request " + std::string(what) +
                                          ", against rule P24 of the plugin contract.");
         EXPECT_EQ(response->flags, MSP_HTTP_NOT_SENT);
      }
   }
}

TEST(HttpTable, the_answers_of_one_operation_have_a_bound_together) {
   Desk desk;
   std::size_t left = 0;
   CallHttp http(desk.manifest, desk.hosts, desk.secrets, [&](auto requests, auto, auto) {
      left = requests[0].bodies_left->load();
      std::vector<HttpResponse> answers(1);
      answers[0].beyond_bodies = true;
      return answers;
   });
   const auto request = get("https://webservices.example.com/");
   const msp_http_response* response = nullptr;
   http.send(&request, 1, &response, {}, {});
   EXPECT_EQ(left, static_cast<std::size_t>(MSP_HTTP_ANSWERS_MAX));
   EXPECT_EQ(summary(response),
             "The plugin Sample asked for more than 64 MiB of answers in one operation, against rule P24 of the plugin "
             "contract.");
   EXPECT_EQ(response->flags, 0U) << "it was sent";
}

TEST(HttpTable, a_longer_request_of_a_later_plugin_is_read_as_far_as_both_know) {
   Desk desk;
   struct {
      msp_http_request known;
      std::uint64_t later;
   } longer{get("https://webservices.example.com/zone"), 7};
   longer.known.struct_size = sizeof longer;
   EXPECT_EQ(desk.send({longer.known})[0]->outcome, MSP_ACCEPTED);
}

TEST(HttpTable, every_header_of_one_name_can_be_read_in_its_order) {
   Desk desk;
   const auto* response = desk.send({get("https://webservices.example.com/")})[0];
   EXPECT_EQ(response->flags, MSP_HTTP_ANSWERED);
   EXPECT_STREQ(response->header(response, "X-REQUEST-ID", 0), "first");
   EXPECT_STREQ(response->header(response, "x-request-id", 1), "second");
   EXPECT_EQ(response->header(response, "x-request-id", 2), nullptr);
}

TEST(HttpTable, the_last_problem_is_that_of_the_last_request_without_an_answer) {
   Desk desk;
   EXPECT_FALSE(desk.http.last_problem());
   desk.send({get("https://elsewhere.example.net/")});
   desk.send({get("https://webservices1.example.com/")});
   ASSERT_TRUE(desk.http.last_problem());
   EXPECT_EQ(desk.http.last_problem()->code, "net.host_not_allowed");
}

TEST(HttpTable, a_request_that_is_refused_was_not_sent) {
   Desk desk;
   EXPECT_EQ(desk.send({get("https://evil.example/")})[0]->flags, MSP_HTTP_NOT_SENT);
}

TEST(HttpTable, a_foreign_host_is_named_and_nothing_is_sent) {
   Desk desk;
   const auto* response = desk.send({get("https://evil.example:444/")})[0];
   EXPECT_EQ(summary(response),
             "The plugin Sample wanted to connect to \"evil.example:444\", which its manifest does not allow; "
             "nothing was sent.");
   ASSERT_NE(response->problem, nullptr);
   EXPECT_NE(response->problem->remedy, nullptr);
   EXPECT_EQ(response->header(response, "X-Request-Id", 0), nullptr);
   EXPECT_EQ(body(response), "");
}

// A plugin that mistakes one string for another.
TEST(HttpTable, what_is_quoted_of_a_request_is_redacted_and_then_cut) {
   constexpr std::string_view kSecret = "canary-7qx0pw-zz93";
   for (std::size_t pad = 253 - 30; pad <= 253 + 5; ++pad) {
      Desk desk;
      desk.secrets.add(kSecret);
      const std::string url = "https://" + std::string(pad, 'y') + std::string(kSecret) + ".example/";
      const std::string told = summary(desk.send({get(url.c_str())})[0]);
      EXPECT_THAT(told, HasSubstr("wanted to connect to"));
      EXPECT_EQ(told.find("yc"), std::string::npos) << "its first byte is left: " << told;
   }
   Desk desk;
   desk.secrets.add(kSecret);
   const std::string name(kSecret);
   const msp_pair header{name.c_str(), "b\r\nX-C: d", 0, 0};
   auto request = get("https://webservices.example.com/");
   request.headers = &header;
   request.header_count = 1;
   const std::string told = summary(desk.send({request})[0]);
   EXPECT_THAT(told, HasSubstr("with the header [redacted], whose value is not valid"));
}

TEST(HttpTable, a_request_that_breaks_the_contract_is_not_sent) {
   static const msp_pair kSplit[] = {{"X-A", "b\r\nX-C: d", 0, 0}};
   static const msp_pair kBadName[] = {{"X A", "b", 0, 0}};
   static const msp_pair kNoName[] = {{nullptr, "b", 0, 0}};
   static const msp_pair kReserved[] = {{"X-A", "b", 0, 1}};
   static const msp_pair kHost[] = {{"host", "evil.example", 0, 0}};
   auto no_size = get("https://webservices.example.com/");
   no_size.struct_size = 0;
   auto no_method = get("https://webservices.example.com/");
   no_method.method = "GET /";
   auto small_method = get("https://webservices.example.com/");
   small_method.method = "get";
   auto no_url = get(nullptr);
   auto no_body = get("https://webservices.example.com/");
   no_body.body_size = 5;
   auto no_headers = get("https://webservices.example.com/");
   no_headers.header_count = 1;
   const auto with = [](const msp_pair* header) {
      auto request = get("https://webservices.example.com/");
      request.headers = header;
      request.header_count = 1;
      return request;
   };
   const std::pair<msp_http_request, const char*> cases[] = {
       {no_size, "without its struct_size"},
       {no_method, "without a valid method"},
       {small_method, "without a valid method"},
       {no_url, "without an address"},
       {get("http://webservices.example.com/"), "whose address does not begin with https://"},
       {get("https://u:p@webservices.example.com/"), "whose address holds a user name or password before the host"},
       {get("https://webservices.example.com/#x"), "whose address holds a fragment (#)"},
       {get("https://webservices.example.com/ x"), "whose address holds a blank, a backslash or a control character"},
       {no_body, "whose body cannot be read"},
       {no_headers, "whose headers cannot be read"},
       {with(kSplit), "with the header X-A, whose value is not valid"},
       {with(kBadName), "with the header \"X A\", whose name is not valid"},
       {with(kNoName), "with a header without a name"},
       {with(kReserved), "with the header X-A, whose reserved member is set"},
       {with(kHost), "with the header host, which the host alone sets"},
   };
   for (const auto& [request, what] : cases) {
      SCOPED_TRACE(what);
      Desk desk;
      const auto* response = desk.send({request})[0];
      EXPECT_EQ(response->outcome, MSP_FAILED);
      EXPECT_EQ(code(response), "plugin.defect");
      EXPECT_EQ(summary(response),
                "The plugin Sample made a request " + std::string(what) + ", against rule P17 of the plugin contract.");
      EXPECT_THAT(desk.sent, testing::IsEmpty());
   }
}

TEST(HttpTable, a_batch_is_answered_in_its_order_and_one_bad_request_spoils_no_other) {
   Desk desk;
   const auto responses = desk.send({get("https://webservices1.example.com/a"), get("https://evil.example/"),
                                     get("https://webservices2.example.com/b")});
   EXPECT_EQ(body(responses[0]), "https://webservices1.example.com/a");
   EXPECT_EQ(responses[1]->outcome, MSP_FAILED);
   EXPECT_EQ(body(responses[2]), "https://webservices2.example.com/b");
   EXPECT_EQ(responses[0]->problem, nullptr);
}

TEST(HttpTable, a_batch_that_is_too_large_is_answered_and_not_sent) {
   Desk desk;
   const auto responses =
       desk.send(std::vector<msp_http_request>(MSP_HTTP_BATCH_MAX + 1, get("https://webservices.example.com/")));
   for (const auto* response : responses) {
      ASSERT_NE(response, nullptr);
      EXPECT_EQ(response->outcome, MSP_FAILED);
      EXPECT_THAT(summary(response), HasSubstr("sent a batch that is missing or larger than 64 requests"));
   }
   EXPECT_THAT(desk.sent, testing::IsEmpty());
}

TEST(HttpTable, the_largest_batch_is_sent_and_answered) {
   Desk desk;
   const auto responses =
       desk.send(std::vector<msp_http_request>(MSP_HTTP_BATCH_MAX, get("https://webservices.example.com/")));
   for (const auto* response : responses) {
      ASSERT_NE(response, nullptr);
      EXPECT_EQ(response->outcome, MSP_ACCEPTED);
   }
   EXPECT_EQ(desk.sent.size(), static_cast<std::size_t>(MSP_HTTP_BATCH_MAX));
}

TEST(HttpTable, a_request_carries_a_hundred_headers_and_not_one_more) {
   const std::vector<msp_pair> headers(101, msp_pair{"X-A", "b", 0, 0});
   for (const std::uint32_t count : {100U, 101U}) {
      SCOPED_TRACE(count);
      Desk desk;
      auto request = get("https://webservices.example.com/");
      request.headers = headers.data();
      request.header_count = count;
      EXPECT_EQ(desk.send({request})[0]->outcome, count == 100 ? MSP_ACCEPTED : MSP_FAILED);
      EXPECT_EQ(desk.sent.size(), count == 100 ? 1U : 0U);
   }
}

TEST(HttpTable, method_headers_and_body_arrive) {
   Desk desk;
   const msp_pair headers[] = {{"Content-Type", "application/json", 0, 0}};
   auto request = get("https://webservices.example.com/");
   request.method = "POST";
   request.headers = headers;
   request.header_count = 1;
   request.body = "{}";
   request.body_size = 2;
   (void)desk.send({request});
   EXPECT_THAT(desk.sent, ElementsAre("POST https://webservices.example.com/ Content-Type: application/json {}"));
}

TEST(HttpTable, a_header_is_found_in_any_case_and_the_first_one_counts) {
   Desk desk;
   const auto* response = desk.send({get("https://webservices.example.com/")})[0];
   EXPECT_STREQ(response->header(response, "X-REQUEST-ID", 0), "first");
   EXPECT_EQ(response->header(response, "X-Request", 0), nullptr);
   EXPECT_EQ(response->header(response, nullptr, 0), nullptr);
}

// A hash that signs in is worth as much as the password that it was made from.
TEST(HttpTable, what_authenticates_a_request_is_a_secret_from_then_on) {
   for (const char* name : {"Authorization", "COOKIE", "Proxy-Authorization", "x-api-key"}) {
      SCOPED_TRACE(name);
      Desk desk;
      const msp_pair headers[] = {{name, "Basic amFuZTpwdw==", 0, 0}};
      auto request = get("https://webservices.example.com/");
      request.headers = headers;
      request.header_count = 1;
      (void)desk.send({request});
      EXPECT_EQ(desk.redactor.redact_foreign("sent amFuZTpwdw== to it"), "sent [redacted] to it");
   }
}

TEST(HttpTable, a_response_kept_after_the_operation_is_empty) {
   Desk desk;
   const auto* response = desk.send({get("https://webservices.example.com/")})[0];
   const auto* refused = desk.send({get("https://evil.example/")})[0];
   desk.http.clear();
   EXPECT_EQ(body(response), "");
   EXPECT_EQ(response->header(response, "X-Request-Id", 0), nullptr);
   EXPECT_EQ(refused->problem, nullptr);
}

TEST(HttpTable, a_request_of_a_call_that_has_ended_is_refused) {
   ScriptedPlugin script;
   const msp_call* kept = nullptr;
   script.validate = [&](const msp_call* call) {
      kept = call;
      return report_identity(call), MSP_ACCEPTED;
   };
   const auto plugin = script.load();
   auto connection =
       plugin->connect(std::move(*check_settings(plugin->manifest(), sample_settings()).settings)).value();
   (void)connection.run(Operation::validate_credentials, {});
   const auto request = get("https://api.example.com/");
   const msp_http_response* response = nullptr;
   http_table().send(nullptr, kept, &request, 1, &response);
   ASSERT_NE(response, nullptr);
   EXPECT_EQ(response->outcome, MSP_FAILED);
   EXPECT_THAT(summary(response), HasSubstr("after its operation had ended, against rule P16"));
   EXPECT_EQ(response->header(response, "Date", 0), nullptr);
   EXPECT_EQ(body(response), "");
}

}  // namespace
}  // namespace msp::host
