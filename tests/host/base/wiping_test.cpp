// What is given back to the allocator holds no secret: every block is looked at when it is freed.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/allowed_hosts.hpp"
#include "contract/call_http.hpp"
#include "contract/reports.hpp"
#include "net/request_path.hpp"
#include "redaction/known_secrets.hpp"
#include "redaction/redaction_needles.hpp"
#include "tests/host/contract/scripted_plugin.hpp"
#include "tests/host/net/http_service_scene.hpp"
#if defined(__linux__)
#include <sys/wait.h>
#include <unistd.h>
#endif

// The sanitizers bring allocation functions of their own, which cannot be replaced.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define MSP_OWN_ALLOCATION 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define MSP_OWN_ALLOCATION 0
#endif
#endif
#if !defined(MSP_OWN_ALLOCATION)
#define MSP_OWN_ALLOCATION 1
#include <malloc.h>
#endif

namespace {

std::atomic<const char*> watched{nullptr};  // no std::string: it would allocate
std::atomic<int> given_back{0};
std::atomic<const void*> awaited{nullptr};  // null again once this block was given back

#if MSP_OWN_ALLOCATION
void* zeroed(std::size_t size) {
   if (void* memory = std::calloc(1, size)) return memory;
   throw std::bad_alloc();
}

void look_at(void* memory) noexcept {
   const char* secret = watched.load();
   const void* block = memory;
   if (memory) awaited.compare_exchange_strong(block, nullptr);
   if (memory && secret && memmem(memory, malloc_usable_size(memory), secret, std::strlen(secret)) != nullptr)
      ++given_back;
   std::free(memory);
}
#endif

}  // namespace

#if MSP_OWN_ALLOCATION
void* operator new(std::size_t size) { return zeroed(size); }
void* operator new[](std::size_t size) { return zeroed(size); }
void operator delete(void* memory) noexcept { look_at(memory); }
void operator delete[](void* memory) noexcept { look_at(memory); }
void operator delete(void* memory, std::size_t) noexcept { look_at(memory); }
void operator delete[](void* memory, std::size_t) noexcept { look_at(memory); }
#endif

namespace msp::host {
namespace {

using namespace std::chrono_literals;

// Long enough for memory of its own in a std::string.
constexpr const char* kSecret = "Canary-7Qx!pw-Zz93-and-some-more-of-it";
constexpr const char* kHex = "43616e6172792d375178";         // how it begins
constexpr const char* kBase64 = "Q2FuYXJ5LTdReCFwdy1aejkz";  // how "Canary..." begins

// How many blocks that held `text` are given back while `work` is done.
template <class Work>
int blocks_with(const char* text, Work work) {
   given_back = 0;
   watched = text;
   work();
   watched = nullptr;
   return given_back;
}

class Wiping : public testing::Test {
 protected:
   void SetUp() override {
      if (!MSP_OWN_ALLOCATION) GTEST_SKIP() << "the allocator cannot be replaced here";
   }
};

TEST(HttpRequest, is_taken_over_by_whoever_sends_it) {
   NetworkOptions options;
   options.connect_to = {"api.example.com:443:127.0.0.1:1"};
   HttpService service(options);
   std::array<HttpRequest, 1> sent{test::get(std::string("/?key=") + kSecret)};
   sent[0].headers.emplace_back("Authorization", SecretBytes(kSecret));
   sent[0].body = SecretBytes(kSecret);
   static_cast<void>(service.perform(sent, test::Clock::now() + 20s, {}));
   EXPECT_EQ(sent[0].url, "");
   EXPECT_TRUE(sent[0].headers[0].second.empty());
   EXPECT_TRUE(sent[0].body.empty());
}

TEST_F(Wiping, the_test_notices_a_block_that_is_not_wiped) {
   EXPECT_EQ(blocks_with(kSecret, [] { const std::string careless(std::string("x") + kSecret); }), 1);
   EXPECT_EQ(blocks_with(kSecret, [] { const SecretBytes careful{std::string_view(kSecret)}; }), 0);
}

// In front of a port where nobody listens: a simulator in this process would keep copies of its own.
TEST_F(Wiping, a_request_s_credentials_are_wiped_wherever_they_stand) {
   NetworkOptions options;
   options.connect_to = {"api.example.com:443:127.0.0.1:1"};
   auto sent = test::get(std::string("/?key=") + kSecret);
   sent.headers.emplace_back("Authorization", SecretBytes("Bearer " + std::string(kSecret)));
   sent.body = SecretBytes("token=" + std::string(kSecret));
   HttpResponse response;
   EXPECT_EQ(blocks_with(kSecret,
                         [&] {
                            HttpService service(options);  // at its end nothing is under way any more
                            response = test::perform(service, std::move(sent));
                         }),
             0);
   EXPECT_EQ(response.problem.code, "net.connect") << "the request was not made, so this proved nothing";
}

TEST_F(Wiping, a_request_that_is_not_made_is_wiped_too) {
   for (const char* method : {"GET", "TRACE"}) {
      std::vector<HttpRequest> requests;
      requests.push_back(test::request(method, std::string("/?key=") + kSecret));
      EXPECT_EQ(blocks_with(kSecret,
                            [&] {
                               HttpService service({});
                               static_cast<void>(test::perform(service, std::move(requests), 0ms));
                            }),
                0)
          << method;
   }
}

TEST_F(Wiping, a_key_in_the_query_leaves_no_copy) {
   constexpr const char* kEscaped = "Canary-7Qx%21pw-Zz93-and-some-more-of-it";
   std::vector<std::pair<std::string, SecretBytes>> query;
   for (const char* name : {"key", "again", "and_again"}) query.emplace_back(name, SecretBytes(kSecret));
   std::string address;
   EXPECT_EQ(blocks_with(kEscaped, [&] { address = with_query("https://api.example.com/", query); }), 0);
   EXPECT_NE(address.find(std::string("&again=") + kEscaped), std::string::npos) << address;
}

#if defined(__linux__)
// A platform in a process of its own, whose copies are not looked at.
class PlatformElsewhere {
 public:
   explicit PlatformElsewhere(const sim::Handler& handler) {
      authority_.write(scratch_.path() / "ca.pem");
      const sim::Certificate certificate = authority_.issue({std::string(test::kHost)});
      std::array<int, 2> told{}, alive{};
      if (pipe(told.data()) != 0 || pipe(alive.data()) != 0) throw std::runtime_error("no pipe");
      child_ = fork();
      if (child_ == 0) {
         close(alive[1]);
         const sim::HttpsServer server(certificate, handler);
         const std::string place = server.connect_to(test::kHost) + "\n";
         char end = 0;
         const bool done = write(told[1], place.data(), place.size()) < 0 || read(alive[0], &end, 1) >= 0;
         _exit(done ? 0 : 1);
      }
      close(told[1]);
      close(alive[0]);
      alive_ = alive[1];
      std::string place;
      for (char c = 0; read(told[0], &c, 1) == 1 && c != '\n';) place += c;
      close(told[0]);
      options.ca_file = scratch_.path() / "ca.pem";
      options.connect_to = {place};
   }
   ~PlatformElsewhere() {
      close(alive_);
      waitpid(child_, nullptr, 0);
   }
   PlatformElsewhere(const PlatformElsewhere&) = delete;
   PlatformElsewhere& operator=(const PlatformElsewhere&) = delete;

   NetworkOptions options;

 private:
   sim::CertificateAuthority authority_;
   sim::ScratchDirectory scratch_;
   pid_t child_ = -1;
   int alive_ = -1;
};

TEST_F(Wiping, an_answer_is_wiped_whatever_became_of_it) {
   const std::string large = kSecret + std::string(200'000, 'x') + kSecret;
   const PlatformElsewhere platform([&](const sim::Request& request) {
      sim::Reply reply = sim::Reply::json(request.path == "/small" ? kSecret : large);
      reply.headers.emplace_back("Set-Cookie", std::string("session=") + kSecret);
      if (request.path == "/cut") reply.fault = sim::Fault::truncated;
      if (request.path == "/too_long") reply.body += std::string(MSP_HTTP_BODY_MAX, 'x');
      return reply;
   });
   for (const char* path : {"/small", "/large", "/cut", "/too_long"}) {
      Outcome outcome = Outcome::failed;
      std::size_t size = 0;
      const int blocks = blocks_with(kSecret, [&] {
         HttpService service(platform.options);
         const HttpResponse response = test::perform(service, test::get(path));
         outcome = response.outcome;
         size = response.body.size();
      });
      EXPECT_EQ(blocks, 0) << path;
      const bool complete = std::string_view(path) == "/small" || std::string_view(path) == "/large";
      EXPECT_EQ(outcome, complete ? Outcome::accepted : Outcome::unavailable) << path;
      EXPECT_EQ(size > 0, complete) << path;
   }
}
#endif

// What the plugin was given lives on as an empty struct; what the platform said does not.
TEST_F(Wiping, answers_go_when_their_operation_ends_and_not_later) {
   auto manifest = sample_manifest();
   manifest.hosts = {"webservices.example.com"};
   const AllowedHosts hosts(manifest, {});
   Redactor redactor;
   KnownSecrets secrets(redactor);
   CallHttp http(manifest, hosts, secrets, [](auto, auto, auto) {
      std::vector<HttpResponse> answers(1);
      answers[0].outcome = Outcome::accepted;
      answers[0].status = 200;
      answers[0].headers.emplace_back("Set-Cookie", SecretBytes(kSecret));
      answers[0].body = SecretBytes(kSecret);
      return answers;
   });
   msp_http_request request{};
   request.struct_size = sizeof(request);
   request.method = "GET";
   request.url = "https://webservices.example.com/";
   const msp_http_response* response = nullptr;
   http.send(&request, 1, &response, {}, {});
   std::uint64_t size = 0;
   const char* body = response->body(response, &size);
   EXPECT_STREQ(body, kSecret);
   awaited = body;
   EXPECT_EQ(blocks_with(kSecret, [&] { http.clear(); }), 0);
   EXPECT_EQ(awaited.load(), nullptr) << "the body is still there";
   EXPECT_STREQ(response->body(response, &size), "");
}

TEST_F(Wiping, the_shapes_of_a_secret_are_wiped_when_nobody_needs_them) {
   for (const char* shape :
        {kSecret, "canary-7qx!pw-zz93-and-some-more-of-it", kHex, kBase64, "q2fuyxj5ltdrecfwdy1aejkz"}) {
      EXPECT_EQ(blocks_with(shape,
                            [] {
                               Redactor redactor;
                               const auto lease = redactor.add(kSecret);
                            }),
                0)
          << shape;
   }
}

TEST_F(Wiping, a_text_that_was_searched_leaves_no_copy) {
   Redactor redactor;
   const auto lease = redactor.add(kSecret);
   const std::string text =
       std::string("said: ") + kSecret + " %43anary-7Qx!pw-Zz93-and-some-more-of-it &#67;anary \\x43";
   for (const char* shape : {kSecret, "canary-7qx!pw-zz93-and-some-more-of-it"}) {
      std::string clean;
      EXPECT_EQ(blocks_with(shape, [&] { clean = redactor.redact_foreign(text); }), 0) << shape;
      EXPECT_EQ(clean.find("anary-7Qx"), std::string::npos);
   }
}

TEST_F(Wiping, a_finding_that_repeats_a_secret_leaves_no_copy) {
   const Manifest manifest = sample_manifest();
   const AllowedHosts hosts(manifest, {});
   Redactor redactor;
   KnownSecrets secrets(redactor);
   secrets.add(kSecret);
   const std::map<std::string, std::string, std::less<>> values;
   const std::string text = std::string("The platform says: ") + kSecret;
   msp_finding finding{};
   finding.struct_size = sizeof finding;
   finding.severity = MSP_WARNING;
   finding.code = "auth.rejected";
   finding.summary = finding.remedy = text.c_str();
   EXPECT_EQ(blocks_with(kSecret,
                         [&] {
                            Reports reports(Operation::authenticate, manifest, hosts, redactor, secrets, values, 0);
                            reports.add(&finding);
                         }),
             0);
}

TEST_F(Wiping, credentials_are_wiped_with_their_connection) {
   Redactor redactor;
   const std::string basic = "Basic amFuZTpDYW5hcnktN1F4IXB3LVp6OTMtYW5kLXNvbWUtbW9yZS1vZi1pdA==";
   for (const char* shape : {kSecret, "amFuZTpDYW5hcnktN1F4IXB3LVp6OTMt", "jane:Canary-7Qx!pw-Zz93"}) {
      EXPECT_EQ(blocks_with(shape,
                            [&] {
                               KnownSecrets secrets(redactor);
                               secrets.add(kSecret);
                               secrets.add_credentials(basic);
                            }),
                0)
          << shape;
   }
}

}  // namespace
}  // namespace msp::host
