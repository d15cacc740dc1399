// https_server.hpp - a server that does on the wire whatever a test asks for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/wire/certificate_authority.hpp"
#include "sim/wire/http_message.hpp"
#include "sim/wire/journal.hpp"

namespace msp::sim {

// Answers one request. Runs on one of several handler threads, so it must be thread-safe and may block.
using Handler = std::function<Reply(const Request&)>;

// What the server does with a connection before any request.
enum class Greeting {
   handshake,  // TLS as it should be
   reset,      // the connection is reset when the client begins the handshake
   silent,     // the connection is accepted and nothing ever said
};

enum class Protocol { tls12_and_newer, tls11_only };

struct ServerOptions {
   uint16_t port = 0;  // 0: the system chooses
   Protocol protocol = Protocol::tls12_and_newer;
   Greeting greeting = Greeting::handshake;
   std::size_t handler_threads = 8;
   std::filesystem::path journal_file{};  // empty: the journal is kept in memory only
};

struct Counters {
   std::size_t connections = 0;       // accepted so far
   std::size_t open_connections = 0;  // accepted and not yet gone
   std::size_t requests = 0;          // arrived so far
   std::size_t under_way = 0;         // arrived and not yet answered
   std::size_t most_under_way = 0;    // the most there ever were at once
};

// An HTTP/1.1 server over TLS on 127.0.0.1, with many connections, keep-alive, and faults on request.
//
//    CertificateAuthority authority;
//    HttpsServer server(authority.issue({"api.example.com"}), [](const Request&) { return Reply::json("{}"); });
//    // client: trust authority.pem(), connect to server.connect_to("api.example.com")
//
// The constructor returns when the port is listening and throws std::runtime_error when it cannot be. The destructor
// ends every connection, silent ones too, and waits only for handlers that are running. All functions: [any-thread]
class HttpsServer {
 public:
   HttpsServer(const Certificate& certificate, Handler handler, const ServerOptions& options = {});
   ~HttpsServer();
   HttpsServer(const HttpsServer&) = delete;
   HttpsServer& operator=(const HttpsServer&) = delete;

   uint16_t port() const;

   // "HOST:443:127.0.0.1:PORT", the form of curl's --connect-to.
   std::string connect_to(std::string_view host, uint16_t host_port = 443) const;

   // From now on matching requests are kept until `count` of them are here together; then all go to the handler.
   void hold_until(std::size_t count, std::function<bool(const Request&)> matches = nullptr);

   Counters counters() const;

   // Waits until the counters satisfy the condition; false if that takes longer than the limit.
   bool wait_for(const std::function<bool(const Counters&)>& condition,
                 std::chrono::milliseconds limit = std::chrono::seconds(10)) const;

   std::vector<JournalEntry> journal() const;

 private:
   class Core;
   std::unique_ptr<Core> core_;
};

}  // namespace msp::sim
