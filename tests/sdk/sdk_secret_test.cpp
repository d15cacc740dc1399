#include "msp/sdk/secret.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>

namespace {

using msp::sdk::Secret;

template <class T, class = void>
constexpr bool kPrintable = false;
template <class T>
constexpr bool kPrintable<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>> = true;

static_assert(kPrintable<std::string>);
static_assert(!kPrintable<Secret>, "a secret cannot be printed");
static_assert(!std::is_copy_constructible_v<Secret>, "a secret is copied on purpose only");

TEST(SdkSecret, wiping_a_text_leaves_nothing_in_its_memory) {
   std::string text = "a password long enough for the heap";
   const char* memory = text.data();
   const std::size_t size = text.size();
   msp::sdk::wipe(text);
   EXPECT_TRUE(text.empty());
   EXPECT_EQ(text.data(), memory);  // still ours to look at
   EXPECT_EQ(std::string(memory, memory + size), std::string(size, '\0'));
}

TEST(SdkSecret, what_it_was_made_from_or_moved_from_is_empty) {
   std::string text = "short";
   Secret first = Secret::take(std::move(text));
   EXPECT_TRUE(text.empty());
   Secret second = std::move(first);
   EXPECT_TRUE(first.empty());
   EXPECT_EQ(second.view(), "short");
   first = std::move(second);
   EXPECT_TRUE(second.empty());
   EXPECT_EQ(first.view(), "short");
   EXPECT_EQ(first.copy().view(), "short");
}

TEST(SdkSecret, parts_are_joined) { EXPECT_EQ(Secret::join({"user", ":", "token"}).view(), "user:token"); }

}  // namespace
