// blackhole.hpp - local ports behind which nobody answers.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace msp::host {

class Blackhole {
 public:
   enum class Kind {
      refusing,         // bound, so that nobody else gets it, but not listening
      never_accepting,  // listening with a queue that is full: the next connect() gets no reply
   };

   explicit Blackhole(Kind kind) {
      const int listener = open_socket();
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      socklen_t size = sizeof address;
      auto* generic = reinterpret_cast<sockaddr*>(&address);
      if (bind(listener, generic, size) != 0 || getsockname(listener, generic, &size) != 0)
         throw std::runtime_error("no local port");
      port_ = ntohs(address.sin_port);
      if (kind == Kind::refusing) return;
      if (listen(listener, 0) != 0) throw std::runtime_error("cannot listen");
      // Fill the queue until a connection stays pending.
      for (int count = 0; count < 16; ++count) {
         const int client = open_socket();
         fcntl(client, F_SETFL, O_NONBLOCK);
         static_cast<void>(connect(client, generic, size));
         pollfd state{client, POLLOUT, 0};
         if (poll(&state, 1, 100) == 0) return;
      }
      throw std::runtime_error("the queue does not fill");
   }
   ~Blackhole() {
      for (const int socket : sockets_) close(socket);
   }
   Blackhole(const Blackhole&) = delete;
   Blackhole& operator=(const Blackhole&) = delete;

   [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
   int open_socket() {
      const int opened = socket(AF_INET, SOCK_STREAM, 0);
      if (opened < 0) throw std::runtime_error("no socket");
      sockets_.push_back(opened);
      return opened;
   }

   std::vector<int> sockets_;
   std::uint16_t port_ = 0;
};

}  // namespace msp::host
