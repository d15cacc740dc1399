// What is given back to the allocator holds no secret: every block is looked at when it is freed.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include "redaction/known_secrets.hpp"
#include "redaction/redaction_needles.hpp"
#include "tests/host/net/http_service_scene.hpp"

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

#if MSP_OWN_ALLOCATION
void* zeroed(std::size_t size) {
   if (void* memory = std::calloc(1, size)) return memory;
   throw std::bad_alloc();
}

void look_at(void* memory) noexcept {
   const char* secret = watched.load();
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

TEST_F(Wiping, the_test_notices_a_block_that_is_not_wiped) {
   EXPECT_EQ(blocks_with(kSecret, [] { const std::string careless(std::string("x") + kSecret); }), 1);
   EXPECT_EQ(blocks_with(kSecret, [] { const SecretBytes careful{std::string_view(kSecret)}; }), 0);
}

// In front of a port where nobody listens: a simulator in this process would keep copies of its own.
TEST_F(Wiping, a_request_s_header_line_with_the_credentials_is_wiped) {
   NetworkOptions options;
   options.connect_to = {"api.example.com:443:127.0.0.1:1"};
   auto service = HttpService(options);
   auto sent = test::get("/");
   sent.headers.emplace_back("Authorization", SecretBytes("Bearer " + std::string(kSecret)));
   sent.body = SecretBytes("token=" + std::string(kSecret));
   HttpResponse response;
   EXPECT_EQ(blocks_with(kSecret, [&] { response = test::perform(service, std::move(sent)); }), 0);
   EXPECT_EQ(response.problem.code, "net.connect") << "the request was not made, so this proved nothing";
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
