#include "cli/integration_request.hpp"

#include <CLI/App.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>

#include "cli/changed_plugins.hpp"
#include "cli/http_words.hpp"
#include "cli/input_file.hpp"
#include "cli/integration_checks.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"
#include "msp/host/text.hpp"
#include "words/response_document.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kLargestBody = 64u << 20;

constexpr const char* kRequestFooter =
    "PATH is relative to the platform's base address (see the address in `integration show`), with its query; a slash "
    "in front changes nothing:\n"
    "   integration request 'Integration with Autotask' GET V1.0/Companies/175\n"
    "   integration request 'Integration with Kaseya VSA' GET '/system/orgs?$top=1'\n"
    "It is sent to that server and nowhere else; redirects are not followed. With --session, PATH is relative to the "
    "address of that session. Accept is application/json unless given, "
    "and so is the Content-Type of a body.\n"
    "The body of the answer is printed as it came, also when the platform refuses; only a secret of this integration "
    "that it repeats is taken out, which is said. On a terminal, control characters are taken out. With --json it "
    "stands in one document, msp.response/1.\n\n"
    "Exit codes: 0 status 2xx; 2 the request is not allowed, nothing was sent; 3 any other status, such as 3xx, 400 or "
    "409, or the integration is disabled; 4 status 401, or the sign-in is refused; 5 status 403; 6 status 408, 429 or "
    "5xx, or no answer: try again; 8 status 404 or 410, or no such integration; 9 its plugin cannot be used; 10 its "
    "secrets cannot be read; 124 timed out; 130 cancelled.";

struct Arguments {
   std::string name;
   std::string method;
   std::string path;
   std::vector<std::string> headers;
   std::vector<std::string> body;  // at most one; an empty one is not the same as none
   std::string session;
   bool include = false;
};

std::string within_bounds(std::string body, const std::string& what) {
   if (body.size() > kLargestBody) throw UsageError("The body from " + what + " is longer than 64 MiB.", "Send less.");
   return body;
}

std::string read_body_from_stdin() {
   std::string content;
   char piece[65536];
   while (const std::size_t size = std::fread(piece, 1, sizeof piece, stdin)) {
      content.append(piece, size);
      if (content.size() > kLargestBody) break;
   }
   if (std::ferror(stdin) != 0)
      throw UsageError("The body from standard input cannot be read.", "Make sure that you may read it.");
   return content;
}

std::chrono::milliseconds patience_of(const GlobalOptions& options) {
   return std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout * 1000));
}

// curl's way: @ begins a source, everything else is the body itself.
std::string read_body(const std::string& argument, std::chrono::milliseconds patience) {
   if (!argument.starts_with('@')) return argument;
   if (argument == "@stdin" || argument == "@-") return within_bounds(read_body_from_stdin(), "standard input");
   const std::string path = argument.substr(argument.starts_with("@file:") ? 6 : 1);
   const std::string file = "he file \"" + one_line(path) + "\"";
   return within_bounds(read_input_file(path, "T" + file + " for --body", kLargestBody, patience), "t" + file);
}

// Documentation writes a path as it begins after the server's name, or after the platform's base address.
std::string path_below(const std::string& endpoint, const std::string& path) {
   if (!path.starts_with('/') || path.starts_with("//")) return path;
   const std::size_t server = endpoint.find("://");
   const std::size_t slash = server == std::string::npos ? server : endpoint.find('/', server + 3);
   const std::string base = slash == std::string::npos ? "/" : endpoint.substr(slash);
   return path.substr(base.ends_with('/') && path.starts_with(base) ? base.size() : 1);
}

host::Request read_request(const Arguments& arguments, const std::string& endpoint,
                           std::chrono::milliseconds patience) {
   // The address of a session of its own is not saved.
   const std::string base = arguments.session.empty() ? endpoint : "";
   host::Request request{arguments.method, path_below(base, arguments.path), {}, {}, arguments.session};
   std::ranges::transform(request.method, request.method.begin(),
                          [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
   for (const std::string& header : arguments.headers) {
      const std::size_t colon = header.find(':');
      if (colon == std::string::npos || colon == 0) {
         // Not repeated here, in case it is a secret.
         throw UsageError("--header needs a name and a value.", "Write --header 'NAME: VALUE'.");
      }
      request.headers.emplace_back(header.substr(0, colon), host::trim(std::string_view(header).substr(colon + 1)));
   }
   if (!arguments.body.empty()) request.body = read_body(arguments.body.back(), patience);
   const auto default_header = [&](const std::string& name) {
      const auto is_it = [&](const auto& header) { return host::to_lower(header.first) == host::to_lower(name); };
      if (std::ranges::none_of(request.headers, is_it)) request.headers.emplace_back(name, "application/json");
   };
   default_header("Accept");
   if (!request.body.empty()) default_header("Content-Type");
   return request;
}

void print_answer(Context& context, const host::Response& response, bool include) {
   std::string text;
   if (include) {
      const std::string_view words = status_words(response.status);
      text = "HTTP " + std::to_string(response.status) + (words.empty() ? "" : " ") + std::string(words) + "\r\n";
      for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
      text += "\r\n";
   }
   text += response.body;
   if (!is_terminal(Stream::output)) return context.output.bytes(text);
   // A platform could otherwise make the terminal do things.
   std::erase(text, '\r');
   text = host::clean_text(text, std::numeric_limits<std::size_t>::max());
   if (!text.empty() && text.back() != '\n') text += '\n';
   context.output.bytes(text);
}

ExitCode request(Context& context, const Arguments& arguments) {
   const IntegrationRecord saved = find_integration(context, arguments.name).record;
   const std::chrono::milliseconds patience = patience_of(context.options);
   const host::Request request = read_request(arguments, saved.identity.endpoint, patience);
   const InterruptScope interrupt;
   host::RequestOptions options;
   options.timeout = patience;
   options.cancel = interrupt.token();
   options.attended = context.secrets.may_prompt();
   const IntegrationAnswer answer =
       context.console.integrations().request(saved.id, request, options, context.console.redactor());
   const host::Response& response = answer.response;
   tell_changed_plugins(context, saved.platform);

   if (context.options.json) {
      context.output.document(response_document(answer));
      return exit_code(answer);
   }
   if (response.status != 0) print_answer(context, response, arguments.include);
   if (answer.redacted) {
      context.output.problem({"", "The answer repeated a secret of this integration, which was taken out of it.", ""});
   }
   for (const host::Finding& one : response.findings) {
      host::Finding problem{one.code, one.summary, one.remedy};
      if (one.code == "host.request_invalid" && one.field.empty() && request.session.empty() &&
          !saved.identity.endpoint.empty()) {
         problem.remedy += " Of an address of this platform, PATH is what follows " + saved.identity.endpoint + ".";
      }
      context.output.problem(problem, saved.platform);
   }
   if (response.findings.empty() && exit_code(answer) != ExitCode::accepted)
      context.output.problem(explain_status(saved.platform, request, response));
   return exit_code(answer);
}

}  // namespace

void add_integration_request(CLI::App& integration, Command& chosen) {
   const auto arguments = std::make_shared<Arguments>();
   CLI::App* command =
       integration.add_subcommand("request", "Send one authenticated request through an integration")->fallthrough();
   command->add_option("NAME", arguments->name, "The integration, as in `integration list`")->required();
   command->add_option("METHOD", arguments->method, "GET, POST, PATCH, ...")->required();
   command->add_option("PATH", arguments->path, "Below the platform's base address, for example V1.0/Tickets/42")
       ->required();
   command->add_option("--header", arguments->headers, "One more header (repeatable)")
       ->allow_extra_args(false)
       ->type_name("'NAME: VALUE'");
   command->add_option("--body", arguments->body, "What to send: text, @file:PATH or @PATH, or @stdin")
       ->expected(1)
       ->type_name("TEXT|@FILE|@stdin");
   command
       ->add_option("--session", arguments->session,
                    "One of the plugin's further sessions, such as one for a second server")
       ->type_name("NAME");
   command->add_flag("--include", arguments->include, "Print the status and the headers of the answer, too");
   command->footer(kRequestFooter);
   command->callback(
       [&chosen, arguments] { chosen = [arguments](Context& context) { return request(context, *arguments); }; });
}

}  // namespace msp::console
