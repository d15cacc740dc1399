#include "msp/host/redaction.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
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
      EXPECT_EQ(redactor.redact_foreign("before " + c.text + " after"), "before [redacted] after") << c.shape;
}

TEST(Redaction, finds_a_secret_inside_base64_at_every_alignment) {
   Redactor redactor;
   const auto lease = redactor.add(kSecret);
   for (const std::string_view alphabet : {"+/", "-_"})
      for (const std::string before : {"", "u", "us", "usr"})
         for (const std::string after : {"", "x", "xy"}) {
            const std::string text = base64(before + std::string(kSecret) + after, alphabet);
            const std::string result = redactor.redact_foreign("Basic " + text);
            EXPECT_NE(result.find("[redacted]"), std::string::npos) << text;
            // Only the characters that a neighbour has a part in may be left over.
            EXPECT_LE(result.size(), std::string("Basic ").size() + 10 + 6 + 4) << result;
         }
}

TEST(Redaction, finds_base64_whose_slash_a_json_or_url_writer_escaped) {
   Redactor redactor;
   const auto lease = redactor.add("\xFF\xFF\xFF\xFF\xFF\xFF");
   EXPECT_EQ(redactor.redact_foreign("\\/\\/\\/\\/\\/\\/\\/\\/"), "[redacted]");
   EXPECT_EQ(redactor.redact_foreign("%2F%2f%2F%2F%2F%2F%2F%2F"), "[redacted]");
}

TEST(Redaction, replaces_an_escape_wholly_even_when_the_secret_takes_only_a_part_of_it) {
   Redactor redactor;
   const auto lease = redactor.add("caf\xC3");  // the first half of an é
   EXPECT_EQ(redactor.redact_foreign("caf\\u00e9!"), "[redacted]!");
}

TEST(Redaction, takes_the_longest_of_secrets_that_start_alike) {
   Redactor redactor;
   const auto first = redactor.add("secret");
   const auto second = redactor.add("secret-of-two");
   EXPECT_EQ(redactor.redact_foreign("a secret-of-two b secret c"), "a [redacted] b [redacted] c");
}

TEST(Redaction, covers_all_of_secrets_that_overlap) {
   Redactor redactor;
   const auto first = redactor.add("abcdef");
   const auto second = redactor.add("defghi");
   EXPECT_EQ(redactor.redact_foreign("<abcdefghi>"), "<[redacted]>");
}

TEST(Redaction, never_marks_a_text_twice) {
   Redactor redactor;
   std::vector<Redactor::Lease> leases;
   for (const auto* secret : {"redacted", "[redacted]", "acted] and", "hunter22"})
      leases.push_back(redactor.add(secret));
   const std::string once = redactor.redact_foreign("a hunter22 and hunter22");
   EXPECT_EQ(once, "a [redacted] and [redacted]");
   EXPECT_EQ(redactor.redact_foreign("x [redacted] y"), "x [redacted] y");
   EXPECT_EQ(redactor.redact_foreign("x [redacted] and y"), "x [redacted] y");
}

TEST(Redaction, forgets_a_secret_with_its_lease_unless_another_lease_keeps_it) {
   Redactor redactor;
   std::optional first = redactor.add("hunter22");
   std::optional second = redactor.add("hunter22");
   first.reset();
   EXPECT_EQ(redactor.redact_foreign("hunter22"), "[redacted]");
   second.reset();
   EXPECT_EQ(redactor.redact_foreign("hunter22"), "hunter22");
}

TEST(Redaction, a_secret_that_stays_is_found_however_many_come_and_go) {
   Redactor redactor;
   const auto stays = redactor.add("Stays$behind#1");
   for (int i = 0; i < 2'000; ++i) {
      const std::string passing = "Passes$by#" + std::to_string(i);
      const auto lease = redactor.add(passing);
      ASSERT_EQ(redactor.redact_foreign(passing + " Stays$behind#1"), "[redacted] [redacted]") << i;
   }
   EXPECT_EQ(redactor.redact_foreign("Passes$by#1999 Stays$behind#1"), "Passes$by#1999 [redacted]");
}

TEST(Redaction, a_lease_may_be_moved_and_replaced) {
   Redactor redactor;
   Redactor::Lease lease = redactor.add("hunter22");
   lease = redactor.add("correct horse");
   EXPECT_EQ(redactor.redact_foreign("hunter22 correct horse"), "hunter22 [redacted]");
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
   EXPECT_EQ(redactor.redact_foreign("abc abc"), "abc abc");
   EXPECT_EQ(redactor.redact_foreign("wxyz"), "[redacted]");
   EXPECT_EQ(redactor.redact_foreign(base64("u:wxyz")).find("wxyz"), std::string::npos);
}

TEST(Redaction, a_secret_is_taken_out_of_what_others_say_however_everyday_it_is) {
   Redactor redactor;
   const auto lease = redactor.add("ticket");
   struct {
      std::string said, wanted;
   } const cases[] = {
       {"ticket", "[redacted]"},
       {"The password ticket is wrong.", "The password [redacted] is wrong."},
       {"The user may not edit tickets of other people.", "The user may not edit [redacted]s of other people."},
       {"{\"password\":\"ticket\"}", "{\"password\":\"[redacted]\"}"},
       {"%74icket dGlja2V0 7469636b6574", "[redacted] [redacted] [redacted]"},
   };
   for (const auto& c : cases) EXPECT_EQ(redactor.redact_foreign(c.said), c.wanted);
}

TEST(Redaction, knows_the_disguises_of_debug_pages_logs_and_mail) {
   constexpr std::string_view kCanary = "Canary-7Qx!pw-Zz93";
   Redactor redactor;
   const auto lease = redactor.add(kCanary);
   const auto escaped = [&](const char* before, const char* format, const char* after) {
      std::string text;
      for (const char each : kCanary) {
         std::array<char, 16> number{};
         std::snprintf(number.data(), number.size(), format, static_cast<unsigned char>(each));
         text += std::string(before) + number.data() + after;
      }
      return text;
   };
   const auto with_between = [&](const std::string& text, std::size_t every, const char* between) {
      std::string result;
      for (std::size_t at = 0; at < text.size(); at += every) {
         if (at > 0) result += between;
         result += text.substr(at, every);
      }
      return result;
   };
   struct {
      const char* shape;
      std::string text;
   } const cases[] = {
       {"upper case", "CANARY-7QX!PW-ZZ93"},
       {"lower case", "canary-7qx!pw-zz93"},
       {"percent", escaped("%", "%02X", "")},
       {"percent, mixed case", "Canary%2d7Qx%21pw%2DZz93"},
       {"percent, of JavaScript's escape", escaped("%u", "%04x", "")},
       {"hexadecimal, mixed case",
        "43616E6172792d37517821707"
        "72D5a7A3933"},
       {"hexadecimal with blanks", escaped("", "%02x", " ").substr(0, kCanary.size() * 3 - 1)},
       {"HTML, decimal", escaped("&#", "%u", ";")},
       {"HTML, hexadecimal", escaped("&#x", "%x", ";")},
       {"HTML, hexadecimal, upper case", escaped("&#X", "%04X", ";")},
       {"HTML in JSON", "Canary-7Qx\\u0026#33;pw-Zz93"},
       {"C, hexadecimal", escaped("\\x", "%02x", "")},
       {"C, hexadecimal, upper case", escaped("\\x", "%02X", "")},
       {"C, octal", escaped("\\", "%03o", "")},
       {"JSON", escaped("\\u", "%04X", "")},
       {"JavaScript", escaped("\\u{", "%x", "}")},
       {"base64, folded", with_between(base64(kCanary), 8, "\r\n ")},
       {"base32", "INQW4YLSPEWTOULYEFYHOLK2PI4T"},
       {"folded", "Canary-7\r\n Qx!pw-Zz93"},
       {"blanks", with_between(std::string(kCanary), 3, "  ")},
       {"zero-width spaces", with_between(std::string(kCanary), 1, "\u200B")},
       {"soft hyphens", with_between(std::string(kCanary), 5, "\u00AD")},
       {"a blank after each letter", with_between(std::string(kCanary), 1, " ")},
   };
   for (const auto& c : cases)
      EXPECT_EQ(redactor.redact_foreign("<" + c.text + ">"), "<[redacted]>") << c.shape << ": " << c.text;

   for (const std::string before : {"", "u", "us"})
      for (const std::string outside : {"", "x", "xy"}) {
         const std::string twice = base64(outside + base64(before + std::string(kCanary)));
         EXPECT_LE(redactor.redact_foreign(twice).size(), Redactor::kMark.size() + 14) << twice;
      }
}

TEST(Redaction, named_signs_of_html_hide_nothing) {
   Redactor redactor;
   const auto lease = redactor.add("a<b>\"c'&d");
   EXPECT_EQ(redactor.redact_foreign("= a&lt;b&gt;&quot;c&apos;&amp;d"), "= [redacted]");
}

// The shapes of one secret as somebody else may cut them.
std::vector<std::string> shapes_of(std::string_view secret) {
   std::string hex;
   std::string percent;
   for (const char each : secret) {
      std::array<char, 4> digits{};
      std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned char>(each));
      hex += digits.data();
      percent += std::string("%") + digits.data();
   }
   return {std::string(secret), hex, base64(secret).substr(0, secret.size() * 8 / 6), percent};
}

TEST(Redaction, the_beginning_of_a_secret_counts_as_the_secret_where_a_text_was_cut) {
   constexpr std::string_view kCanary = "Canary-7Qx!pw-Zz93";
   Redactor redactor;
   const auto lease = redactor.add(kCanary);
   for (const std::string& shape : shapes_of(kCanary)) {
      const std::size_t least = shape[0] == '%' ? 12 : 4;
      for (std::size_t length = least; length < shape.size(); ++length) {
         const std::string half = shape.substr(0, length);
         for (const std::string after :
              {"", "...", "\u2026", "\"", "'", " ...", "[...]", "....", "\uFFFD", "...\" More.", "\u2026 More."}) {
            const std::string result = redactor.redact_foreign("It says: \"" + half + after);
            EXPECT_EQ(result, "It says: \"[redacted]" + result.substr(std::min<std::size_t>(20, result.size())));
            EXPECT_TRUE(result.ends_with(after)) << result;
         }
      }
      EXPECT_EQ(redactor.redact_foreign(shape.substr(0, 3) + "..."), shape.substr(0, 3) + "...") << "is no secret yet";
   }
   for (const char* half : {"Canary%", "Canary%2", "Canary\\", "Canary\\u", "Canary\\u002", "Canary&", "Canary&#x2"})
      EXPECT_EQ(redactor.redact_foreign("x" + std::string(half) + "...").find("Canary"), std::string::npos) << half;
}

TEST(Redaction, the_rest_of_a_secret_counts_as_the_secret_where_its_beginning_was_left_out) {
   constexpr std::string_view kCanary = "Canary-7Qx!pw-Zz93";
   Redactor redactor;
   const auto lease = redactor.add(kCanary);
   for (const std::string& shape : shapes_of(kCanary)) {
      if (shape[0] == '%') continue;
      for (std::size_t from = 1; from + 4 <= shape.size(); ++from)
         for (const std::string before : {"...", "\u2026", "It says: \"...", "[...] ", "....."})
            EXPECT_EQ(redactor.redact_foreign(before + shape.substr(from) + " was sent."),
                      before + "[redacted] was sent.");
   }
   EXPECT_EQ(redactor.redact_foreign("...Zz93"), "...[redacted]") << "nothing follows";
   EXPECT_EQ(redactor.redact_foreign("... ary-7Qx!pw..."), "... [redacted]...") << "cut on both sides";
   EXPECT_EQ(redactor.redact_foreign("...z93 was sent."), "...z93 was sent.") << "is no secret yet";
}

TEST(Redaction, where_nothing_was_cut_the_beginning_of_a_secret_is_a_word) {
   Redactor redactor;
   const auto lease = redactor.add("Autotask2024!");
   for (const char* text :
        {"Autotask answered.", "Ask Autotask, please", "Autotask.", "The user \"Autotask\" is locked."})
      EXPECT_EQ(redactor.redact_foreign(text), text);
   EXPECT_EQ(redactor.redact_foreign("admin of Autotask", Redactor::End::is_whole), "admin of Autotask");
   EXPECT_EQ(redactor.redact_foreign("admin of Autotask...", Redactor::End::is_whole), "admin of [redacted]...");
   for (const char* text : {"Checking Autotask...", "Connected to Autotask", "Autotask\u2026"})
      EXPECT_EQ(redactor.redact_ours(text), text) << "our sentences end so whatever the secret is";
   EXPECT_EQ(redactor.redact_ours("sent Autotask2024"), "sent [redacted]");
}

TEST(Redaction, letters_of_two_words_are_no_short_secret) {
   Redactor redactor;
   const auto lease = redactor.add("talk");
   const auto other = redactor.add("a bcd");
   EXPECT_EQ(redactor.redact_foreign("a total known to all"), "a total known to all");
   EXPECT_EQ(redactor.redact_foreign("TALK a  bcd"), "[redacted] [redacted]") << "blanks of its own may be folded";
}

TEST(Redaction, a_long_text_full_of_dots_or_of_halves_takes_no_time) {
   constexpr std::size_t kMegabyte = 1'000'000;
   Redactor redactor;
   const auto lease = redactor.add("Canary-7Qx!pw-Zz93");
   const auto start = std::chrono::steady_clock::now();
   EXPECT_EQ(redactor.redact_foreign(std::string(kMegabyte, '.')), std::string(kMegabyte, '.'));
   std::string halves;
   while (halves.size() < kMegabyte) halves += "...nary-7Q";
   EXPECT_EQ(redactor.redact_foreign(halves).find("nary"), std::string::npos);
   EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));  // quadratic: minutes
}

TEST(Redaction, our_own_sentences_keep_their_words_and_lose_every_other_secret) {
   Redactor redactor;
   const auto lease = redactor.add("s3cret-0f-all");
   const auto word = redactor.add("password");
   EXPECT_EQ(redactor.redact_foreign("The password s3cret-0f-all is for tests."),
             "The [redacted] [redacted] is for tests.");
   EXPECT_EQ(redactor.redact_ours("The password s3cret-0f-all is for tests."), "The password [redacted] is for tests.");
}

TEST(Redaction, our_own_documents_are_guarded_against_secrets_but_not_spoiled_by_words) {
   const std::string document = R"({"steps":[{"step":"authenticate"}],"id":"tickets.update","saved":true})";
   Redactor redactor;
   std::vector<Redactor::Lease> words;
   for (const char* word : {"true", "step", "saved", "ticket", "authenticate", "tickets.update", "s3cret"})
      words.push_back(redactor.add(word));
   EXPECT_EQ(redactor.redact_ours(document), document);
   EXPECT_EQ(redactor.redact_foreign("true"), "[redacted]");
   for (const char* secret : {"hunter22", "Throw$away", "THROWAWAYTRACKINGIDENTIFIER"}) {
      const auto lease = redactor.add(secret);
      EXPECT_EQ(redactor.redact_ours(std::string("It is ") + secret + "."), "It is [redacted].");
   }
}

TEST(Redaction, keeps_texts_without_a_secret_as_they_are) {
   Redactor redactor;
   EXPECT_EQ(redactor.redact_foreign("100% \\ \\u12 %zz %"), "100% \\ \\u12 %zz %");
   const auto lease = redactor.add("hunter22");
   EXPECT_EQ(redactor.redact_foreign("100% \\ \\u12 %zz %"), "100% \\ \\u12 %zz %");
   EXPECT_EQ(redactor.redact_foreign("\\uD83D\\u0041 \\u"), "\\uD83D\\u0041 \\u");
   EXPECT_EQ(redactor.redact_foreign(""), "");
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
            all = all && redactor.redact_foreign("x " + own + " always-there") == "x [redacted] [redacted]";
         }
         held[index] = all;
      });
   threads.clear();
   for (const bool all : held) EXPECT_TRUE(all);
}

}  // namespace
}  // namespace msp::host
