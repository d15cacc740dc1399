#include "author/subject.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "msp/host/catalog.hpp"
#include "sim/autotask/autotask_sim.hpp"
#include "sim/aws/aws_sim.hpp"
#include "sim/duo/duo_sim.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "sim/oauth/oauth_sim.hpp"
#include "sim/scenario_reader.hpp"
#include "sim/script/script_sim.hpp"

namespace msp::author {
namespace {

std::string text_of(const rapidjson::Value& value) {
   rapidjson::StringBuffer text;
   rapidjson::Writer<rapidjson::StringBuffer> writer(text);
   value.Accept(writer);
   return {text.GetString(), text.GetSize()};
}

std::shared_ptr<host::Plugin> load(host::Host& host, const Subject& subject, const std::filesystem::path& scratch) {
   const host::Catalog catalog({drop(subject.file, scratch).parent_path()}, scratch / "data");
   std::vector<host::CatalogEntry> found = catalog.scan({});
   if (found.size() != 1 || !found[0].manifest)
      throw std::runtime_error(found.empty() ? "The file's name is not that of a library." : found[0].reason);
   const host::Approval approval{found[0].manifest->id, found[0].sha256};
   found = catalog.scan({&approval, 1});
   auto plugin = host.load(found.at(0));
   if (!plugin) throw std::runtime_error(plugin.finding().summary);
   return plugin.value();
}

}  // namespace

std::filesystem::path drop(const std::filesystem::path& file, const std::filesystem::path& scratch) {
   const std::filesystem::path directory = scratch / "plugins";
   std::filesystem::create_directory(directory);
   std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
   const std::filesystem::path dropped = directory / file.filename();
   std::filesystem::copy_file(file, dropped);
   std::filesystem::permissions(dropped, std::filesystem::perms::owner_all);
   return dropped;
}

std::string read_text(const std::filesystem::path& file) {
   std::ifstream in(file, std::ios::binary);
   std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
   if (!in.is_open() || in.bad()) throw std::runtime_error("\"" + file.string() + "\" cannot be read.");
   return text;
}

std::unique_ptr<sim::Simulator> start_platform(const std::string& exchange, const std::string& faults) {
   rapidjson::Document scenario = sim::parse_scenario(exchange);
   rapidjson::Document list;
   list.Parse(faults);
   if (!list.Empty()) {
      scenario.RemoveMember("faults");
      scenario.AddMember("faults", list, scenario.GetAllocator());
   }
   std::string simulator;
   if (scenario.HasMember("simulator") && scenario["simulator"].IsString())
      simulator = scenario["simulator"].GetString();
   scenario.RemoveMember("simulator");
   const std::string text = text_of(scenario);
   if (simulator.empty()) return std::make_unique<sim::ScriptSimulator>(text);
   if (simulator == "autotask") return std::make_unique<sim::AutotaskSimulator>(text);
   if (simulator == "kaseya_vsa") return std::make_unique<sim::KaseyaVsaSimulator>(text);
   if (simulator == "oauth") return std::make_unique<sim::OAuthSimulator>(text);
   if (simulator == "aws") return std::make_unique<sim::AwsSimulator>(text);
   if (simulator == "duo") return std::make_unique<sim::DuoSimulator>(text);
   throw std::runtime_error("simulator: must be one of autotask, kaseya_vsa, oauth, aws, duo; a script has none.");
}

host::Settings read_settings(const host::Manifest& manifest, const std::string& json) {
   rapidjson::Document document;
   document.Parse(json);
   if (document.HasParseError() || !document.IsObject())
      throw std::runtime_error("The settings are not one JSON object of field ids and texts.");
   host::Settings settings;
   for (const auto& member : std::as_const(document).GetObject()) {
      const std::string id = member.name.GetString();
      if (!member.value.IsString()) throw std::runtime_error("The setting \"" + id + "\" is not a text.");
      std::string value = member.value.GetString();
      const auto field = std::find_if(manifest.fields.begin(), manifest.fields.end(),
                                      [&](const host::Field& each) { return each.id == id; });
      if (field != manifest.fields.end() && field->kind == host::FieldKind::secret)
         settings.secrets[id] = host::SecretBytes::take(value);
      else
         settings.values[id] = value;
   }
   return settings;
}

Subject Subject::copy() const {
   Subject other;
   other.file = file;
   other.exchange = exchange;
   other.settings = settings.copy();
   other.runner = runner;
   other.fuzz = fuzz;
   other.seed = seed;
   return other;
}

std::optional<std::string> defect_of(const host::CheckReport& report) {
   for (const host::Finding& finding : report.findings)
      if (finding.code.starts_with("plugin.")) return finding.summary;
   if (report.outcome == host::Outcome::failed) return "It ended as failed.";
   return std::nullopt;
}

Trial::Trial(const Subject& subject, const std::string& faults)
    : settings_(std::make_unique<host::Settings>(subject.settings.copy())),
      platform_(start_platform(subject.exchange, faults)) {
   host::HostOptions options{.name = "msp-plugin", .version = MSP_PLUGIN_VERSION, .network = {}, .log = nullptr};
   options.network.ca_file = platform_->ca_file();
   options.network.connect_to = platform_->connect_to();
   // A host that the platform does not have is one that nobody reaches.
   options.network.connect_to.push_back("::127.0.0.1:" + std::to_string(platform_->port()));
   options.network.proxy = "";
   std::error_code error;
   if (std::filesystem::exists(subject.runner, error)) options.runner = subject.runner;
   host_ = std::make_unique<host::Host>(std::move(options));
   plugin_ = load(*host_, subject, scratch_.path());
}

Trial::~Trial() { plugin_.reset(); }

host::CheckReport Trial::check(std::stop_token cancel, std::chrono::milliseconds timeout) {
   host::CheckOptions options;
   options.timeout = timeout;
   options.cancel = std::move(cancel);
   return host::check(*plugin_, settings(), options);
}

host::Connection Trial::connect() {
   auto form = host::check_settings(plugin_->manifest(), settings());
   if (!form.settings) throw std::runtime_error("The settings do not fit the form: " + form.findings.at(0).summary);
   auto connection = plugin_->connect(std::move(*form.settings));
   if (!connection) throw std::runtime_error(connection.finding().summary);
   return std::move(connection).value();
}

}  // namespace msp::author
