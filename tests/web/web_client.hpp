// web_client.hpp - requests to the web console, with and without a network in between.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "web/http_server.hpp"

namespace msp::console::test {

// One TCP connection to this machine; what the other side does with it is the test.
class RawConnection {
 public:
   explicit RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(port);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
      const timeval longest{20, 0};  // a server that neither answers nor ends a connection fails a test, and hangs none
      EXPECT_EQ(::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest), 0);
   }
   ~RawConnection() { ::close(socket_); }
   RawConnection(const RawConnection&) = delete;
   RawConnection& operator=(const RawConnection&) = delete;

   void send(std::string_view bytes) const {
      while (!bytes.empty()) {
         const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
         if (sent <= 0) return;  // the other side has had enough
         bytes.remove_prefix(static_cast<std::size_t>(sent));
      }
   }

   [[nodiscard]] bool something_comes_within(std::chrono::milliseconds time) const {
      pollfd waiting{socket_, POLLIN, 0};
      return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
   }

   // All that comes until the other side ends the connection.
   [[nodiscard]] std::string receive() const {
      std::string received;
      char part[4096];
      ssize_t got = 0;
      while ((got = ::recv(socket_, part, sizeof part, 0)) > 0) received.append(part, static_cast<std::size_t>(got));
      EXPECT_FALSE(got < 0 && errno == EAGAIN) << "The connection is still open.";
      return received;
   }

   // Up to the end of the text that is waited for.
   [[nodiscard]] std::string receive_until(std::string_view end) const {
      std::string received;
      char byte = 0;
      while (!received.ends_with(end) && ::recv(socket_, &byte, 1, 0) == 1) received += byte;
      return received;
   }

 private:
   int socket_;
};

inline HttpRequest request(std::string method, std::string path,
                           std::map<std::string, std::string> headers = {{"host", "127.0.0.1:8480"}},
                           std::string_view body = {}) {
   HttpRequest request;
   request.method = std::move(method);
   const std::size_t mark = std::min(path.find('?'), path.size());
   if (mark < path.size()) {
      const std::string pair = path.substr(mark + 1);
      request.query[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
   }
   request.path = path.substr(0, mark);
   request.headers = std::move(headers);
   request.body = body;
   return request;
}

inline std::string header(const HttpResponse& response, std::string_view name) {
   for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
   }
   return {};
}

}  // namespace msp::console::test
