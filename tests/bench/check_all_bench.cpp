// How many saved integrations are checked per second, and what a running check costs in memory, against a program that
// makes the same requests with libcurl's multi interface alone. The simulator is a process of its own.
#include <curl/curl.h>
#include <rapidjson/document.h>

#include <atomic>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "core/console.hpp"
#include "delay_relay.hpp"
#include "msp/host/catalog.hpp"
#include "paired.hpp"
#include "test_support/process.hpp"
#include "test_support/runner.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kParallel = 8;
const std::string kCode = "THROWAWAYTRACKINGIDENTIFIER";

std::string user_name(std::size_t number) { return "api" + std::to_string(number) + "@msp.example"; }
std::string password(std::size_t number) { return "Throw$away#" + std::to_string(number); }

// A process of its own, because what is to be measured is not its memory. Each user has a tenant, because the checks of
// one tenant come one after the other.
class SimulatorProcess {
 public:
   SimulatorProcess(const fs::path& directory, std::size_t users) {
      std::string scenario = R"({"thread_limit":1000,"users":[)";
      for (std::size_t i = 0; i < users; ++i) {
         scenario += (i == 0 ? "" : ",") + std::string(R"({"login":")") + user_name(i) + R"(","secret":")" +
                     password(i) + R"(","ci":)" + std::to_string(i + 1) + R"(,"integration_codes":[")" + kCode +
                     R"("],"default_rights":{"all":"All"}})";
      }
      test_support::write_file(directory / "scenario.json", scenario + "]}");
      process_ = std::make_unique<test_support::Process>(
          test_support::ProcessSetup{MSP_SIM_PROGRAM,
                                     {"autotask", "--scenario", (directory / "scenario.json").string(), "--state-dir",
                                      directory.string(), "--ready-file", (directory / "ready.json").string()},
                                     {},
                                     {}});
      const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      while (!fs::exists(directory / "ready.json")) {
         if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("The simulator does not start.");
         std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      rapidjson::Document ready;
      ready.Parse(test_support::read_file(directory / "ready.json"));
      network.ca_file = ready["cacert"].GetString();
      for (const auto& rule : ready["connect_to"].GetArray()) network.connect_to.emplace_back(rule.GetString());
      port_ = static_cast<std::uint16_t>(ready["port"].GetUint());
   }

   // What is said to the platform goes through the result, which can hold it back.
   std::unique_ptr<DelayRelay> put_behind_a_relay() {
      auto relay = std::make_unique<DelayRelay>(port_, std::chrono::milliseconds(0));
      for (std::string& rule : network.connect_to) {
         rule = rule.substr(0, rule.rfind(':') + 1) + std::to_string(relay->port());
      }
      return relay;
   }

   host::NetworkOptions network;

 private:
   std::unique_ptr<test_support::Process> process_;
   std::uint16_t port_ = 0;
};

// A console with that many integrations in its store.
class Scene {
 public:
   Scene(const SimulatorProcess& simulator, const fs::path& directory, std::size_t integrations)
       : console_(options(simulator, directory)) {
      const auto plugin = console_.plugins().find("autotask");
      if (!plugin || !console_.plugins().enable("autotask", plugin.value().entry.sha256)) {
         throw std::runtime_error("the plugin cannot be enabled");
      }
      for (std::size_t i = 0; i < integrations; ++i) add(i);
   }

   static console::ConsoleOptions options(const SimulatorProcess& simulator, const fs::path& directory) {
      console::ConsoleOptions options;
      options.plugin_dirs = {plugin_directory(directory)};
      options.data_dir = directory / "data";
      options.network = simulator.network;
      options.runner = test_support::runner();  // none with MSP_TEST_IN_PROCESS
      return options;
   }

   void check_all() {
      std::size_t accepted = 0;
      const auto result = console_.integrations().check_all(
          {.each = {}, .parallel = kParallel}, [&](const console::CheckedIntegration& checked, std::size_t) {
             if (checked.report.outcome == host::Outcome::accepted) ++accepted;
          });
      if (accepted != result.enabled || result.problem) throw std::runtime_error("not every check was accepted");
   }

   void list() {
      if (console_.integrations().list().empty()) throw std::runtime_error("nothing is listed");
   }

 private:
   static fs::path plugin_directory(const fs::path& directory) {
      test_support::write_file(directory / "plugins" / "autotask.so", test_support::read_file(MSP_AUTOTASK_LIBRARY));
      return directory / "plugins";
   }

   void add(std::size_t number) {
      console::NewIntegration draft{"autotask", "Customer " + std::to_string(number), {}};
      draft.settings.values["user_name"] = user_name(number);
      draft.settings.secrets["password"] = host::SecretBytes(password(number));
      draft.settings.secrets["integration_code"] = host::SecretBytes(kCode);
      const auto added = console_.integrations().add(std::move(draft), {});
      if (!added.integration.saved) throw std::runtime_error(added.report.findings.at(0).summary);
   }

   console::Console console_;
};

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

// The yardstick: kParallel transfers at once, each handle used again as soon as it is free.
class BareProgram {
 public:
   BareProgram(const host::NetworkOptions& network, std::size_t users) : ca_file_(network.ca_file), users_(users) {
      for (const std::string& rule : network.connect_to) connect_to_ = curl_slist_append(connect_to_, rule.c_str());
   }
   ~BareProgram() { curl_slist_free_all(connect_to_); }
   BareProgram(const BareProgram&) = delete;
   BareProgram& operator=(const BareProgram&) = delete;

   void run() {
      CURLM* multi = curl_multi_init();
      std::vector<Slot> slots(std::min(kParallel, users_));
      std::size_t next = 0;
      for (Slot& slot : slots) {
         slot.easy = curl_easy_init();
         curl_easy_setopt(slot.easy, CURLOPT_CAINFO, ca_file_.c_str());
         curl_easy_setopt(slot.easy, CURLOPT_CONNECT_TO, connect_to_);
         curl_easy_setopt(slot.easy, CURLOPT_WRITEFUNCTION, &ignore);
         curl_easy_setopt(slot.easy, CURLOPT_PRIVATE, &slot);
         ask_for_zone(slot, next++);
         curl_multi_add_handle(multi, slot.easy);
      }
      int running = 0;
      do {
         curl_multi_perform(multi, &running);
         int left = 0;
         while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            Slot& slot = expect_200(*message);
            curl_multi_remove_handle(multi, slot.easy);
            if (slot.headers == nullptr) {
               ask_for_rights(slot);
            } else if (next < users_) {
               ask_for_zone(slot, next++);
            } else {
               continue;
            }
            curl_multi_add_handle(multi, slot.easy);
            running = 1;
         }
         if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
      } while (running > 0);
      for (Slot& slot : slots) {
         curl_easy_cleanup(slot.easy);
         curl_slist_free_all(slot.headers);
      }
      curl_multi_cleanup(multi);
   }

 private:
   struct Slot {
      CURL* easy = nullptr;
      std::size_t user = 0;
      curl_slist* headers = nullptr;
   };

   static void ask_for_zone(Slot& slot, std::size_t user) {
      slot.user = user;
      curl_slist_free_all(std::exchange(slot.headers, nullptr));
      std::string name = user_name(user);
      name.replace(name.find('@'), 1, "%40");
      const std::string url = "https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation?user=" + name;
      curl_easy_setopt(slot.easy, CURLOPT_HTTPHEADER, nullptr);
      curl_easy_setopt(slot.easy, CURLOPT_URL, url.c_str());
   }

   static void ask_for_rights(Slot& slot) {
      for (const std::string& header :
           {"UserName: " + user_name(slot.user), "Secret: " + password(slot.user), "ApiIntegrationCode: " + kCode,
            std::string("Content-Type: application/json")}) {
         slot.headers = curl_slist_append(slot.headers, header.c_str());
      }
      curl_easy_setopt(slot.easy, CURLOPT_HTTPHEADER, slot.headers);
      curl_easy_setopt(slot.easy, CURLOPT_URL,
                       "https://webservices14.autotask.net/ATServicesRest/V1.0/EntityInformation");
   }

   static Slot& expect_200(const CURLMsg& message) {
      long status = 0;
      char* slot = nullptr;
      curl_easy_getinfo(message.easy_handle, CURLINFO_RESPONSE_CODE, &status);
      curl_easy_getinfo(message.easy_handle, CURLINFO_PRIVATE, &slot);
      if (message.data.result != CURLE_OK || status != 200) {
         throw std::runtime_error(std::string(curl_easy_strerror(message.data.result)) + ", status " +
                                  std::to_string(status));
      }
      return *reinterpret_cast<Slot*>(slot);
   }

   std::string ca_file_;
   std::size_t users_;
   curl_slist* connect_to_ = nullptr;
};

// Of this process, in KiB: "VmRSS", "VmHWM". Zero where there is no /proc.
double memory_kib(const std::string& name) {
   std::ifstream status("/proc/self/status");
   for (std::string line; std::getline(status, line);) {
      if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1));
   }
   return 0;
}

// From here on VmHWM is the most since now.
void forget_most_memory() { std::ofstream("/proc/self/clear_refs") << "5"; }

// How many children this process has had at once since this was made: the simulator, and the plugin's processes.
class MostChildren {
 public:
   [[nodiscard]] std::size_t most() const { return most_; }

 private:
   static std::size_t now() {
      std::size_t count = 0;
      for (const auto& thread : fs::directory_iterator("/proc/self/task")) {
         std::ifstream children(thread.path() / "children");
         for (int pid = 0; children >> pid;) ++count;
      }
      return count;
   }

   std::atomic<std::size_t> most_{0};
   std::jthread looks_{[this](const std::stop_token& end) {
      while (!end.stop_requested()) {
         most_ = std::max(most_.load(), now());
         std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
   }};
};

void check_all(benchmark::State& state, std::chrono::milliseconds round_trip) {
   const auto integrations = static_cast<std::size_t>(state.range(0));
   const test_support::TempDir directory;
   SimulatorProcess simulator(directory.path(), integrations);
   const auto relay = round_trip.count() > 0 ? simulator.put_behind_a_relay() : nullptr;
   Scene scene(simulator, directory.path(), integrations);  // added next door: that is not what is measured
   if (relay) relay->set_round_trip(round_trip);
   BareProgram bare(simulator.network, integrations);

   double most_kib = 0;
   std::vector<double> resident_kib;
   std::size_t processes = 0;
   double cpu_us = 0;
   run_paired(
       state,
       [&] {
          forget_most_memory();
          const double before = memory_kib("VmRSS");
          const std::clock_t start = std::clock();
          const MostChildren children;
          scene.check_all();
          processes = std::max(processes, children.most() - 1);  // without the simulator
          resident_kib.push_back(memory_kib("VmRSS"));
          cpu_us = 1e6 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
          most_kib = std::max(most_kib, memory_kib("VmHWM") - before);
       },
       [&] { bare.run(); });
   // As rates: how much of the bare program's speed is left.
   state.counters["ratio"] = 1 / state.counters["ratio"];
   state.counters["per_second"] = static_cast<double>(integrations) * 1e3 / state.counters["ours_ms"];
   if (!relay) state.counters["cpu_us_per_check"] = cpu_us / static_cast<double>(integrations);
   state.counters["kib_per_running_check"] = most_kib / static_cast<double>(kParallel);
   state.counters["processes"] = static_cast<double>(processes);
   state.counters["grown_kib"] = resident_kib.back() - resident_kib.front();
   state.counters["list_ms"] = 1e3 * seconds([&] { scene.list(); });
}

void check_all_at_50_ms(benchmark::State& state) { check_all(state, std::chrono::milliseconds(50)); }
BENCHMARK(check_all_at_50_ms)->UseManualTime()->Arg(400)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(check_all_at_50_ms)->UseManualTime()->Arg(10'000)->Iterations(1)->Unit(benchmark::kMillisecond);

void check_all_next_door(benchmark::State& state) { check_all(state, {}); }
BENCHMARK(check_all_next_door)->UseManualTime()->Arg(1000)->Iterations(5)->Unit(benchmark::kMillisecond);
BENCHMARK(check_all_next_door)->UseManualTime()->Arg(10'000)->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace msp::bench
