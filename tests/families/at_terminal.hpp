// at_terminal.hpp - a program with a person at its terminal, who reads the screen and types.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "test_support/process.hpp"

namespace msp::test {

class AtTerminal {
 public:
   explicit AtTerminal(const test_support::ProcessSetup& setup);
   ~AtTerminal();
   AtTerminal(const AtTerminal&) = delete;
   AtTerminal& operator=(const AtTerminal&) = delete;

   // Reads until this text is on the screen; false when the program ends or half a minute passes before.
   bool sees(std::string_view text);
   // The first word on the screen that begins so. REQUIRES: sees() what follows it.
   [[nodiscard]] std::string word(std::string_view beginning) const;
   void types(std::string_view text) const;

   // Reads to the end; how the program ended, as a shell tells it.
   int wait();
   [[nodiscard]] const std::string& screen() const noexcept { return screen_; }

 private:
   bool read_more();

   int terminal_ = -1;
   pid_t child_ = -1;
   std::string screen_;
};

}  // namespace msp::test
