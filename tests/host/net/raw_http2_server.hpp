// raw_http2_server.hpp - a server that answers an HTTP/2 request with frames as they are given.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <string_view>
#include <thread>

#include "sim/wire/certificate_authority.hpp"

namespace msp::host::test {

namespace http2 {

enum Type : char { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4, kGoAway = 7 };
enum Flag : char { kNone = 0, kEndStream = 1, kEndHeaders = 4 };

inline std::string frame(Type type, int flags, char stream, std::string_view payload) {
   std::string bytes{static_cast<char>(payload.size() >> 16),
                     static_cast<char>(payload.size() >> 8),
                     static_cast<char>(payload.size()),
                     type,
                     static_cast<char>(flags),
                     0,
                     0,
                     0,
                     stream};
   return bytes += payload;
}

// ":status: DIGITS" and "x-trace: 7", as literals of HPACK.
inline std::string head(std::string_view status) {
   return "\x08\x03" + std::string(status) + std::string("\0\x07x-trace\x01", 10) + "7";
}

}  // namespace http2

// Serves one connection. Once a request has arrived, all of `frames` is sent at once; then the connection closes, or
// with `stays` is kept without another word.
class RawHttp2Server {
 public:
   RawHttp2Server(const sim::Certificate& certificate, std::string frames, bool stays)
       : frames_(std::move(frames)), stays_(stays) {
      tls_.use_certificate_chain(boost::asio::buffer(certificate.chain_pem));
      tls_.use_private_key(boost::asio::buffer(certificate.key_pem), boost::asio::ssl::context::pem);
      SSL_CTX_set_alpn_select_cb(
          tls_.native_handle(),
          [](SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char*, unsigned, void*) {
             *chosen = reinterpret_cast<const unsigned char*>("h2");
             *size = 2;
             return SSL_TLSEXT_ERR_OK;
          },
          nullptr);
      thread_ = std::thread([this] { serve(); });
   }
   // REQUIRES: the client is gone, or was never there.
   ~RawHttp2Server() {
      boost::system::error_code ignored;
      Tcp::socket waker(wire_);
      waker.connect(acceptor_.local_endpoint(), ignored);  // a server that nobody came to
      thread_.join();
   }
   RawHttp2Server(const RawHttp2Server&) = delete;
   RawHttp2Server& operator=(const RawHttp2Server&) = delete;

   [[nodiscard]] std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
   [[nodiscard]] int requests() const noexcept { return requests_; }

 private:
   using Tcp = boost::asio::ip::tcp;
   using Stream = boost::asio::ssl::stream<Tcp::socket>;

   void serve() {
      boost::system::error_code failed;
      Stream stream(acceptor_.accept(), tls_);
      stream.handshake(boost::asio::ssl::stream_base::server, failed);
      std::array<char, 24> preface{};
      if (!failed) boost::asio::read(stream, boost::asio::buffer(preface), failed);
      if (!failed) boost::asio::write(stream, boost::asio::buffer(http2::frame(http2::kSettings, 0, 0, "")), failed);
      while (!failed) {
         if (read_frame(stream, failed) != http2::kHeaders) continue;
         ++requests_;
         boost::asio::write(stream, boost::asio::buffer(frames_), failed);
         if (!stays_) return;
      }
   }

   static char read_frame(Stream& stream, boost::system::error_code& failed) {
      std::array<unsigned char, 9> head{};
      boost::asio::read(stream, boost::asio::buffer(head), failed);
      if (failed) return -1;
      std::string payload(static_cast<std::size_t>(head[0] << 16 | head[1] << 8 | head[2]), '\0');
      boost::asio::read(stream, boost::asio::buffer(payload), failed);
      return static_cast<char>(head[3]);
   }

   const std::string frames_;
   const bool stays_;
   std::atomic<int> requests_{0};
   boost::asio::io_context wire_;
   boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
   Tcp::acceptor acceptor_{wire_, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
   std::thread thread_;
};

}  // namespace msp::host::test
