// A hostile plugin in its own process says what it likes: every frame of an operation is taken or refused, nothing is
// read that was not sent, and no operation is accepted without what it has to report.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "contract/host_table.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/settings.hpp"
#include "work/connection_state.hpp"
#include "work/conversation.hpp"

namespace {

using namespace msp::host;
using namespace msp::isolation;

constexpr const char* kManifest = R"({"manifest": 1, "id": "fuzzed", "name": "Fuzzed", "version": "1.0.0",
   "vendor": "Nobody", "abi": {"major": 1, "minor_min": 0}, "requires": ["msp.browser/1", "msp.keep/1"],
   "network": {"hosts": ["api.example.com", "*.example.net"]},
   "fields": [{"id": "user", "label": "User", "kind": "text", "required": true},
              {"id": "password", "label": "Password", "kind": "secret"},
              {"id": "refresh_token", "label": "Sign-in", "kind": "secret", "kept": true}],
   "permissions": [{"id": "tickets.read", "entity": "Tickets", "operation": "read", "need": "required",
                    "used_for": "x", "remedy": "y"}]})";

// The bytes as frames: a type, the size of a payload, the payload, and so on. At the end the link is closed.
class Script : public Link {
 public:
   explicit Script(std::string_view bytes) : rest_(bytes) {}

   Transfer send(const Frame& /*frame*/, Deadline /*deadline*/) override { return Transfer::done; }
   Transfer receive(Frame& frame, Deadline /*deadline*/) override {
      if (rest_.size() < 3) return Transfer::closed;
      const auto type = static_cast<std::uint8_t>(kFirstOfOperations + static_cast<unsigned char>(rest_[0]) % 26U);
      const std::size_t said =
          static_cast<unsigned char>(rest_[1]) + std::size_t{256} * static_cast<unsigned char>(rest_[2]);
      rest_.remove_prefix(3);
      const std::string_view payload = rest_.substr(0, std::min(said, rest_.size()));
      rest_.remove_prefix(payload.size());
      WipedBytes bytes;
      for (unsigned shift = 0; shift < 32; shift += 8) bytes.append(static_cast<char>(payload.size() >> shift));
      bytes.append(static_cast<char>(type));
      bytes.append(payload);
      frame = Frame(std::move(bytes));
      return Transfer::done;
   }

 private:
   std::string_view rest_;
};

std::vector<HttpResponse> answer_all(std::span<HttpRequest> requests, Call::Clock::time_point /*until*/,
                                     const std::stop_token& /*cancel*/) {
   std::vector<HttpResponse> answers(requests.size());
   for (HttpResponse& answer : answers) {
      answer.outcome = Outcome::accepted;
      answer.status = 200;
   }
   return answers;
}

// A person whose browser comes back at once.
class Person : public Browser {
 public:
   Result<std::string> redirect_uri() override { return std::string("http://127.0.0.1:9/back"); }
   std::optional<SecretBytes> wait_for_return(const Visit& visit, Clock::time_point /*deadline*/,
                                              const std::stop_token& /*cancel*/) override {
      return SecretBytes("code=5f0c&state=" + visit.state);
   }
   void show_code(const Visit& /*visit*/) override {}
};

// What a plugin keeps goes into the field that is there for it.
Result<void> keep(const std::string& field, const SecretBytes& /*value*/) {
   if (field != "refresh_token") std::abort();
   return {};
}

struct Scene {
   Scene() {
      plugin->runtime = std::make_shared<Runtime>(HostOptions{});
      plugin->manifest = parse_manifest(kManifest).value();
      plugin->sha256 = std::string(64, '0');
      host = &make_host_table(plugin->runtime, plugin->manifest.id);
   }

   [[nodiscard]] CheckedSettings form() const {
      Settings settings;
      settings.values["user"] = "jane";
      settings.secrets["password"] = SecretBytes("correct horse");
      return std::move(*check_settings(plugin->manifest, std::move(settings)).settings);
   }

   const std::shared_ptr<LoadedPlugin> plugin = std::make_shared<LoadedPlugin>();
   const msp_host* host = nullptr;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
   static const Scene scene;
   if (size == 0) return 0;
   const auto operation = static_cast<Operation>(data[0] % 3);
   Script script({reinterpret_cast<const char*>(data) + 1, size - 1});
   ConnectionState state(scene.plugin, scene.form());
   const auto deadline = Call::Clock::now() + std::chrono::seconds(60);
   Call call(*scene.plugin, state.settings, state.hosts, state.secrets, answer_all,
             Call::Terms{.operation = operation,
                         .deadline = deadline,
                         .cancel = {},
                         .on_progress = {},
                         .flags = MSP_CALL_ATTENDED,
                         .now = 1,
                         .browser = std::make_shared<Person>(),
                         .keep = keep});
   const PluginBackend::Terms terms{{}, {}, {}};
   const auto end =
       Conversation(script, scene.plugin->manifest, *scene.plugin->runtime, *scene.host, operation, call, terms).run();
   call.end();
   const OperationReport report = call.close(end.how == Conversation::returned ? end.outcome : MSP_FAILED);
   if (report.outcome != Outcome::accepted) return 0;
   if (operation == Operation::validate_credentials && !report.identity) std::abort();
   if (operation == Operation::authenticate && !report.session) std::abort();
   return 0;
}
