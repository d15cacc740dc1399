// http_server.hpp - HTTP/1.1 for the page: limits and time-outs on everything, TLS on request. Knows nothing of the
// page.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/host/result.hpp"
#include "web/wiped_string.hpp"

namespace msp::console {

struct HttpRequest {
   std::string method;
   std::string path;                            // as sent, without the query
   std::map<std::string, std::string> query;    // as sent: nothing that the page asks needs decoding
   std::map<std::string, std::string> headers;  // names in lower case; of repeated ones the first, see `repeated`
   std::string repeated{};                      // a header that access depends on and that came twice
   WipedString body;

   // Empty when there is none. `name` in lower case.
   [[nodiscard]] std::string_view header(const std::string& name) const;
};

struct HttpResponse {
   int status = 200;
   std::vector<std::pair<std::string, std::string>> headers;
   std::string body;
   // Whether the request came from a session of the page: its connection keeps its place when places are few.
   bool of_session = false;
};

// Runs on one of several threads, so it must be thread-safe and may block for a while.
using HttpHandler = std::function<HttpResponse(HttpRequest)>;

struct HttpLimits {
   std::size_t header_bytes = std::size_t{16} * 1024;
   std::size_t body_bytes = std::size_t{256} * 1024;
   // When they are all taken, a new connection takes the place of the one that has waited longest without ever having
   // shown a session, so idle connections of other users of this machine keep nobody out.
   std::size_t connections = 64;
   std::size_t handler_threads = 16;
   // From the moment that a connection is ready for a request until its header is there: ends idle connections, too.
   std::chrono::milliseconds header_time{15'000};
   // The same for a connection that has not shown a session yet.
   std::chrono::milliseconds stranger_header_time{5'000};
   std::chrono::milliseconds body_time{15'000};
   std::chrono::milliseconds write_time{30'000};
};

struct TlsFiles {
   std::filesystem::path certificate_chain;  // PEM
   std::filesystem::path private_key;        // PEM
};

struct HttpServerOptions {
   std::string address = "127.0.0.1";  // an IP address
   std::uint16_t port = 0;             // 0: the system chooses
   HttpLimits limits;
   const TlsFiles* tls = nullptr;  // nullptr: plain HTTP
};

// Holds its port from open() on, answers from serve() on, until it is destroyed. [any-thread]
class HttpServer {
 public:
   // The problem says why it cannot listen, or what is wrong with the TLS files.
   static host::Result<std::unique_ptr<HttpServer>> open(const HttpServerOptions& options);

   // Ends all connections and waits for handlers that are running.
   ~HttpServer();
   HttpServer(const HttpServer&) = delete;
   HttpServer& operator=(const HttpServer&) = delete;

   // Once. The handler must not throw.
   void serve(HttpHandler handler);

   [[nodiscard]] std::uint16_t port() const;

 private:
   class Core;
   explicit HttpServer(std::unique_ptr<Core> core);
   std::unique_ptr<Core> core_;
};

}  // namespace msp::console
