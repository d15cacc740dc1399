// output.hpp - what the program prints: results to standard output, everything else to standard error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/redaction.hpp"
#include "msp/host/result.hpp"

namespace msp::console {

enum class Tone { plain, good, bad, caution, dim, strong };

// How texts look on one stream: colour only on a terminal and without NO_COLOR, ticks only where they can be shown.
struct Style {
   bool colour = false;
   bool unicode = false;
   std::size_t width = 80;     // of sentences, which are hard to read when they are longer
   std::size_t terminal = 80;  // of the whole terminal

   [[nodiscard]] std::string paint(std::string_view text, Tone tone) const;
   // A tick for good, a cross for bad, "!" for caution, a dash for what has nothing to say.
   [[nodiscard]] std::string sign(Tone tone) const;
   [[nodiscard]] std::string painted_sign(Tone tone) const { return paint(sign(tone), tone); }
};

// Texts broken at spaces; each line begins with `indent` spaces, the first one with `lead` instead.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width, std::string_view lead = {});

// Columns of equal width, two spaces apart; the last one is wrapped. A cell's tone colours the text, not the padding.
struct Cell {
   std::string text;
   Tone tone = Tone::plain;
};
std::string table(const std::vector<std::vector<Cell>>& rows, std::size_t indent, const Style& style);

// Texts of strangers for one line of the terminal: cleaned, newlines as spaces, redacted as the Output of this thread
// says, cut.
std::string one_line(std::string_view text, std::size_t max_bytes = 300);

// A text of one line in at most `width` columns; "…" stands for what was cut. Redacted as one_line() says, because half
// a secret would not be known for one.
std::string cut(std::string_view text, std::size_t width, const Style& style);

// How long to wait, for people: "90 seconds", "15 minutes", "6 hours". Rounded up, so nobody comes back too early.
std::string waiting_time(int seconds);

// How long ago, for a list: "now", "3 min ago", "5 h ago", "12 days ago".
std::string age(std::int64_t seconds);

// All that is written passes the redactor. A reader who leaves (a closed pipe) has what he wanted; any other error of
// writing is told by finish().
class Output {
 public:
   Output();
   ~Output() { stop_redacting(); }
   Output(const Output&) = delete;
   Output& operator=(const Output&) = delete;

   // Also what one_line() cuts on this thread.
   void redact_with(const host::Redactor& redactor);
   // Before the redactor goes, and its secrets with it.
   void stop_redacting();
   void result(std::string_view text);  // to standard output
   void note(std::string_view text);    // to standard error
   // Why something did not work and what to do, with the command that does it, to standard error.
   void problem(const host::Finding& problem, std::string_view platform = {});
   // What a platform sent, as it came.
   void bytes(std::string_view data) { write_result(data); }
   // A finding as it may be shown.
   [[nodiscard]] host::Finding redacted(host::Finding problem) const;
   // A JSON document, whose texts are clean and redacted already: replacing more could break it.
   void document(std::string_view json);

   // At the very end: what to say on standard error when a part of the results was lost.
   [[nodiscard]] host::Result<void> finish();

   [[nodiscard]] const Style& style() const noexcept { return result_style_; }
   [[nodiscard]] const Style& note_style() const noexcept { return note_style_; }

 private:
   void write_result(std::string_view text);

   int result_error_ = 0;  // errno of the first result that was lost
   const host::Redactor* redactor_ = nullptr;
   Style result_style_;
   Style note_style_;
};

}  // namespace msp::console
