#include "cli/questions.hpp"

#include <algorithm>
#include <iostream>

#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kWidth = 80;

void show(const std::string& text) { print(Stream::error, text); }

std::string line_for(const std::string& question) {
   std::string line;
   if (!std::getline(std::cin, line)) {
      show("\n");
      throw UsageError("\"" + question + "\" was not answered.", "Answer it, or give it as an option.");
   }
   const std::size_t begin = line.find_first_not_of(" \t\r");
   return begin == std::string::npos ? "" : line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

std::string in_brackets(const std::string& otherwise) { return otherwise.empty() ? "" : " [" + otherwise + "]"; }

}  // namespace

std::string ask_choice(const std::string& question, const std::vector<Answer>& answers, const std::string& otherwise) {
   std::string text = one_line(question) + "\n";
   for (std::size_t i = 0; i < answers.size(); ++i) {
      text += "  " + std::to_string(i + 1) + "  " + one_line(answers[i].label) + "\n";
      if (!answers[i].help.empty()) text += wrapped(one_line(answers[i].help, 1000), 5, kWidth);
   }
   show(text);
   const auto first = std::ranges::find(answers, otherwise, &Answer::value);
   const std::string number = first == answers.end() ? "" : std::to_string(first - answers.begin() + 1);
   for (;;) {
      show("(1 to " + std::to_string(answers.size()) + ")" + in_brackets(number) + ": ");
      std::string given = line_for(question);
      if (given.empty()) given = number;
      for (std::size_t i = 0; i < answers.size(); ++i) {
         if (given == std::to_string(i + 1) || given == answers[i].value) return answers[i].value;
      }
   }
}

std::string ask_text(const std::string& question, const std::string& help, const std::string& otherwise) {
   if (!help.empty()) show(wrapped(one_line(help, 1000), 2, kWidth));
   show(one_line(question) + in_brackets(one_line(otherwise)) + ": ");
   std::string given = line_for(question);
   return given.empty() ? otherwise : given;
}

}  // namespace msp::console
