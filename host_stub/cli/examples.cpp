#include "cli/examples.hpp"

#include <CLI/App.hpp>
#include <array>
#include <sstream>
#include <string>

namespace msp::console {
namespace {

constexpr std::array kExamples{
    Example{"", "msp-console integration list"},
    Example{"plugin", "msp-console plugin list"},
    Example{"plugin list", "msp-console plugin list --wide"},
    Example{"plugin show", "msp-console plugin show autotask"},
    Example{"plugin enable", "msp-console plugin enable autotask"},
    Example{"plugin disable", "msp-console plugin disable autotask"},
    Example{"plugin release", "msp-console plugin release autotask"},
    Example{"plugin isolation", "msp-console plugin isolation autotask in-process"},
    Example{"platform", "msp-console platform requirements autotask"},
    Example{"platform requirements", "msp-console platform requirements autotask"},
    Example{"integration", "msp-console integration list"},
    Example{"integration list", "msp-console integration list --wide"},
    Example{"integration show", "msp-console integration show 'Customer 12'"},
    Example{"integration add",
            "msp-console integration add --platform autotask --name 'Customer 12' --set user_name=api@customer.example "
            "--secret password=@prompt"},
    Example{"integration check", "msp-console integration check 'Customer 12' --trace"},
    Example{"integration edit", "msp-console integration edit 'Customer 12' --secret password=@file:new-password"},
    Example{"integration sign-in", "msp-console integration sign-in 'Customer 12'"},
    Example{"integration enable", "msp-console integration enable 'Customer 12'"},
    Example{"integration disable", "msp-console integration disable 'Customer 12'"},
    Example{"integration remove", "msp-console integration remove 'Customer 12'"},
    Example{"integration request", "msp-console integration request 'Customer 12' GET V1.0/Tickets/42"},
    Example{"secrets", "msp-console secrets status"},
    Example{"secrets status", "msp-console secrets status"},
    Example{"secrets rotate", "msp-console secrets rotate"},
    Example{"serve", "msp-console serve --listen 127.0.0.1:8480"},
    Example{"completion", "msp-console completion bash >> ~/.bash_completion"},
    Example{"man", "msp-console man > msp-console.1"},
};

}  // namespace

std::span<const Example> examples() noexcept { return kExamples; }

void add_examples(CLI::App& app) {
   for (const Example& example : kExamples) {
      CLI::App* command = &app;
      std::istringstream words{std::string(example.command)};
      for (std::string word; words >> word;) command = command->get_subcommand(word);
      const bool whole = command == &app;
      command->footer("Example:\n  " + std::string(example.line) + "\n" +
                      (whole ? "\n" + app.get_footer() + "\n" : ""));
   }
}

}  // namespace msp::console
