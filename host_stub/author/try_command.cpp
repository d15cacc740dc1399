#include "author/try_command.hpp"

#include <iostream>
#include <stdexcept>

#include "author/child.hpp"
#include "author/subject.hpp"
#include "msp/host/library.hpp"
#include "msp/host/private_files.hpp"
#include "sim/ready_file.hpp"

namespace msp::author {

int try_plugin(const TryArguments& arguments, const std::filesystem::path& this_program) {
   const auto facts = host::read_library(arguments.file);
   if (!facts) throw std::runtime_error(facts.finding().summary + ' ' + facts.finding().remedy);
   const auto manifest = host::parse_manifest(facts.value().manifest);
   if (!manifest) throw std::runtime_error(manifest.finding().summary + ' ' + manifest.finding().remedy);

   const sim::ScratchDirectory scratch;
   const std::filesystem::path plugins = drop(arguments.file, scratch.path()).parent_path();

   std::vector<std::string> options = {"--data-dir", (scratch.path() / "data").string(), "--plugin-dir",
                                       plugins.string()};
   options.insert(options.end(), arguments.console.begin(), arguments.console.end());
   std::unique_ptr<sim::Simulator> platform;
   if (!arguments.exchange.empty()) {
      platform = start_platform(read_text(arguments.exchange));
      for (const std::string& option : sim::console_options(*platform)) options.push_back(option);
   }
   std::filesystem::path console = this_program.parent_path() / "msp-console";
   console += this_program.extension();

   std::vector<std::string> enable = options;
   enable.insert(enable.end(), {"plugin", "enable", manifest.value().id, "--yes"});
   const ChildResult enabled = run_child(console, enable, std::chrono::seconds(60));
   if (enabled.exit_code != 0 || !enabled.ended_by.empty()) {
      std::cerr << enabled.output;
      return enabled.exit_code != 0 ? enabled.exit_code : 1;
   }

   std::vector<std::string> add = options;
   add.insert(add.end(),
              {"--log-level", "debug", "integration", "add", "--no-save", "--platform", manifest.value().id});
   for (const std::string& each : arguments.set) add.insert(add.end(), {"--set", each});
   // As the console takes a secret: from a file of its own, never from its arguments.
   for (std::size_t i = 0; i < arguments.secret.size(); ++i) {
      const std::size_t equals = arguments.secret[i].find('=');
      if (equals == std::string::npos) throw std::runtime_error("--secret takes FIELD=VALUE or FIELD=@file:PATH.");
      std::string source = arguments.secret[i].substr(equals + 1);
      if (!source.starts_with('@')) {
         const std::filesystem::path kept = scratch.path() / ("secret" + std::to_string(i));
         if (host::write_private_file(kept, source, host::Access::read_and_write, host::IfThere::replace))
            throw std::runtime_error("A scratch file cannot be written.");
         source = "@file:" + kept.string();
      }
      add.insert(add.end(), {"--secret", arguments.secret[i].substr(0, equals + 1) + source});
   }
   return run_in_front(console, add);
}

}  // namespace msp::author
