// http_service_scene.hpp - the HTTP service in front of a server of its own, over real TLS.
#pragma once

#include <string>
#include <vector>

#include "net/http_service.hpp"
#include "sim/scratch_directory.hpp"
#include "sim/wire/https_server.hpp"

namespace msp::host::test {

using namespace std::chrono_literals;
using sim::Reply;
using sim::Request;
using Clock = HttpService::Clock;

inline constexpr std::string_view kHost = "api.example.com";

inline HttpRequest request(std::string method = "GET", std::string path = "/") {
   HttpRequest result;
   result.method = std::move(method);
   result.url = "https://" + std::string(kHost) + path;
   return result;
}

inline HttpRequest get(std::string path = "/") { return request("GET", std::move(path)); }

inline std::vector<HttpResponse> perform(HttpService& service, std::vector<HttpRequest> requests,
                                         std::chrono::milliseconds limit = 20s, const std::stop_token& cancel = {}) {
   return service.perform(requests, Clock::now() + limit, cancel);
}

inline HttpResponse perform(HttpService& service, HttpRequest single, std::chrono::milliseconds limit = 20s) {
   std::vector<HttpRequest> requests;
   requests.push_back(std::move(single));
   return std::move(perform(service, std::move(requests), limit).front());
}

inline std::string header(const HttpResponse& response, std::string_view name) {
   for (const auto& [key, value] : response.headers)
      if (sim::to_lower(key) == name) return std::string(value.view());
   return "(none)";
}

// A platform of its own for each test: authority, server, and options that lead to it.
struct Platform {
   explicit Platform(
       sim::Handler handler = [](const Request&) { return Reply::json("{}"); },
       const sim::ServerOptions& server_options = {}, const std::vector<std::string>& names = {std::string(kHost)},
       sim::Validity validity = sim::Validity::current)
       : server(authority.issue(names, validity), std::move(handler), server_options) {
      authority.write(scratch.path() / "ca.pem");
      options.ca_file = scratch.path() / "ca.pem";
      options.connect_to = {server.connect_to(kHost)};
   }

   sim::CertificateAuthority authority;
   sim::ScratchDirectory scratch;
   sim::HttpsServer server;
   NetworkOptions options;
};

}  // namespace msp::host::test
