#include "sim/wire/https_server.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "sim/activity.hpp"

namespace msp::sim {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t kRequestLimit = 16U * 1024 * 1024;

ssl::context make_context(const Certificate& certificate, Protocol protocol) {
   ssl::context context(ssl::context::tls_server);
   // What is too weak is for the client to refuse: OpenSSL 3 offers TLS 1.1 and weak certificates at this level only.
   SSL_CTX_set_security_level(context.native_handle(), 0);
   if (protocol == Protocol::tls11_only) {
      SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
      SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
   } else {
      SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
   }
   context.use_certificate_chain(asio::buffer(certificate.chain_pem));
   context.use_private_key(asio::buffer(certificate.key_pem), ssl::context::pem);
   return context;
}

Request read_request(const http::request<http::string_body>& message) {
   Request request;
   request.method = std::string(message.method_string());
   const std::string target(message.target());
   const std::size_t mark = std::min(target.find('?'), target.size());
   request.path = target.substr(0, mark);
   request.query = target.substr(std::min(target.size(), mark + 1));
   for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
   request.body = message.body();
   return request;
}

}  // namespace

// Everything on the wire happens on one thread (`wire_`); only handlers run elsewhere.
class HttpsServer::Core {
 public:
   Core(const Certificate& certificate, Handler handler, const ServerOptions& options)
       : handler_(std::move(handler)),
         greeting_(options.greeting),
         journal_(options.journal_file),
         tls_(make_context(certificate, options.protocol)),
         acceptor_(wire_),
         handlers_(options.handler_threads) {
      const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), options.port);
      try {
         acceptor_.open(endpoint.protocol());
         acceptor_.set_option(tcp::acceptor::reuse_address(true));
         acceptor_.bind(endpoint);
         acceptor_.listen();
      } catch (const boost::system::system_error& error) {
         throw std::runtime_error("Port " + std::to_string(options.port) + " cannot be listened on: " +
                                  error.code().message() + ". Choose another one, or 0 for any free one.");
      }
      port_ = acceptor_.local_endpoint().port();
      accept();
      thread_ = std::thread([this] { wire_.run(); });
   }

   ~Core() {
      stop_.request_stop();
      handlers_.stop();
      handlers_.join();
      wire_.stop();
      thread_.join();
   }

   Core(const Core&) = delete;
   Core& operator=(const Core&) = delete;

   uint16_t port() const { return port_; }
   const Activity& activity() const { return activity_; }
   const Journal& journal() const { return journal_; }

   void hold_until(std::size_t count, std::function<bool(const Request&)> matches) {
      asio::post(wire_, [this, count, matches = std::move(matches)]() mutable {
         hold_count_ = count;
         hold_matches_ = std::move(matches);
      });
   }

 private:
   class Session;

   struct Pending {
      std::shared_ptr<Session> session;
      Request request;
   };

   void accept();
   void receive(Pending pending);
   void handle(Pending pending);

   Handler handler_;
   Greeting greeting_;
   Journal journal_;
   Activity activity_;
   std::stop_source stop_;
   ssl::context tls_;
   asio::io_context wire_{1};
   tcp::acceptor acceptor_;
   uint16_t port_ = 0;
   std::size_t hold_count_ = 0;
   std::function<bool(const Request&)> hold_matches_;
   std::vector<Pending> held_;
   asio::thread_pool handlers_;
   std::thread thread_;
};

// One connection; alive as long as something is pending on it.
class HttpsServer::Core::Session : public std::enable_shared_from_this<Session> {
 public:
   Session(Core& core, tcp::socket socket)
       : core_(core), stream_(std::move(socket), core.tls_), timer_(stream_.get_executor()) {
      number_ = core_.activity_.change([](Counters& counters) {
         ++counters.open_connections;
         return ++counters.connections;
      });
   }

   ~Session() {
      core_.activity_.change([](Counters& counters) { --counters.open_connections; });
   }

   Session(const Session&) = delete;
   Session& operator=(const Session&) = delete;

   void start() {
      error_code ignored;
      socket().set_option(tcp::no_delay(true), ignored);
      if (core_.greeting_ == Greeting::reset) return reset_when_spoken_to();
      if (core_.greeting_ == Greeting::silent) return wait_until_gone();
      stream_.async_handshake(ssl::stream_base::server, [self = shared_from_this()](error_code failed) {
         if (!failed) self->read();
      });
   }

   void answer(Reply reply) {
      if (reply.delay.count() <= 0) return send(std::move(reply));
      timer_.expires_after(reply.delay);
      timer_.async_wait([self = shared_from_this(), reply = std::move(reply)](error_code cancelled) mutable {
         if (!cancelled) self->send(std::move(reply));
      });
   }

 private:
   tcp::socket& socket() { return stream_.next_layer(); }

   void read() {
      parser_.emplace();
      parser_->body_limit(kRequestLimit);
      http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code failed, std::size_t) {
         if (!failed) self->received();
      });
   }

   void received() {
      const http::request<http::string_body> message = parser_->release();
      keep_alive_ = message.keep_alive();
      Request request = read_request(message);
      request.connection = number_;
      core_.receive({shared_from_this(), std::move(request)});
   }

   void send(Reply reply) {
      reply.under_way.reset();
      core_.activity_.change([](Counters& counters) { --counters.under_way; });
      if (reply.fault == Fault::reset) return reset();
      if (!reply.raw.empty()) return send_raw(std::move(reply));
      if (reply.fault == Fault::silent) return wait_until_gone();

      auto message = std::make_shared<http::response<http::string_body>>();
      message->version(11);
      message->result(static_cast<unsigned>(reply.status));
      for (const auto& [name, value] : reply.headers) message->insert(name, value);
      message->keep_alive(keep_alive_);
      const bool bodiless = reply.status == 204 || reply.status == 304;
      if (!bodiless) message->body() = std::move(reply.body);
      if (reply.chunked && !bodiless)
         message->chunked(true);
      else
         message->prepare_payload();

      if (reply.fault == Fault::truncated) return send_half(*message);
      http::async_write(stream_, *message, [self = shared_from_this(), message](error_code failed, std::size_t) {
         if (failed) return;
         if (message->keep_alive()) return self->read();
         self->stream_.async_shutdown([self](error_code) {});
      });
   }

   void send_raw(Reply reply) {
      auto raw = std::make_shared<std::string>(std::move(reply.raw));
      const bool stays = reply.fault == Fault::silent;
      asio::async_write(stream_, asio::buffer(*raw),
                        [self = shared_from_this(), raw, stays](error_code failed, std::size_t) {
                           if (failed) return;
                           if (stays) return self->wait_until_gone();
                           self->stream_.async_shutdown([self](error_code) {});
                        });
   }

   void send_half(const http::response<http::string_body>& message) {
      std::ostringstream text;
      text << message.base() << std::string_view(message.body()).substr(0, message.body().size() / 2);
      auto half = std::make_shared<std::string>(text.str());
      asio::async_write(stream_, asio::buffer(*half), [self = shared_from_this(), half](error_code, std::size_t) {
         error_code ignored;
         self->socket().shutdown(tcp::socket::shutdown_both, ignored);
      });
   }

   void reset() {
      error_code ignored;
      socket().set_option(asio::socket_base::linger(true, 0), ignored);
      socket().close(ignored);
   }

   // Earlier, a client could not tell it from a port that refuses connections.
   void reset_when_spoken_to() {
      socket().async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code gone) {
         if (!gone) self->reset();
      });
   }

   void wait_until_gone() {
      socket().async_read_some(asio::buffer(rest_), [self = shared_from_this()](error_code gone, std::size_t) {
         if (!gone) self->wait_until_gone();
      });
   }

   Core& core_;
   ssl::stream<tcp::socket> stream_;
   asio::steady_timer timer_;
   std::size_t number_ = 0;
   bool keep_alive_ = true;
   boost::beast::flat_buffer buffer_;
   std::optional<http::request_parser<http::string_body>> parser_;
   std::array<char, 1024> rest_{};
};

void HttpsServer::Core::accept() {
   acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted) return;
      if (!failed) std::make_shared<Session>(*this, std::move(socket))->start();
      accept();
   });
}

void HttpsServer::Core::receive(Pending pending) {
   pending.request.stopping = stop_.get_token();
   pending.request.number = activity_.counters().requests + 1;
   journal_.add(pending.request);
   // Counted after it was written down: who waits for the count finds the entry.
   activity_.change([](Counters& counters) {
      ++counters.requests;
      counters.most_under_way = std::max(counters.most_under_way, ++counters.under_way);
   });
   if (hold_count_ == 0 || (hold_matches_ && !hold_matches_(pending.request))) return handle(std::move(pending));
   held_.push_back(std::move(pending));
   if (held_.size() < hold_count_) return;
   for (Pending& each : std::exchange(held_, {})) handle(std::move(each));
}

void HttpsServer::Core::handle(Pending pending) {
   asio::post(handlers_, [this, pending = std::move(pending)] {
      Reply reply;
      try {
         reply = handler_(pending.request);
      } catch (const std::exception& error) {
         reply = Reply::html(std::string("The simulator's handler failed: ") + error.what(), 500);
      }
      asio::post(wire_, [session = pending.session, reply = std::move(reply)]() mutable {
         session->answer(std::move(reply));
      });
   });
}

HttpsServer::HttpsServer(const Certificate& certificate, Handler handler, const ServerOptions& options)
    : core_(std::make_unique<Core>(certificate, std::move(handler), options)) {}

HttpsServer::~HttpsServer() = default;

uint16_t HttpsServer::port() const { return core_->port(); }

std::string HttpsServer::connect_to(std::string_view host, uint16_t host_port) const {
   return std::string(host) + ':' + std::to_string(host_port) + ":127.0.0.1:" + std::to_string(port());
}

void HttpsServer::hold_until(std::size_t count, std::function<bool(const Request&)> matches) {
   core_->hold_until(count, std::move(matches));
}

Counters HttpsServer::counters() const { return core_->activity().counters(); }

bool HttpsServer::wait_for(const std::function<bool(const Counters&)>& condition,
                           std::chrono::milliseconds limit) const {
   return core_->activity().wait_for(condition, limit);
}

std::vector<JournalEntry> HttpsServer::journal() const { return core_->journal().entries(); }

}  // namespace msp::sim
