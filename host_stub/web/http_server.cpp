#include "web/http_server.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <list>
#include <optional>
#include <thread>
#include <type_traits>

#include "web/http_reading.hpp"

namespace msp::console {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

using Body = http::basic_string_body<char, std::char_traits<char>, WipingAllocator<char>>;
using Buffer = beast::basic_flat_buffer<WipingAllocator<char>>;

// An error of accept() is mostly a lack of files or memory, which only time mends.
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
// What is read and not yet understood: a header's line, a chunk's, or what comes behind the last chunk.
constexpr std::size_t kUnread = std::size_t{64} * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// On every answer, also on those to what is no request: a browser shows only what the console itself sends, and shows
// it nowhere else.
constexpr std::array<std::pair<const char*, const char*>, 8> kSecurityHeaders{{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
     "base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
}};

HttpResponse no_request() { return plain_answer(400, "That is no HTTP request."); }

host::Finding cannot_listen(const HttpServerOptions& options, const std::string& why) {
   return {
       "host.listen",
       "The console cannot listen on " + options.address + " port " + std::to_string(options.port) + ": " + why + ".",
       "Choose another address or port with --listen; port 0 takes any free one."};
}

}  // namespace

// Everything on the wire happens on one thread (`wire_`); only handlers run elsewhere.
class HttpServer::Core {
 public:
   Core(const HttpLimits& limits, std::optional<asio::ssl::context> tls)
       : limits_(limits), tls_(std::move(tls)), acceptor_(wire_), handlers_(limits.handler_threads) {}

   ~Core() {
      asio::post(wire_, [this] {
         error_code ignored;
         acceptor_.close(ignored);
         accept_pause_.cancel();
         stopping_ = true;
      });
      handlers_.stop();
      handlers_.join();
      wire_.stop();
      if (thread_.joinable()) thread_.join();
   }

   Core(const Core&) = delete;
   Core& operator=(const Core&) = delete;

   // Throws boost::system::system_error.
   void listen(const tcp::endpoint& endpoint) {
      acceptor_.open(endpoint.protocol());
#ifndef _WIN32  // where it would allow a second process to listen on the same port
      acceptor_.set_option(tcp::acceptor::reuse_address(true));
#endif
      acceptor_.bind(endpoint);
      acceptor_.listen();
      port_ = acceptor_.local_endpoint().port();
   }

   void serve(HttpHandler handler) {
      handler_ = std::move(handler);
      accept();
      thread_ = std::thread([this] { wire_.run(); });
   }

   std::uint16_t port() const { return port_; }

 private:
   template <class Stream>
   class Connection;

   // A connection that can be told to make room.
   class Guest {
    public:
      virtual void leave() = 0;

    protected:
      Guest() = default;
      ~Guest() = default;
   };

   void accept();

   // Ends the connection that waits longest for a stranger: one who has never shown a session. False when there is
   // none.
   bool make_room() {
      if (idle_strangers_.empty()) return false;
      idle_strangers_.front()->leave();
      return true;
   }

   // Runs the handler on a thread of its own and `answer` back on the wire.
   template <class Answer>
   void handle(HttpRequest request, Answer answer) {
      asio::post(handlers_, [this, request = std::move(request), answer = std::move(answer)]() mutable {
         HttpResponse response = handler_(std::move(request));
         asio::post(wire_, [answer = std::move(answer), response = std::move(response)]() mutable {
            answer(std::move(response));
         });
      });
   }

   HttpHandler handler_;
   HttpLimits limits_;
   std::optional<asio::ssl::context> tls_;
   std::size_t connections_ = 0;
   std::list<Guest*> idle_strangers_;  // whose other side is waited for, the longest waiting first
   bool stopping_ = false;
   asio::io_context wire_{1};
   tcp::acceptor acceptor_;
   asio::steady_timer accept_pause_{wire_};
   std::uint16_t port_ = 0;
   asio::thread_pool handlers_;
   std::thread thread_;
};

// One connection; alive as long as something is pending on it.
template <class Stream>
class HttpServer::Core::Connection final : public std::enable_shared_from_this<Connection<Stream>>, public Guest {
 public:
   static constexpr bool kTls = !std::is_same_v<Stream, beast::tcp_stream>;

   template <class... Arguments>
   explicit Connection(Core& core, tcp::socket socket, Arguments&... arguments)
       : core_(core), stream_(std::move(socket), arguments...) {
      ++core_.connections_;
   }
   ~Connection() {
      busy();
      --core_.connections_;
   }
   Connection(const Connection&) = delete;
   Connection& operator=(const Connection&) = delete;

   void start() {
      error_code ignored;
      tcp_layer().socket().set_option(tcp::no_delay(true), ignored);
      if constexpr (kTls) {
         idle();
         tcp_layer().expires_after(core_.limits_.stranger_header_time);
         stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](error_code failed) {
            if (!failed) self->read_header();
         });
      } else {
         read_header();
      }
   }

   void leave() override {
      busy();
      tcp_layer().close();
   }

 private:
   beast::tcp_stream& tcp_layer() { return beast::get_lowest_layer(stream_); }

   // From now on it waits for whoever is on the other side, until busy().
   void idle() {
      if (of_session_ || waiting_) return;
      waiting_ = core_.idle_strangers_.insert(core_.idle_strangers_.end(), this);
   }
   void busy() {
      if (waiting_) core_.idle_strangers_.erase(*waiting_);
      waiting_.reset();
   }

   void read_header() {
      idle();
      parser_.emplace();
      parser_->header_limit(static_cast<std::uint32_t>(core_.limits_.header_bytes));
      parser_->body_limit(core_.limits_.body_bytes);
      tcp_layer().expires_after(of_session_ ? core_.limits_.header_time : core_.limits_.stranger_header_time);
      http::async_read_header(stream_, buffer_, *parser_,
                              [self = this->shared_from_this()](error_code failed, std::size_t) {
                                 if (failed) return self->refuse(failed);
                                 self->request_ = msp::console::read_header(self->parser_->get());
                                 if (!has_clear_end(self->parser_->get())) return self->refuse(no_request());
                                 self->invite_body();
                              });
   }

   // A client that asks first whether it may send its body (HTTP/1.1 only) waits for this answer.
   void invite_body() {
      const auto& message = parser_->get();
      if (parser_->is_done() || message.version() < 11 ||
          !beast::iequals(message[http::field::expect], "100-continue")) {
         return read_body();
      }
      tcp_layer().expires_after(core_.limits_.write_time);
      asio::async_write(stream_, asio::buffer(kContinue),
                        [self = this->shared_from_this()](error_code failed, std::size_t) {
                           if (failed) return self->close();
                           self->read_body();
                        });
   }

   void read_body() {
      tcp_layer().expires_after(core_.limits_.body_time);
      http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](error_code failed, std::size_t) {
         if (failed) return self->refuse(failed);
         self->received();
      });
   }

   // What is not even a request is told so, when there is anybody who reads it; then the connection ends.
   void refuse(error_code failed) {
      HttpResponse response;
      if (failed == http::error::header_limit || failed == http::error::buffer_overflow) {
         response = plain_answer(431, "The request's header is too long.");
      } else if (failed == http::error::body_limit) {
         response = plain_answer(413, "The request's body is too long.");
      } else if (failed.category() == make_error_code(http::error::bad_method).category() &&
                 failed != http::error::end_of_stream && failed != http::error::partial_message) {
         response = no_request();
      } else {
         return close();
      }
      refuse(std::move(response));
   }
   void refuse(HttpResponse response) {
      keep_alive_ = false;
      answer(std::move(response));
   }

   void received() {
      busy();
      http::request<Body> message = parser_->release();
      parser_.reset();
      keep_alive_ = message.keep_alive();
      head_ = message.method() == http::verb::head;
      tcp_layer().expires_never();  // the handler's own time-outs hold
      request_.body = std::move(message.body());
      core_.handle(std::move(request_),
                   [self = this->shared_from_this()](HttpResponse response) { self->answer(std::move(response)); });
   }

   void answer(HttpResponse response) {
      of_session_ = of_session_ || response.of_session;
      auto message = std::make_shared<http::response<http::string_body>>();
      message->version(11);
      message->result(static_cast<unsigned>(response.status));
      for (const auto& [name, value] : response.headers) message->insert(name, value);
      for (const auto& [name, value] : kSecurityHeaders) message->set(name, value);
      message->keep_alive(keep_alive_ && !core_.stopping_);
      message->body() = std::move(response.body);
      message->prepare_payload();
      if (head_) message->body().clear();

      idle();  // a stranger need not read it
      tcp_layer().expires_after(core_.limits_.write_time);
      http::async_write(stream_, *message, [self = this->shared_from_this(), message](error_code failed, std::size_t) {
         if (failed || !message->keep_alive()) return self->close();
         self->read_header();
      });
   }

   void close() {
      if constexpr (kTls) {
         idle();
         tcp_layer().expires_after(core_.limits_.write_time);
         stream_.async_shutdown([self = this->shared_from_this()](error_code) {});
      } else {
         error_code ignored;
         tcp_layer().socket().shutdown(tcp::socket::shutdown_send, ignored);
      }
   }

   Core& core_;
   Stream stream_;
   Buffer buffer_{kUnread};
   HttpRequest request_;
   std::optional<http::request_parser<Body>> parser_;
   std::optional<std::list<Guest*>::iterator> waiting_;  // its place among the idle strangers
   bool of_session_ = false;
   bool keep_alive_ = true;
   bool head_ = false;
};

void HttpServer::Core::accept() {
   acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted || stopping_) return;
      if (failed) {
         accept_pause_.expires_after(kAcceptPause);
         return accept_pause_.async_wait([this](error_code) {
            if (!stopping_) accept();
         });
      }
      // A connection without a place is closed at once. The one that made room counts until it has gone, shortly after.
      if (connections_ < limits_.connections || make_room()) {
         if (tls_)
            std::make_shared<Connection<beast::ssl_stream<beast::tcp_stream>>>(*this, std::move(socket), *tls_)
                ->start();
         else
            std::make_shared<Connection<beast::tcp_stream>>(*this, std::move(socket))->start();
      }
      accept();
   });
}

host::Result<std::unique_ptr<HttpServer>> HttpServer::open(const HttpServerOptions& options) {
   std::optional<asio::ssl::context> tls;
   if (options.tls) {
      try {
         tls.emplace(asio::ssl::context::tls_server);
         SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
         tls->use_certificate_chain_file(options.tls->certificate_chain.string());
         tls->use_private_key_file(options.tls->private_key.string(), asio::ssl::context::pem);
      } catch (const boost::system::system_error& error) {
         return host::Finding{"host.listen",
                              "The certificate " + options.tls->certificate_chain.string() + " and the key " +
                                  options.tls->private_key.string() + " cannot be used: " + error.code().message() +
                                  ".",
                              "Give PEM files that belong together with --tls-cert and --tls-key."};
      }
   }
   auto core = std::make_unique<Core>(options.limits, std::move(tls));
   try {
      core->listen({asio::ip::make_address(options.address), options.port});
   } catch (const boost::system::system_error& error) {
      return cannot_listen(options, error.code().message());
   }
   return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

HttpServer::HttpServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() = default;
void HttpServer::serve(HttpHandler handler) { core_->serve(std::move(handler)); }
std::uint16_t HttpServer::port() const { return core_->port(); }

}  // namespace msp::console
