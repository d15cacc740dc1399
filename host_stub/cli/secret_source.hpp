// secret_source.hpp - where a secret on the command line comes from: never from the command line itself.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "cli/terminal.hpp"
#include "msp/host/secret.hpp"

namespace msp::console {

// "FIELD=SOURCE" taken apart. Throws UsageError, which never repeats what might be a secret.
struct SecretArgument {
   std::string field;
   std::string source;  // "@stdin", "@file:PATH", "@env:NAME" or "@prompt"
};
SecretArgument parse_secret_argument(std::string_view option, std::string_view argument);

// Says why a secret is not taken from the command line, and the four ways to give it.
[[noreturn]] void refuse_literal(std::string_view option, std::string_view field);

// Reads sources; standard input serves once. Throws UsageError when a source gives nothing.
class SecretReader {
 public:
   // `patience`: how long a pipe may take until its end.
   SecretReader(bool may_prompt, std::chrono::milliseconds patience) : may_prompt_(may_prompt), patience_(patience) {}

   // `label` is how a prompt names it, `typed` what it asks for.
   host::SecretBytes read(const std::string& source, const std::string& label, const std::string& option,
                          Typed typed = Typed::line);

   // Asks on the terminal, without echo.
   host::SecretBytes prompt(const std::string& label, const std::string& option, Typed typed = Typed::line);

   [[nodiscard]] bool may_prompt() const noexcept { return may_prompt_; }

 private:
   host::SecretBytes read_source(const std::string& source, const std::string& option);

   bool may_prompt_;
   std::chrono::milliseconds patience_;
   bool stdin_read_ = false;
};

}  // namespace msp::console
