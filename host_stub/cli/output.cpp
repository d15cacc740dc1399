#include "cli/output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "cli/columns.hpp"
#include "cli/hint.hpp"
#include "cli/terminal.hpp"
#include "msp/host/text.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kWidest = 110;    // longer lines are hard to read
constexpr std::size_t kNarrowest = 24;  // a column below that is no text any more

bool wants_colour(Stream stream) {
   const char* no_colour = std::getenv("NO_COLOR");
   const char* terminal = std::getenv("TERM");
   if (no_colour && *no_colour != '\0') return false;
   return is_terminal(stream) && !(terminal && std::string_view(terminal) == "dumb");
}

Style style_of(Stream stream) {
   const auto width = static_cast<std::size_t>(std::max(terminal_width(), 40));
   return {wants_colour(stream), speaks_utf8(), std::min(width, kWidest), width};
}

// Of one_line(), which many call who have no Output.
thread_local const host::Redactor* redactor_of_lines = nullptr;

}  // namespace

std::string Style::paint(std::string_view text, Tone tone) const {
   if (!colour || tone == Tone::plain) return std::string(text);
   const char* code = tone == Tone::good      ? "\033[32m"
                      : tone == Tone::bad     ? "\033[31m"
                      : tone == Tone::caution ? "\033[33m"
                      : tone == Tone::dim     ? "\033[2m"
                                              : "\033[1m";
   return code + std::string(text) + "\033[0m";
}

std::string Style::sign(Tone tone) const {
   switch (tone) {
      case Tone::good:
         return unicode ? "✓" : "+";
      case Tone::bad:
         return unicode ? "✗" : "x";
      case Tone::caution:
         return "!";
      default:
         return unicode ? "–" : "-";
   }
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width, std::string_view lead) {
   const std::string margin(indent, ' ');
   std::string result(lead.empty() ? std::string_view(margin) : lead);
   std::size_t column = lead.empty() ? indent : std::max(columns(lead), indent);
   bool fresh = true;
   for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
      const std::string_view word = text.substr(begin, end - begin);
      if (!word.empty()) {
         if (!fresh && column + 1 + columns(word) > width) {
            result += '\n' + margin;
            column = indent;
            fresh = true;
         }
         if (!fresh) result += ' ';
         result += word;
         column += columns(word) + (fresh ? 0 : 1);
         fresh = false;
      }
      if (end < text.size() && text[end] == '\n') {
         result += '\n' + margin;
         column = indent;
         fresh = true;
      }
      begin = end + 1;
   }
   return result + '\n';
}

std::string table(const std::vector<std::vector<Cell>>& rows, std::size_t indent, const Style& style) {
   std::vector<std::size_t> widths;
   for (const auto& row : rows) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i].text));
   }
   std::string result;
   for (const auto& row : rows) {
      std::size_t last = row.size();
      while (last > 0 && row[last - 1].text.empty()) --last;
      std::string line(indent, ' ');
      std::size_t column = indent;
      for (std::size_t i = 0; i + 1 < last; ++i) {
         line += style.paint(row[i].text, row[i].tone);
         line.append(widths[i] - columns(row[i].text) + 2, ' ');
         column += widths[i] + 2;
      }
      if (last > 0) {
         std::string text = wrapped(row[last - 1].text, column, std::max(style.width, column + kNarrowest));
         text = text.substr(column, text.size() - column - 1);  // without the margin and the line end
         line += style.paint(text, row[last - 1].tone);
      }
      result += line + '\n';
   }
   return result;
}

std::string cut(std::string_view text, std::size_t width, const Style& style) {
   if (columns(text) <= width) return std::string(text);
   std::string shown = redactor_of_lines ? redactor_of_lines->redact_ours(text) : std::string(text);
   if (columns(shown) <= width) return shown;
   const std::string_view sign = style.unicode ? "…" : "...";
   const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
   while (!shown.empty() && columns(shown) + columns(sign) > width) {
      while (shown.size() > 1 && continues(shown.back())) shown.pop_back();
      shown.pop_back();
   }
   shown.resize(shown.find_last_not_of(' ') + 1);
   return shown.append(sign);
}

std::string waiting_time(int seconds) {
   constexpr int kMinute = 60;
   constexpr int kHour = 60 * kMinute;
   if (seconds == 1) return "1 second";
   if (seconds <= 2 * kMinute) return std::to_string(seconds) + " seconds";
   const int unit = seconds <= 2 * kHour ? kMinute : kHour;
   const int count = seconds / unit + (seconds % unit != 0 ? 1 : 0);
   return std::to_string(count) + (unit == kMinute ? " minutes" : " hours");
}

std::string age(std::int64_t seconds) {
   constexpr std::int64_t kMinute = 60;
   constexpr std::int64_t kHour = 60 * kMinute;
   constexpr std::int64_t kDay = 24 * kHour;
   if (seconds < kMinute) return "now";
   if (seconds < kHour) return std::to_string(seconds / kMinute) + " min ago";
   if (seconds < 2 * kDay) return std::to_string(seconds / kHour) + " h ago";
   return std::to_string(seconds / kDay) + " days ago";
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
   constexpr std::string_view kEllipsis = "…";
   constexpr std::size_t kLongestWord = 40;
   std::string whole = host::clean_text(text, std::numeric_limits<std::size_t>::max());
   std::ranges::replace(whole, '\n', ' ');
   if (whole.size() <= max_bytes) return whole;  // redacted when it is written
   if (redactor_of_lines) whole = redactor_of_lines->redact_ours(whole);
   if (whole.size() <= max_bytes) return whole;
   std::string line = host::clean_text(whole, max_bytes);
   if (!line.ends_with(kEllipsis)) return line;
   line.resize(line.size() - kEllipsis.size());
   // What is cut ends with a whole word, unless that would take much away.
   const std::size_t blank = whole[line.size()] == ' ' ? line.size() : line.rfind(' ');
   if (blank != std::string::npos && line.size() - blank <= kLongestWord) line.resize(blank);
   line.resize(line.find_last_not_of(' ') + 1);
   return line.append(kEllipsis);
}

Output::Output() : result_style_(style_of(Stream::output)), note_style_(style_of(Stream::error)) {}

void Output::redact_with(const host::Redactor& redactor) { redactor_of_lines = redactor_ = &redactor; }

void Output::stop_redacting() {
   if (redactor_of_lines == redactor_) redactor_of_lines = nullptr;
   redactor_ = nullptr;
}

void Output::write_result(std::string_view text) {
   const int error = print(Stream::output, text);
   if (result_error_ == 0) result_error_ = error;
}

host::Result<void> Output::finish() {
   if (result_error_ == 0 || result_error_ == EPIPE) return {};
   return host::Finding{"host.internal",
                        std::string("The command was done, but its result could not be written to standard output: ") +
                            std::strerror(result_error_) + ".",
                        "Make sure that there is space where the output goes; \"msp-console integration list\" shows "
                        "what is saved."};
}

void Output::result(std::string_view text) {
   write_result(redactor_ ? redactor_->redact_ours(text) : std::string(text));
}
void Output::note(std::string_view text) {
   print(Stream::error, redactor_ ? redactor_->redact_ours(text) : std::string(text));
}

void Output::problem(const host::Finding& problem, std::string_view platform) {
   std::string text = wrapped(one_line(problem.summary, 2000), 2, note_style_.width,
                              note_style_.paint("msp-console:", Tone::bad) + " ");
   if (!problem.remedy.empty()) {
      text += wrapped("What to do: " + one_line(problem.remedy, 2000), 2, note_style_.width);
   }
   const std::string command = command_for(problem.code, platform);
   if (!command.empty()) text += "  Command: " + command + "\n";
   if (const std::string option = option_for(problem); !option.empty()) text += "  Option: " + option + "\n";
   note(text);
}

host::Finding Output::redacted(host::Finding problem) const {
   if (redactor_ == nullptr) return problem;
   problem.summary = redactor_->redact_ours(problem.summary);
   problem.remedy = redactor_->redact_ours(problem.remedy);
   return problem;
}

void Output::document(std::string_view json) { write_result(json); }

}  // namespace msp::console
