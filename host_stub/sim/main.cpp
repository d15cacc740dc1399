#include <CLI/CLI.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>

#include "sim/autotask/autotask_sim.hpp"
#include "sim/aws/aws_sim.hpp"
#include "sim/duo/duo_sim.hpp"
#include "sim/end_signal.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "sim/oauth/oauth_sim.hpp"
#include "sim/ready_file.hpp"
#include "sim/scenario_reader.hpp"
#include "sim/script/script_sim.hpp"

namespace msp::sim {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

// One platform that can be simulated.
struct Platform {
   const char* id;
   const char* name;
   std::function<std::unique_ptr<Simulator>(const std::string& scenario, const SimulatorOptions& options)> start;
   std::string_view default_scenario;
   std::string users;
   bool is_script = false;  // has no default scenario
};

template <typename PlatformSimulator>
Platform platform(const char* id, const char* name) {
   return {id, name,
           [](const std::string& scenario, const SimulatorOptions& options) -> std::unique_ptr<Simulator> {
              return std::make_unique<PlatformSimulator>(scenario, options);
           },
           PlatformSimulator::default_scenario(), PlatformSimulator::default_users()};
}

struct Arguments {
   std::string scenario_file;
   SimulatorOptions simulator;
   std::string ready_file;
   bool until_stdin_closes = false;
   bool print_scenario = false;
};

std::string read_text(const std::string& file) {
   if (file.empty()) return "";
   std::ifstream in(file, std::ios::binary);
   std::ostringstream text;
   text << in.rdbuf();
   if (!in) throw std::runtime_error("It cannot be read.");
   return text.str();
}

std::unique_ptr<Simulator> start(const Platform& platform, const Arguments& arguments) {
   try {
      return platform.start(read_text(arguments.scenario_file), arguments.simulator);
   } catch (const ScenarioError& error) {
      throw ScenarioError("Scenario " + arguments.scenario_file + ": " + error.what());
   }
}

int run(const Platform& platform, const Arguments& arguments) {
   if (platform.is_script && arguments.scenario_file.empty() && !arguments.print_scenario)
      throw ScenarioError("a script is missing: msp-sim script FILE.json. --print-scenario prints an example.");
   if (arguments.print_scenario) {
      std::cout << platform.default_scenario << '\n';
      return 0;
   }
   const EndSignal end;
   const std::unique_ptr<Simulator> simulator = start(platform, arguments);
   if (!arguments.ready_file.empty()) write_ready_file(*simulator, arguments.ready_file);

   std::cout << platform.name << " is simulated at 127.0.0.1:" << simulator->port()
             << ". Give the console these options:\n ";
   for (const std::string& option : console_options(*simulator)) std::cout << ' ' << option;
   std::cout << std::endl;

   end.wait(arguments.until_stdin_closes);
   return 0;
}

void add_options(CLI::App& command, bool is_script, Arguments& arguments) {
   (is_script ? command.add_option("FILE", arguments.scenario_file, "Hosts, users and routes, as JSON")
              : command.add_option("--scenario", arguments.scenario_file, "What differs from the default, as JSON"))
       ->check(CLI::ExistingFile);
   command.add_option("--port", arguments.simulator.port, "Port on 127.0.0.1; 0 for any free one");
   command.add_option("--state-dir", arguments.simulator.state_directory,
                      "Where ca.pem is written; otherwise a scratch directory that is removed at the end");
   command.add_option("--journal", arguments.simulator.journal_file,
                      "Each request as a line of JSON: method, path and header names, never a value");
   command.add_option("--ready-file", arguments.ready_file,
                      "Written once the port is listening: port, CA file and console options, as JSON");
   command.add_flag("--until-stdin-closes", arguments.until_stdin_closes, "End when standard input does");
   command.add_flag("--print-scenario", arguments.print_scenario,
                    is_script ? "Print an example and end" : "Print the default scenario and end");
}

}  // namespace
}  // namespace msp::sim

int main(int count, char** values) {
   using namespace msp::sim;
   CLI::App app("Simulates a platform on 127.0.0.1, with real HTTPS and a throw-away certificate authority.",
                "msp-sim");
   app.allow_windows_style_options(false);  // "/tmp/state" is a path there, too
   app.require_subcommand(1);

   std::vector<Platform> platforms = {platform<AutotaskSimulator>("autotask", "Autotask"),
                                      platform<KaseyaVsaSimulator>("kaseya_vsa", "Kaseya VSA"),
                                      platform<OAuthSimulator>("oauth", "An authorization server"),
                                      platform<AwsSimulator>("aws", "AWS"),
                                      platform<DuoSimulator>("duo", "Duo"),
                                      platform<ScriptSimulator>("script", "A platform that you write down")};
   platforms.back().is_script = true;
   Arguments arguments;
   int result = 0;
   for (const Platform& each : platforms) {
      CLI::App* command = app.add_subcommand(each.id, std::string("Simulates ") + each.name);
      add_options(*command, each.is_script, arguments);
      if (!each.is_script) command->footer("Users of the default scenario:\n" + each.users);
      command->callback([&result, &each, &arguments] { result = run(each, arguments); });
   }

   try {
      app.parse(count, values);
   } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? 0 : kUsage;
   } catch (const ScenarioError& error) {
      std::cerr << "msp-sim: " << error.what() << '\n';
      return kUsage;
   } catch (const std::exception& error) {
      std::cerr << "msp-sim: " << error.what() << '\n';
      return kFailed;
   }
   return result;
}
