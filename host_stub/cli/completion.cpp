#include "cli/completion.hpp"

#include <algorithm>
#include <utility>

namespace msp::console {
namespace {

constexpr std::string_view kBash = R"sh(# bash: eval "$(msp-console completion bash)", or into ~/.bash_completion
_msp_console() {
   local IFS=$'\n'
   COMPREPLY=($(msp-console completion words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _msp_console msp-console
)sh";

constexpr std::string_view kZsh = R"sh(#compdef msp-console
# zsh: eval "$(msp-console completion zsh)" after compinit, or into a file _msp-console of a directory in fpath
_msp_console() {
   local -a offered
   offered=(${(f)"$(msp-console completion words "${(@)words[2,CURRENT]}" 2>/dev/null)"})
   if (( $#offered )); then compadd -a offered; else _files; fi
}
if [[ "$funcstack[1]" = _msp-console ]]; then _msp_console "$@"; else compdef _msp_console msp-console; fi
)sh";

constexpr std::string_view kFish = R"sh(# fish: into ~/.config/fish/completions/msp-console.fish
complete -c msp-console -a '(msp-console completion words (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
)sh";

bool takes_value(const CLI::Option& option) { return option.get_expected_max() > 0 && option.get_items_expected() > 0; }

// The option of the command or of one above it, which it takes too.
const CLI::Option* option_named(const CLI::App* app, const std::string& name) {
   for (; app != nullptr; app = app->get_parent()) {
      if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
   }
   return nullptr;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
   return app.get_subcommands([](const CLI::App*) { return true; });
}

bool has_dash(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

}  // namespace

std::string_view completion_script(std::string_view shell) noexcept {
   return shell == "bash" ? kBash : shell == "zsh" ? kZsh : shell == "fish" ? kFish : std::string_view();
}

std::vector<std::string> completions(const CLI::App& app, std::span<const std::string> words) {
   const std::string now = words.empty() ? "" : words.back();
   const CLI::App* command = &app;
   bool value = false;  // the next word is one of an option
   for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      const std::string& word = words[i];
      if (std::exchange(value, false)) continue;
      if (has_dash(word)) {
         const CLI::Option* option = option_named(command, word);
         value = option != nullptr && takes_value(*option);
      } else {
         const auto next = commands_of(*command);
         const auto meant = std::ranges::find(next, word, [](const CLI::App* one) { return one->get_name(); });
         if (meant != next.end()) command = *meant;
      }
   }
   std::vector<std::string> offered;
   if (value) return offered;
   const auto offer = [&](const std::string& word) {
      if (word.starts_with(now)) offered.push_back(word);
   };
   if (!now.empty() && now.front() == '-') {
      for (const CLI::App* one = command; one != nullptr; one = one->get_parent()) {
         for (const CLI::Option* option : one->get_options())
            for (const std::string& name : option->get_lnames()) offer("--" + name);
      }
   } else {
      for (const CLI::App* one : commands_of(*command)) offer(one->get_name());
      if (command->get_name() == "completion")
         for (const char* shell : {"bash", "zsh", "fish"}) offer(shell);
   }
   std::ranges::sort(offered);
   const auto same = std::unique(offered.begin(), offered.end());  // --help is one of each command
   offered.erase(same, offered.end());
   return offered;
}

bool asks_for_words(int argc, char** argv) noexcept {
   return argc > 2 && std::string_view(argv[1]) == "completion" && std::string_view(argv[2]) == "words";
}

}  // namespace msp::console
