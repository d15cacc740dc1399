// integrator.cpp - a console that fits on a screen: finds a plugin, asks what its form asks, checks, and uses the
// result.
//
//    integrator PLUGIN_DIR DATA_DIR PLATFORM PATH [CA_FILE [CONNECT_TO...]]
//
// The answers to the form come from standard input, a line for each field.
#include <iostream>
#include <string>

#include "msp/host/catalog.hpp"
#include "msp/host/check.hpp"
#include "msp/host/host.hpp"
#include "msp/host/integration.hpp"
#include "msp/host/process.hpp"

using namespace msp::host;

namespace {

// Looks at the plugin directory, with what the administrator has approved so far.
CatalogEntry find(const Catalog& catalog, const std::string& platform, const std::vector<Approval>& approvals) {
   for (const CatalogEntry& entry : catalog.scan(approvals)) {
      if (entry.manifest && entry.manifest->id == platform) return entry;
      if (!entry.reason.empty()) std::cerr << entry.file << ": " << entry.reason << ' ' << entry.remedy << '\n';
   }
   return {};
}

Settings ask(const Manifest& manifest) {
   Settings settings;
   for (const Field& field : manifest.fields) {
      if (!visible(manifest, field, settings.values)) continue;
      std::cerr << field.label << ": ";
      std::string answer;
      std::getline(std::cin, answer);
      if (answer.empty()) continue;  // the default, or the form check tells that it is required
      if (field.kind == FieldKind::secret)
         settings.secrets[field.id] = SecretBytes::take(answer);
      else
         settings.values[field.id] = answer;
   }
   std::cerr << '\n';
   return settings;
}

int complain(const std::string& summary, const std::string& remedy) {
   std::cerr << summary << "\nWhat to do: " << remedy << '\n';
   return 1;
}

int run(const std::string& plugin_dir, const std::string& data_dir, const std::string& platform,
        const std::string& path, const NetworkOptions& network) {
   // Which plugins are there? None of their code runs for that.
   const Catalog catalog({plugin_dir}, data_dir);
   const CatalogEntry found = find(catalog, platform, {});
   if (!found.manifest)
      return complain("There is no usable plugin \"" + platform + "\".", "Drop it into the directory.");
   std::cerr << found.manifest->name << ' ' << found.manifest->version << " by " << found.manifest->vendor << '\n';

   // Approving these very bytes is the administrator's decision; a console asks, and keeps it in its database.
   const Approval approval{found.manifest->id, found.sha256, true};

   Host host({.name = "integrator", .version = "1.0", .network = network, .log = nullptr});
   const auto plugin = host.load(find(catalog, platform, {approval}));
   if (!plugin) return complain(plugin.finding().summary, plugin.finding().remedy);

   IntegrationOptions options;
   options.on_session = [](const SessionEvent& event) {
      if (event.kind == SessionEvent::Kind::opened) std::cerr << "Signed in.\n";
      // A console keeps `refused`, so that nobody tries these credentials again unasked.
   };
   Integration integration(plugin.value(), ask(plugin.value()->manifest()), options);

   CheckOptions watched;
   watched.on_event = [](const CheckEvent& event) {
      if (event.kind == CheckEvent::Kind::step_ended) std::cerr << event.step << ": " << name(event.status) << '\n';
   };
   const CheckReport report = integration.check(watched);
   if (report.outcome != Outcome::accepted) {
      std::cout << to_json(report, integration.manifest(), {0, "Example", platform, false});
      return 1;
   }
   // Here a console saves: see "What to keep" in INTEGRATORS.md.

   const Response response = integration.request({"GET", path, {{"Accept", "application/json"}}, {}});
   for (const Finding& finding : response.findings) complain(finding.summary, finding.remedy);
   std::cout << response.body;
   return response.outcome == Outcome::accepted && response.status == 200 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
   if (argc < 5) return complain("Four arguments are needed.", "integrator PLUGIN_DIR DATA_DIR PLATFORM PATH");
   disable_core_dumps();  // this process holds secrets
   NetworkOptions network;
   if (argc > 5) network.ca_file = argv[5];
   for (int i = 6; i < argc; ++i) network.connect_to.emplace_back(argv[i]);
   return run(argv[1], argv[2], argv[3], argv[4], network);
}
