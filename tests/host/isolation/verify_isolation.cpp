// verify_isolation RUNNER PLUGIN - on a real Windows: lets the attacking plugin try, attack by attack, what no plugin
// may do, and prints what the system denied. Exit code 0 when everything was; else 1.
// host_api/runner/verify_windows.ps1 calls it.
// clang-format off: in this order
#include <windows.h>
#include <winsock2.h>
// clang-format on

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include "attack_messages.hpp"
#include "isolation/runner_keeper.hpp"
#include "test_support/temp_dir.hpp"

namespace {

using namespace msp::isolation;
using std::chrono::steady_clock;

struct Attack {
   const char* name;
   const char* what;
};
constexpr Attack kAttacks[] = {
    {"read_users", "list the users of this computer"},
    {"read_beside", "read a file beside the plugin"},
    {"write_beside", "write a file beside the plugin"},
    {"change_itself", "change its own file"},
    {"write_root", "write a file on the system's disk"},
    {"read_disk", "read the disk itself"},
    {"open_pipe", "open a pipe of another program"},
    {"load_library", "load another library of its user"},
    {"write_registry", "write its user's registry"},
    {"read_registry", "read its user's registry"},
    {"connect", "connect to a program of this computer"},
    {"start_program", "start a program"},
    {"read_console", "read the console's memory"},
    {"write_console", "write the console's memory"},
    {"end_console", "end the console"},
    {"debug_console", "debug the console"},
    {"writable_code", "make memory writable and executable"},
    {"new_code", "make new memory executable"},
    {"much_memory", "take more memory than it gets"},
    {"clipboard", "open the clipboard"},
};

// Listens where only this computer can come, for as long as the program runs.
unsigned open_port() {
   WSADATA data;
   ::WSAStartup(MAKEWORD(2, 2), &data);
   const SOCKET listening = ::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
   sockaddr_in here{};
   here.sin_family = AF_INET;
   here.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
   int size = sizeof here;
   if (::bind(listening, reinterpret_cast<const sockaddr*>(&here), size) != 0 || ::listen(listening, 64) != 0 ||
       ::getsockname(listening, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
      throw std::runtime_error("no port can be opened for the plugin to try");
   }
   return ::ntohs(here.sin_port);
}

std::string plugin_that_tries(const std::filesystem::path& file, const std::string& script, unsigned port) {
   constexpr std::string_view kMark = "ATTACK-SCRIPT:";
   constexpr std::size_t kNumbers = 48;  // where the plugin looks for them
   std::string bytes = test_support::read_file(file);
   const auto at = bytes.find(std::string(kMark) + std::string(8, '\0'));
   if (at == std::string::npos) throw std::runtime_error("the plugin has no place for its script");
   const std::string numbers = std::to_string(::GetCurrentProcessId()) + ' ' + std::to_string(port);
   bytes.replace(at + kMark.size(), script.size(), script);
   bytes.replace(at + kNumbers, numbers.size(), numbers);
   return bytes;
}

// A directory of the console's own, in which every runner and plugin of these attacks lies.
class Stage {
 public:
   Stage(const std::filesystem::path& runner, std::filesystem::path plugin)
       : plugin_(std::move(plugin)), keeper_(program(runner)) {
      test_support::write_file(directory_.path() / "beside.txt", "a file of the console's user");
      std::filesystem::copy_file(plugin_, directory_.path() / "other.dll");
      pipe_ = Handle(::CreateNamedPipeW(L"\\\\.\\pipe\\msp-verify", PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 10, 4096, 4096,
                                        0, nullptr));
   }

   std::variant<std::unique_ptr<Runner>, NotStarted> start(const std::string& script) {
      const auto file = directory_.path() / ("attack" + std::to_string(++count_) + ".dll");
      const std::string bytes = plugin_that_tries(plugin_, script, port_);
      test_support::write_file(file, bytes);
      auto sealed = SealedPlugin::make(bytes, file);
      if (!sealed) throw std::runtime_error(sealed.finding().summary);
      const RunnerPlugin plugin{
          std::make_shared<const SealedPlugin>(std::move(sealed).value()), file.string(), {}, nullptr};
      return keeper_.take(plugin, steady_clock::now() + std::chrono::seconds(60));
   }

 private:
   [[nodiscard]] RunnerProgram program(const std::filesystem::path& runner) const {
      const auto file = directory_.path() / "runner.exe";
      std::filesystem::copy_file(runner, file);
      auto opened = RunnerProgram::open(file);
      if (!opened) throw std::runtime_error(opened.finding().summary);
      return std::move(opened).value();
   }

   const test_support::TempDir directory_;
   const std::filesystem::path plugin_;
   RunnerKeeper keeper_;
   const unsigned port_ = open_port();
   Handle pipe_;
   int count_ = 0;
};

void print_layers(Stage& stage) {
   const auto taken = stage.start("call:nothing");
   if (const auto* why = std::get_if<NotStarted>(&taken)) {
      throw std::runtime_error("no process could be started: " + why->detail + " " + why->end.in_words());
   }
   for (const Layer& layer : std::get<0>(taken)->layers()) {
      std::printf("%-8s %-22s %s\n", layer.active ? "active" : "ABSENT", layer.name.c_str(), layer.detail.c_str());
   }
}

// Whether the plugin came away with it; `how` says what happened.
bool happens(Stage& stage, const std::string& script, std::string& how) {
   const auto taken = stage.start(script);
   if (const auto* why = std::get_if<NotStarted>(&taken)) {
      how = why->detail + " " + why->end.in_words();
      return false;
   }
   Runner& runner = *std::get<0>(taken);
   const auto deadline = steady_clock::now() + std::chrono::seconds(20);
   Transfer last = runner.send(*encode(CallEntry{}), deadline);
   Frame frame;
   if (last == Transfer::done) last = runner.receive(frame, deadline);
   const auto result = last == Transfer::done ? decode<Result>(frame) : std::nullopt;
   if (!result) {
      how = runner.end(last).in_words();
      return false;
   }
   how = result->value == 0 ? "the system let it happen"
                            : std::system_category().message(static_cast<int>(-result->value)) + " (" +
                                  std::to_string(-result->value) + ")";
   return result->value == 0;
}

int verify(const std::filesystem::path& runner, const std::filesystem::path& plugin) {
   Stage stage(runner, plugin);
   print_layers(stage);
   int let = 0;
   for (const char* moment : {"load:", "call:"}) {
      std::printf("\n%s\n", *moment == 'l' ? "While the plugin is loaded:" : "When the plugin is called:");
      for (const Attack& attack : kAttacks) {
         std::string how;
         const bool happened = happens(stage, std::string(moment) + attack.name, how);
         let += happened ? 1 : 0;
         std::printf("%-10s %-42s %s\n", happened ? "NOT DENIED" : "denied", attack.what, how.c_str());
         std::fflush(stdout);
      }
   }
   std::printf("\n%d of %d attacks were not denied.\n", let, static_cast<int>(2 * std::size(kAttacks)));
   return let == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
   if (count != 3) {
      std::fputs("usage: verify_isolation RUNNER PLUGIN\n", stderr);
      return 2;
   }
   try {
      return verify(std::filesystem::absolute(arguments[1]), std::filesystem::absolute(arguments[2]));
   } catch (const std::exception& problem) {
      std::fprintf(stderr, "verify_isolation: %s\n", problem.what());
      return 2;
   }
}
