#include "isolation/frame.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "isolation/messages.hpp"

namespace msp::isolation {
namespace {

constexpr std::size_t kMaxText = 5;
constexpr std::size_t kMaxItems = 3;

struct Everything {
   static constexpr std::uint8_t kType = 99;
   std::int8_t small = 0;
   std::uint64_t large = 0;
   std::int64_t negative = 0;
   bool flag = false;
   std::string_view text;
   std::optional<std::string_view> optional;
   std::string_view bytes;
   std::vector<std::string_view> list;

   static void fields(auto& self, auto& wire) {
      wire.number(self.small);
      wire.number(self.large);
      wire.number(self.negative);
      wire.flag(self.flag);
      wire.text(self.text, kMaxText);
      wire.optional_text(self.optional, kMaxText);
      wire.bytes(self.bytes, kMaxText);
      wire.list(self.list, kMaxItems, [&wire](auto& item) { wire.text(item, kMaxText); });
   }
   friend bool operator==(const Everything&, const Everything&) = default;
};

Everything example() {
   return {-128,
           std::numeric_limits<std::uint64_t>::max(),
           -2,
           true,
           "five!",
           "",
           std::string_view("\0\xFF", 2),
           {"a", "", "ccccc"}};
}

Frame frame_of(std::uint8_t type, std::string_view payload) {
   WipedBytes bytes;
   for (const std::size_t byte : {payload.size() & 0xFFU, payload.size() >> 8U, std::size_t{0}, std::size_t{0}}) {
      bytes.append(static_cast<char>(byte));
   }
   bytes.append(static_cast<char>(type));
   bytes.append(payload);
   return Frame(std::move(bytes));
}

TEST(WipedBytes, keep_what_they_held_when_they_grow_and_when_they_move) {
   WipedBytes bytes("abc");
   for (int i = 0; i < 1000; ++i) bytes.append('x');
   EXPECT_EQ(bytes.view(), "abc" + std::string(1000, 'x'));
   const WipedBytes other = std::move(bytes);
   EXPECT_EQ(other.size(), 1003U);
   EXPECT_TRUE(WipedBytes("").empty());
}

TEST(Frame, a_message_arrives_as_it_was_sent) {
   const auto frame = encode(example());
   ASSERT_TRUE(frame);
   EXPECT_EQ(frame->type(), Everything::kType);
   EXPECT_EQ(payload_size(frame->bytes().data()), frame->payload().size());
   EXPECT_EQ(decode<Everything>(*frame), example());
   const auto nothing = encode(Everything{});
   ASSERT_TRUE(nothing);
   EXPECT_EQ(decode<Everything>(*nothing), Everything{});
}

TEST(Frame, a_text_of_a_received_message_is_a_c_string) {
   const auto frame = encode(example());
   ASSERT_TRUE(frame);
   const auto message = decode<Everything>(*frame);
   ASSERT_TRUE(message);
   EXPECT_STREQ(message->text.data(), "five!");
   EXPECT_STREQ(message->optional->data(), "");
}

TEST(Frame, an_absent_text_is_not_an_empty_one) {
   Everything message;
   EXPECT_EQ(decode<Everything>(*encode(message))->optional, std::nullopt);
   message.optional = "";
   EXPECT_EQ(decode<Everything>(*encode(message))->optional, "");
}

struct Bound {
   const char* name;
   void (*exceed)(Everything&);
};
const Bound kBounds[] = {
    {"text", [](Everything& of) { of.text = "beyond"; }},
    {"optional", [](Everything& of) { of.optional = "beyond"; }},
    {"bytes", [](Everything& of) { of.bytes = "beyond"; }},
    {"list",
     [](Everything& of) {
        of.list = {"", "", "", ""};
     }},
    {"text_in_list", [](Everything& of) { of.list = {"beyond"}; }},
    {"nul_in_text", [](Everything& of) { of.text = std::string_view("a\0b", 3); }},
    {"nul_in_optional", [](Everything& of) { of.optional = std::string_view("\0", 1); }},
};

// The same fields without bounds: what a peer of another mind sends.
struct Unbounded : Everything {
   static void fields(auto& self, auto& wire) {
      wire.number(self.small);
      wire.number(self.large);
      wire.number(self.negative);
      wire.flag(self.flag);
      const auto as_text = [&wire](std::string_view text) {
         wire.bytes(text, kMaxPayload);
         wire.number(std::uint8_t{0});
      };
      as_text(self.text);
      wire.flag(self.optional.has_value());
      if (self.optional) as_text(*self.optional);
      wire.bytes(self.bytes, kMaxPayload);
      wire.list(self.list, kMaxPayload, as_text);
   }
};

class FrameBounds : public testing::TestWithParam<Bound> {};

TEST_P(FrameBounds, one_beyond_is_neither_sent_nor_taken) {
   Unbounded message{example()};
   ASSERT_EQ(decode<Everything>(*encode(message)), example());  // exactly at every bound
   GetParam().exceed(message);
   EXPECT_FALSE(encode(static_cast<const Everything&>(message)));
   EXPECT_FALSE(decode<Everything>(*encode(message)));
}

INSTANTIATE_TEST_SUITE_P(Fields, FrameBounds, testing::ValuesIn(kBounds),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Frame, a_message_that_is_cut_anywhere_or_too_long_is_refused) {
   const auto frame = encode(example());
   ASSERT_TRUE(frame);
   const std::string payload(frame->payload());
   for (std::size_t size = 0; size < payload.size(); ++size) {
      EXPECT_FALSE(decode<Everything>(frame_of(Everything::kType, payload.substr(0, size)))) << size;
   }
   EXPECT_TRUE(decode<Everything>(frame_of(Everything::kType, payload)));
   EXPECT_FALSE(decode<Everything>(frame_of(Everything::kType, payload + '\0')));
   EXPECT_FALSE(decode<Everything>(frame_of(Everything::kType + 1, payload)));
   EXPECT_FALSE(decode<Everything>(Frame()));
}

struct Text {
   static constexpr std::uint8_t kType = 7;
   std::string_view text;
   static void fields(auto& self, auto& wire) { wire.text(self.text, kMaxPayload); }
};
struct Flag {
   static constexpr std::uint8_t kType = 7;
   bool flag = false;
   static void fields(auto& self, auto& wire) { wire.flag(self.flag); }
};
struct Flags {
   static constexpr std::uint8_t kType = 7;
   std::vector<Flag> list;
   static void fields(auto& self, auto& wire) {
      wire.list(self.list, kMaxPayload, [&wire](auto& item) { Flag::fields(item, wire); });
   }
};

TEST(Frame, a_text_without_its_nul_and_a_flag_that_is_neither_are_refused) {
   EXPECT_TRUE(decode<Text>(frame_of(7, std::string("\1\0\0\0a\0", 6))));
   EXPECT_FALSE(decode<Text>(frame_of(7, std::string("\1\0\0\0aa", 6))));
   EXPECT_FALSE(decode<Text>(frame_of(7, std::string("\1\0\0\0\0\0", 6))));
   EXPECT_TRUE(decode<Flag>(frame_of(7, "\1")));
   EXPECT_FALSE(decode<Flag>(frame_of(7, "\2")));
}

// A short frame cannot make the reader reserve memory for a long list.
TEST(Frame, a_list_is_no_longer_than_its_frame) {
   EXPECT_TRUE(decode<Flags>(frame_of(7, std::string("\2\0\0\0\1\0", 6))));
   EXPECT_FALSE(decode<Flags>(frame_of(7, std::string("\xFF\xFF\xFF\0\1\0", 6))));
}

TEST(Frame, the_longest_payload_can_be_sent_and_one_byte_more_cannot) {
   const std::string text(kMaxPayload - 5, 'x');  // its length before it, its NUL behind it
   const auto frame = encode(Text{text});
   ASSERT_TRUE(frame);
   EXPECT_EQ(frame->payload().size(), kMaxPayload);
   EXPECT_EQ(decode<Text>(*frame)->text, text);
   EXPECT_FALSE(encode(Text{text + 'x'}));
}

TEST(Frame, the_messages_of_a_start_keep_their_fields) {
   const Start start{"id", "/p/a.so", {"libm.so.6", "libc.so.6"}, std::uint64_t{512} << 20, 300, "console", "7"};
   const auto started = encode(start);
   ASSERT_TRUE(started);
   const auto read = decode<Start>(*started);
   ASSERT_TRUE(read);
   EXPECT_EQ(read->libraries, start.libraries);
   EXPECT_EQ(read->plugin_path, start.plugin_path);
   EXPECT_EQ(read->memory_bytes, start.memory_bytes);
   EXPECT_EQ(read->host_name, start.host_name);
   EXPECT_EQ(read->host_version, start.host_version);
   const auto confined = encode(Confined{"id", {{"seccomp", true, ""}, {"landlock", false, "It is absent."}}, 4096});
   ASSERT_TRUE(confined);
   EXPECT_EQ(decode<Confined>(*confined)->layers.at(1).detail, "It is absent.");
   EXPECT_EQ(decode<ForbiddenCall>(*encode(ForbiddenCall{-1}))->number, -1);
   EXPECT_EQ(decode<Refused>(*encode(Refused{Refused::not_loaded, "why"}))->cause, Refused::not_loaded);
}

}  // namespace
}  // namespace msp::isolation
