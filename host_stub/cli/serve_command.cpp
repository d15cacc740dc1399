#include <CLI/App.hpp>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "cli/context.hpp"
#include "cli/default_paths.hpp"
#include "cli/input_file.hpp"
#include "cli/open_browser.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"
#include "msp/host/json_writer.hpp"
#include "msp/host/private_files.hpp"
#include "web/access.hpp"
#include "web/api.hpp"
#include "web/check_jobs.hpp"
#include "web/http_server.hpp"
#include "web/tls_names.hpp"
#include "web/web_console.hpp"

namespace msp::console {
namespace {

struct ServeArguments {
   std::string listen = "127.0.0.1:8480";
   std::string tls_certificate;
   std::string tls_key;
   std::string simulated_users;
   bool open = false;
};

SimulatedUsers simulated_users(Context& context, const std::string& file) {
   if (file.empty()) return {};
   constexpr std::size_t kMostBytes = 65536;
   const auto patience = std::chrono::milliseconds(static_cast<std::int64_t>(context.options.timeout * 1000));
   const std::string name = "he file \"" + one_line(file) + "\" for --simulated-users";
   auto users = SimulatedUsers::read(read_input_file(file, "T" + name, kMostBytes, patience));
   if (!users)
      throw UsageError("T" + name + ' ' + users.finding().summary + '.',
                       R"(Write {"PLATFORM": [{"about": "may do everything", "values": {"FIELD": "TEXT"}}]}.)");
   return std::move(users).value();
}

struct ListenAddress {
   std::string address;
   std::uint16_t port = 0;

   [[nodiscard]] bool is_loopback() const { return is_loopback_name(in_url()); }
   [[nodiscard]] std::string in_url() const {
      return address.find(':') == address.npos ? address : "[" + address + "]";
   }
};

bool is_ip_address(const std::string& text) {
   boost::system::error_code error;
   boost::asio::ip::make_address(text, error);
   return !error;
}

// "127.0.0.1:8480", "[::1]:8480" or "localhost:8480"
ListenAddress parse_listen(const std::string& text) {
   const std::size_t colon = text.rfind(':');
   ListenAddress result;
   if (colon != text.npos) {
      result.address = text.substr(0, colon);
      if (result.address.size() > 2 && result.address.front() == '[' && result.address.back() == ']') {
         result.address = result.address.substr(1, result.address.size() - 2);
      }
      if (result.address == "localhost") result.address = "127.0.0.1";
      const char* end = text.data() + text.size();
      const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, result.port);
      if (error == std::errc() && stopped == end && is_ip_address(result.address)) return result;
   }
   throw UsageError(
       "\"" + one_line(text, 100) + "\" is no address to listen on.",
       "Write an IP address of this machine, or localhost, and a port, for example --listen 127.0.0.1:8480 "
       "or --listen [::1]:8480.");
}

void demand_tls(const ServeArguments& arguments, const ListenAddress& listen) {
   if (arguments.tls_certificate.empty() != arguments.tls_key.empty()) {
      throw UsageError("A certificate and its key go together.", "Give both --tls-cert and --tls-key.");
   }
   if (listen.is_loopback() || !arguments.tls_certificate.empty()) return;
   throw UsageError("On " + listen.address +
                        " other machines could read along: passwords typed into the page would cross the "
                        "network in the clear.",
                    "Give a certificate and its key with --tls-cert FILE --tls-key FILE, or listen on 127.0.0.1 and "
                    "reach it through an SSH tunnel.");
}

// Prints a link, and a new one whenever one was used: each opens one browser.
class Links {
 public:
   Links(Context& context, Access& access, std::string base)
       : context_(context), access_(access), base_(std::move(base)) {}

   // The link that was printed.
   std::string print(bool first) {
      std::string url = base_ + "/#key=" + access_.new_link_key();
      const std::scoped_lock lock(mutex_);
      if (context_.options.json) {
         context_.output.document(host::json_document(
             [&](host::JsonWriter& writer) {
                writer.text("schema", "msp.link/1");
                writer.text("url", url);
             },
             host::JsonLayout::one_line));
         return url;
      }
      const Style& style = context_.output.style();
      context_.output.result(
          first ? style.paint("The console's page is ready. Open this link; it works once:", Tone::strong) + "\n\n  " +
                      url + "\n\nCtrl-C ends it.\n"
                : "\nA browser was signed in. The link for another one:\n\n  " + url + "\n");
      return url;
   }

 private:
   Context& context_;
   Access& access_;
   std::string base_;
   std::mutex mutex_;
};

host::CheckOptions check_options(const GlobalOptions& options) {
   const auto milliseconds = [](double seconds) {
      return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
   };
   host::CheckOptions result;
   result.timeout = milliseconds(options.timeout);
   result.step_timeout = milliseconds(options.step_timeout);
   return result;
}

// Opens a link by a file of this user's own, because every user of a machine can read what a program is started with.
class PageOpener {
 public:
   PageOpener(Context& context, const std::string& url)
       : file_(std::filesystem::absolute(context.options.data_dir.empty()
                                             ? default_data_dir()
                                             : std::filesystem::path(context.options.data_dir)) /
               "open.html") {
      const std::string page =
          "<!DOCTYPE html><meta charset=\"utf-8\"><title>MSP console</title><meta http-equiv=\"refresh\" content=\"0; "
          "url=" +
          url + "\"><p><a href=\"" + url + "\">Open the console</a></p>\n";
      const auto error = host::write_private_file(file_, page, host::Access::read_and_write, host::IfThere::replace);
      if (error)
         context.output.note("The file for the browser cannot be written: " + error.message() +
                             ". Open the link yourself.\n");
      else if (!open_in_browser(file_))
         context.output.note("This system has nothing that opens a browser. Open the link yourself.\n");
   }
   ~PageOpener() { static_cast<void>(host::remove_private_file(file_)); }
   PageOpener(const PageOpener&) = delete;
   PageOpener& operator=(const PageOpener&) = delete;

 private:
   std::filesystem::path file_;
};

void wait_for(const std::stop_token& stop) {
   std::mutex mutex;
   std::condition_variable_any stopped;
   std::unique_lock lock(mutex);
   stopped.wait(lock, stop, [] { return false; });
}

ExitCode serve(Context& context, const ServeArguments& arguments) {
   // What is opened for reading only is read as if nobody ever wrote, which holds for a command, not for a page.
   { const Store::Change possible(context.console.store()); }
   const ListenAddress listen = parse_listen(arguments.listen);
   demand_tls(arguments, listen);
   const bool tls = !arguments.tls_certificate.empty();
   const TlsFiles files{arguments.tls_certificate, arguments.tls_key};
   const TlsNames names(files.certificate_chain);

   HttpServerOptions options;
   options.address = listen.address;
   options.port = listen.port;
   options.tls = tls ? &files : nullptr;
   auto opened = HttpServer::open(options);
   if (!opened) throw FindingError(opened.finding());
   const std::uint16_t port = opened.value()->port();

   AccessOptions access_options;
   access_options.port = port;
   access_options.tls = tls;
   access_options.is_own_name = [&](std::string_view name) { return tls ? names.has(name) : is_loopback_name(name); };
   Access access(access_options);
   const std::string name = tls && !names.first().empty() ? names.first() : listen.in_url();
   const std::string base = (tls ? "https://" : "http://") + name + ":" + std::to_string(port);
   Links links(context, access, base);
   SignInReturns returns;
   CheckJobs jobs(check_options(context.options), {}, system_clock(), std::chrono::steady_clock::now, &returns,
                  base + std::string(SignInReturns::kPath));
   Api api(context.console, jobs, simulated_users(context, arguments.simulated_users));
   WebConsole web(access, api, returns, [&links] { links.print(false); });

   const InterruptScope interrupt;
   // Last, because it must be the first to go: requests use everything above.
   const std::unique_ptr<HttpServer> server = std::move(opened).value();
   server->serve([&web](HttpRequest request) { return web.answer(std::move(request)); });
   const std::string link = links.print(true);
   std::optional<PageOpener> opener;
   if (arguments.open) opener.emplace(context, link);
   wait_for(interrupt.token());
   jobs.stop();
   return ExitCode::accepted;
}

}  // namespace

void add_serve_command(CLI::App& app, Command& chosen) {
   const auto arguments = std::make_shared<ServeArguments>();
   CLI::App* command = app.add_subcommand("serve", "The page: everything of this, in a browser")->fallthrough();
   command->add_option("--listen", arguments->listen, "Address and port; port 0 takes any free one")
       ->capture_default_str()
       ->type_name("IP:PORT");
   command->add_option("--tls-cert", arguments->tls_certificate, "Certificate with its chain, PEM")
       ->check(plain_file_validator())
       ->type_name("FILE");
   command->add_option("--tls-key", arguments->tls_key, "The certificate's key, PEM")
       ->check(plain_file_validator())
       ->type_name("FILE");
   command
       ->add_option("--simulated-users", arguments->simulated_users,
                    "For demonstrations: users of simulators whom the form offers, as JSON")
       ->check(plain_file_validator())
       ->type_name("FILE");
   command->add_flag("--open", arguments->open, "Open the page in this machine's browser, too");
   command->callback(
       [&chosen, arguments] { chosen = [arguments](Context& context) { return serve(context, *arguments); }; });
}

}  // namespace msp::console
