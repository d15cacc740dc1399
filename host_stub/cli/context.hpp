// context.hpp - what a command works with, and how commands are told of.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/global_options.hpp"
#include "cli/output.hpp"
#include "cli/secret_source.hpp"
#include "core/console.hpp"
#include "msp/host/check.hpp"

namespace CLI {
class App;
}

namespace msp::console {

struct Context {
   const GlobalOptions& options;
   Console& console;
   Output& output;
   SecretReader& secrets;
   std::vector<host::Redactor::Lease> leases;  // what was read stays unprintable until the end

   // A secret that nothing prints from now on.
   host::SecretBytes keep(host::SecretBytes secret) {
      leases.push_back(console.redactor().add(secret.view()));
      return secret;
   }

   // True with --yes, or when somebody at the terminal says yes. Throws UsageError when there is nobody to ask.
   bool confirm(const std::string& question);
};

// What was chosen on the command line, ready to run.
using Command = std::function<ExitCode(Context&)>;

void add_plugin_commands(CLI::App& app, Command& chosen);
void add_platform_commands(CLI::App& app, Command& chosen);
void add_integration_commands(CLI::App& app, Command& chosen);
void add_secrets_commands(CLI::App& app, Command& chosen);
void add_serve_command(CLI::App& app, Command& chosen);

}  // namespace msp::console
