#include "msp/host/redaction.hpp"

#include <gtest/gtest.h>

#include "own_texts.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace msp::host {
namespace {

std::string base64(std::string_view bytes, std::string_view last_two = "+/") {
   const std::string alphabet =
       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + std::string(last_two);
   std::string text;
   unsigned value = 0;
   int bits = 0;
   for (const char byte : bytes) {
      value = value << 8 | static_cast<unsigned char>(byte);
      for (bits += 8; bits >= 6; bits -= 6) text += alphabet[value >> (bits - 6) & 63];
   }
   if (bits > 0) text += alphabet[value << (6 - bits) & 63];
   while (text.size() % 4 != 0) text += '=';
   return text;
}

// A secret with everything that encoders treat differently: space, $, +, /, %, quote, backslash, é, an emoji, controls.
constexpr std::string_view kSecret = "Pa$$ w0rd/+%41\"\\\xC3\xA9\xF0\x9F\x98\x80\x01<z>";

TEST(Redaction, finds_a_secret_in_every_shape_it_travels_in) {
   struct {
      const char* shape;
      std::string text;
   } const cases[] = {
       {"raw", std::string(kSecret)},
       {"percent, upper case", "Pa%24%24%20w0rd%2F%2B%2541%22%5C%C3%A9%F0%9F%98%80%01%3Cz%3E"},
       {"percent, lower case", "Pa%24%24%20w0rd%2f%2b%2541%22%5c%c3%a9%f0%9f%98%80%01%3cz%3e"},
       {"percent, as little as possible", "Pa$$%20w0rd/+%2541%22%5C%C3%A9%F0%9F%98%80%01%3Cz%3E"},
       {"percent, everything", "%50%61%24%24%20%77%30%72%64%2F%2B%25%34%31%22%5C%C3%A9%F0%9F%98%80%01%3C%7A%3E"},
       {"form", "Pa%24%24+w0rd%2F%2B%2541%22%5C%C3%A9%F0%9F%98%80%01%3Cz%3E"},
       {"JSON", "Pa$$ w0rd/+%41\\\"\\\\\xC3\xA9\xF0\x9F\x98\x80\\u0001<z>"},
       {"JSON, slash escaped", "Pa$$ w0rd\\/+%41\\\"\\\\\xC3\xA9\xF0\x9F\x98\x80\\u0001<z>"},
       {"JSON, ASCII only", "Pa$$ w0rd/+%41\\\"\\\\\\u00e9\\uD83D\\uDE00\\u0001\\u003cz\\u003E"},
       {"JSON in JSON", "Pa$$ w0rd/+%41\\\\\\\"\\\\\\\\\xC3\xA9\xF0\x9F\x98\x80\\\\u0001<z>"},
       {"percent, twice",
        "Pa%2524%2524%2520w0rd%252F%252B%252541%2522%255C%25C3%25A9%25F0%259F%2598%2580%2501%253Cz%253E"},
       {"hexadecimal",
        "5061242420773072642f2b2534312"
        "25cc3a9f09f9880013c7a3e"},
       {"hexadecimal, upper case",
        "5061242420773072642F2B2534312"
        "25CC3A9F09F9880013C7A3E"},
   };
   Redactor redactor;
   const auto lease = redactor.add(kSecret);
   for (const auto& c : cases)
      EXPECT_EQ(redactor.apply("before " + c.text + " after"), "before [redacted] after") << c.shape;
}

TEST(Redaction, finds_a_secret_inside_base64_at_every_alignment) {
   Redactor redactor;
   const auto lease = redactor.add(kSecret);
   for (const std::string_view alphabet : {"+/", "-_"})
      for (const std::string before : {"", "u", "us", "usr"})
         for (const std::string after : {"", "x", "xy"}) {
            const std::string text = base64(before + std::string(kSecret) + after, alphabet);
            const std::string result = redactor.apply("Basic " + text);
            EXPECT_NE(result.find("[redacted]"), std::string::npos) << text;
            // Only the characters that a neighbour has a part in may be left over.
            EXPECT_LE(result.size(), std::string("Basic ").size() + 10 + 6 + 4) << result;
         }
}

TEST(Redaction, finds_base64_whose_slash_a_json_or_url_writer_escaped) {
   Redactor redactor;
   const auto lease = redactor.add("\xFF\xFF\xFF\xFF\xFF\xFF");
   EXPECT_EQ(redactor.apply("\\/\\/\\/\\/\\/\\/\\/\\/"), "[redacted]");
   EXPECT_EQ(redactor.apply("%2F%2f%2F%2F%2F%2F%2F%2F"), "[redacted]");
}

TEST(Redaction, replaces_an_escape_wholly_even_when_the_secret_takes_only_a_part_of_it) {
   Redactor redactor;
   const auto lease = redactor.add("caf\xC3");  // the first half of an é
   EXPECT_EQ(redactor.apply("caf\\u00e9!"), "[redacted]!");
}

TEST(Redaction, takes_the_longest_of_secrets_that_start_alike) {
   Redactor redactor;
   const auto first = redactor.add("secret");
   const auto second = redactor.add("secret-of-two");
   EXPECT_EQ(redactor.apply("a secret-of-two b secret c"), "a [redacted] b [redacted] c");
}

TEST(Redaction, covers_all_of_secrets_that_overlap) {
   Redactor redactor;
   const auto first = redactor.add("abcdef");
   const auto second = redactor.add("defghi");
   EXPECT_EQ(redactor.apply("<abcdefghi>"), "<[redacted]>");
}

TEST(Redaction, never_marks_a_text_twice) {
   Redactor redactor;
   std::vector<Redactor::Lease> leases;
   for (const auto* secret : {"redacted", "[redacted]", "acted] and", "hunter22"})
      leases.push_back(redactor.add(secret));
   const std::string once = redactor.apply("a hunter22 and hunter22");
   EXPECT_EQ(once, "a [redacted] and [redacted]");
   EXPECT_EQ(redactor.apply("x [redacted] y"), "x [redacted] y");
   EXPECT_EQ(redactor.apply("x [redacted] and y"), "x [redacted] y");
}

TEST(Redaction, forgets_a_secret_with_its_lease_unless_another_lease_keeps_it) {
   Redactor redactor;
   std::optional first = redactor.add("hunter22");
   std::optional second = redactor.add("hunter22");
   first.reset();
   EXPECT_EQ(redactor.apply("hunter22"), "[redacted]");
   second.reset();
   EXPECT_EQ(redactor.apply("hunter22"), "hunter22");
}

TEST(Redaction, a_secret_that_stays_is_found_however_many_come_and_go) {
   Redactor redactor;
   const auto stays = redactor.add("Stays$behind#1");
   for (int i = 0; i < 2'000; ++i) {
      const std::string passing = "Passes$by#" + std::to_string(i);
      const auto lease = redactor.add(passing);
      ASSERT_EQ(redactor.apply(passing + " Stays$behind#1"), "[redacted] [redacted]") << i;
   }
   EXPECT_EQ(redactor.apply("Passes$by#1999 Stays$behind#1"), "Passes$by#1999 [redacted]");
}

TEST(Redaction, a_lease_may_be_moved_and_replaced) {
   Redactor redactor;
   Redactor::Lease lease = redactor.add("hunter22");
   lease = redactor.add("correct horse");
   EXPECT_EQ(redactor.apply("hunter22 correct horse"), "hunter22 [redacted]");
}

TEST(Redaction, a_lease_may_outlive_its_redactor) {
   auto redactor = std::make_unique<Redactor>();
   auto lease = redactor->add("hunter22");
   redactor.reset();
   lease = {};
}

TEST(Redaction, leaves_alone_what_is_too_short_to_be_told_from_ordinary_text) {
   Redactor redactor;
   const auto three = redactor.add("abc");
   const auto four = redactor.add("wxyz");
   EXPECT_EQ(redactor.apply("abc abc"), "abc abc");
   EXPECT_EQ(redactor.apply("wxyz"), "[redacted]");
   EXPECT_EQ(redactor.apply(base64("u:wxyz")).find("wxyz"), std::string::npos);
}

// Taken out of a sentence that everybody knows, a word would be told by its absence.
TEST(Redaction, a_secret_that_reads_like_a_word_of_the_plugin_is_told_by_no_sentence_of_the_plugin) {
   OwnTexts own;
   own.add("The user may not edit tickets of other people.");
   own.add("Open a ticket");
   own.add("Let somebody give the user the right to ");
   for (const char* secret : {"tick", "ticket", "tickets", "edit", "edit tickets"}) {
      Redactor redactor;
      const auto lease = redactor.add(secret);
      for (const char* sentence : {"The user may not edit tickets of other people.", "Open a ticket",
                                   "Sorry. The user may not edit tickets of other people. Open a ticket"})
         EXPECT_EQ(redactor.apply(sentence, &own), sentence) << secret;
   }
}

TEST(Redaction, a_secret_that_the_platform_repeats_is_taken_out_however_everyday_it_is) {
   OwnTexts own;
   own.add("The user may not edit tickets of other people.");
   own.add("VSA says: ");
   Redactor redactor;
   const auto lease = redactor.add("ticket");
   struct {
      std::string said, wanted;
   } const cases[] = {
       {"ticket", "[redacted]"},
       {"The password ticket is wrong.", "The password [redacted] is wrong."},
       {"VSA says: ticket", "VSA says: [redacted]"},
       {"VSA says: not edit ticket!", "VSA says: not edit [redacted]!"},
       {"{\"password\":\"ticket\"}", "{\"password\":\"[redacted]\"}"},
       {"%74icket dGlja2V0 7469636b6574", "[redacted] [redacted] [redacted]"},
       {"The user may not edit tickets of other people. (ticket)",
        "The user may not edit tickets of other people. ([redacted])"},
   };
   for (const auto& c : cases) EXPECT_EQ(redactor.apply(c.said, &own), c.wanted);
}

TEST(Redaction, a_secret_that_reads_like_no_word_is_taken_out_of_a_plugins_own_texts_too) {
   OwnTexts own;
   own.add("The password s3cret-0f-all is for tests.");
   Redactor redactor;
   const auto lease = redactor.add("s3cret-0f-all");
   const auto word = redactor.add("password");
   EXPECT_EQ(redactor.apply("The password s3cret-0f-all is for tests.", &own), "The password [redacted] is for tests.");
}

TEST(Redaction, our_own_documents_are_guarded_against_secrets_but_not_spoiled_by_words) {
   const std::string document = R"({"steps":[{"step":"authenticate"}],"id":"tickets.update","saved":true})";
   Redactor redactor;
   std::vector<Redactor::Lease> words;
   for (const char* word : {"true", "step", "saved", "ticket", "authenticate", "tickets.update", "s3cret"})
      words.push_back(redactor.add(word));
   EXPECT_EQ(redactor.guard(document), document);
   EXPECT_EQ(redactor.apply("true"), "[redacted]");
   for (const char* secret : {"hunter22", "Throw$away", "THROWAWAYTRACKINGIDENTIFIER"}) {
      const auto lease = redactor.add(secret);
      EXPECT_EQ(redactor.guard(std::string("It is ") + secret + "."), "It is [redacted].");
   }
}

TEST(Redaction, keeps_texts_without_a_secret_as_they_are) {
   Redactor redactor;
   EXPECT_EQ(redactor.apply("100% \\ \\u12 %zz %"), "100% \\ \\u12 %zz %");
   const auto lease = redactor.add("hunter22");
   EXPECT_EQ(redactor.apply("100% \\ \\u12 %zz %"), "100% \\ \\u12 %zz %");
   EXPECT_EQ(redactor.apply("\\uD83D\\u0041 \\u"), "\\uD83D\\u0041 \\u");
   EXPECT_EQ(redactor.apply(""), "");
}

TEST(Redaction, serves_several_threads_while_secrets_come_and_go) {
   Redactor redactor;
   const auto always = redactor.add("always-there");
   std::vector<std::jthread> threads;
   std::array<bool, 4> held{};
   for (std::size_t index = 0; index < held.size(); ++index)
      threads.emplace_back([&, index] {
         bool all = true;
         for (int round = 0; round < 200; ++round) {
            const std::string own = "secret-" + std::to_string(index) + "-" + std::to_string(round);
            const auto lease = redactor.add(own);
            all = all && redactor.apply("x " + own + " always-there") == "x [redacted] [redacted]";
         }
         held[index] = all;
      });
   threads.clear();
   for (const bool all : held) EXPECT_TRUE(all);
}

}  // namespace
}  // namespace msp::host
