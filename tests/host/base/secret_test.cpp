#include "msp/host/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <string_view>
#include <type_traits>

// The thread sanitizer brings allocation functions of its own, which cannot be replaced.
#if defined(__SANITIZE_THREAD__)
#define MSP_OWN_ALLOCATION 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MSP_OWN_ALLOCATION 0
#endif
#endif
#if !defined(MSP_OWN_ALLOCATION)
#define MSP_OWN_ALLOCATION 1
#endif

#if MSP_OWN_ALLOCATION
namespace {

// The place that a test watches, and what stood there when it was given back.
const void* watched = nullptr;
std::string given_back;

void free_watched(void* memory) noexcept {
   if (memory && memory == watched) given_back.assign(static_cast<const char*>(memory), given_back.size());
   std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
   if (void* memory = std::malloc(size)) return memory;
   throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { free_watched(memory); }
void operator delete(void* memory, std::size_t) noexcept { free_watched(memory); }
void* operator new[](std::size_t size) {
   if (void* memory = std::malloc(size)) return memory;
   throw std::bad_alloc();
}
void operator delete[](void* memory) noexcept { free_watched(memory); }
void operator delete[](void* memory, std::size_t) noexcept { free_watched(memory); }
#endif

namespace msp::host {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
   out << value;
};
static_assert(!Printable<SecretBytes>, "a secret cannot be printed by accident");

TEST(Secret, wipe_overwrites_every_byte_and_nothing_else) {
   std::array<char, 8> memory{'s', 'e', 'c', 'r', 'e', 't', '!', '!'};
   wipe(memory.data(), 6);
   EXPECT_EQ(memory, (std::array<char, 8>{0, 0, 0, 0, 0, 0, '!', '!'}));
   wipe(nullptr, 0);
}

TEST(Secret, holds_its_bytes_and_ends_in_a_nul) {
   const SecretBytes secret(std::string_view("a\0b", 3));
   EXPECT_EQ(secret.view(), std::string_view("a\0b", 3));
   EXPECT_EQ(secret.view().data()[3], '\0');
   EXPECT_STREQ(SecretBytes().view().data(), "");
}

TEST(Secret, what_was_moved_from_is_empty) {
   SecretBytes source("correct horse");
   SecretBytes target(std::move(source));
   EXPECT_TRUE(source.empty());
   EXPECT_EQ(target.view(), "correct horse");
   SecretBytes other("battery");
   other = std::move(target);
   EXPECT_TRUE(target.empty());
   EXPECT_EQ(other.view(), "correct horse");
}

#if MSP_OWN_ALLOCATION
// What stood in the memory of `text` when that is given back.
std::string memory_of(std::string text) {
   given_back.assign(text.capacity(), '?');
   watched = text.data();
   { const std::string gone(std::move(text)); }
   watched = nullptr;
   return given_back;
}

TEST(Secret, the_test_sees_what_a_string_gives_back) {
   EXPECT_EQ(std::ranges::count(memory_of(std::string(100, 's')), 's'), 100);
}

TEST(Secret, wiping_a_string_reaches_what_it_held_before_it_was_cut_short) {
   for (const std::size_t left : {0U, 3U, 99U, 100U}) {
      std::string text(100, 's');
      text.resize(left);
      wipe(text);
      EXPECT_TRUE(text.empty());
      EXPECT_EQ(std::ranges::count(memory_of(std::move(text)), 's'), 0) << left;
   }
}

TEST(Secret, taking_a_string_over_wipes_where_it_came_from) {
   std::string source(200, 's');
   const SecretBytes secret = SecretBytes::take(source);
   EXPECT_EQ(secret.view(), std::string(200, 's'));
   EXPECT_TRUE(source.empty());
   EXPECT_EQ(std::ranges::count(memory_of(std::move(source)), 's'), 0);
}

TEST(Secret, gives_no_memory_back_before_it_is_wiped) {
   const std::string text = "correct horse battery";
   const auto watch = [&text](const SecretBytes& secret) {
      watched = secret.view().data();
      given_back.assign(text.size(), '?');
   };
   const std::string zeroes(text.size(), '\0');
   {
      const SecretBytes secret(text);
      watch(secret);
   }
   EXPECT_EQ(given_back, zeroes) << "destroyed";
   SecretBytes secret(text);
   watch(secret);
   secret = SecretBytes("another");
   EXPECT_EQ(given_back, zeroes) << "replaced";
   watched = nullptr;
}
#endif

TEST(Secret, a_copy_is_made_only_when_asked_for) {
   const SecretBytes secret("correct horse");
   const SecretBytes copy = secret.copy();
   EXPECT_EQ(copy.view(), secret.view());
   EXPECT_NE(copy.view().data(), secret.view().data());
}

}  // namespace
}  // namespace msp::host
