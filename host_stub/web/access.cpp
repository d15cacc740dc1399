#include "web/access.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address_v4.hpp>
#include <stdexcept>
#include <vector>

#include "msp/host/digest.hpp"
#include "msp/host/json_writer.hpp"
#include "msp/host/text.hpp"
#include "web/answers.hpp"

namespace msp::console {
namespace {

constexpr auto kSessionAge = std::chrono::hours(12);  // without use
constexpr std::size_t kSessions = 32;
constexpr int kFailedAttemptsPerMinute = 20;

std::string random_key() {
   if (sodium_init() < 0) throw std::runtime_error("The system gives no random bytes.");
   std::array<unsigned char, 32> bytes{};
   randombytes_buf(bytes.data(), bytes.size());
   std::array<char, 65> hex{};
   sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
   return hex.data();
}

// Keys are kept and looked up by their hash, so no comparison's duration tells anything about a key.
std::string hash(std::string_view key) { return host::sha256_hex(key); }

bool same(std::string_view one, std::string_view other) {
   return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

// All of that name: a server on another port of this machine can set one, too, and have it sent first.
std::vector<std::string_view> cookies(std::string_view header, std::string_view name) {
   std::vector<std::string_view> values;
   while (!header.empty()) {
      const std::string_view pair = host::trim(header.substr(0, header.find(';')));
      header.remove_prefix(
          std::min(header.size(), header.find(';') == header.npos ? header.size() : header.find(';') + 1));
      if (pair.size() > name.size() && pair.substr(0, name.size()) == name && pair[name.size()] == '=') {
         values.push_back(pair.substr(name.size() + 1));
      }
   }
   return values;
}

bool is_change(const HttpRequest& request) { return request.method != "GET" && request.method != "HEAD"; }

HttpResponse session_answer(const std::string& token) {
   return json_answer(200, host::json_document([&](host::JsonWriter& writer) { writer.text("csrf", token); }));
}

HttpResponse no_session() {
   return error_answer(401, {"access.no_session", "This browser is not signed in to the console.",
                             "Open the link that \"msp-console serve\" printed last; each link opens one browser."});
}

}  // namespace

bool is_loopback_name(std::string_view name) noexcept {
   if (name == "localhost" || name == "[::1]") return true;
   boost::system::error_code error;
   const auto address = boost::asio::ip::make_address_v4(name, error);
   // The plain form only: what a browser writes, and no other reader takes for something else.
   return !error && address.is_loopback() && address.to_string() == name;
}

Access::Access(AccessOptions options)
    : options_(std::move(options)),
      // Cookies do not know ports: two consoles on one machine must not take each other's.
      cookie_name_("msp_console_" + std::to_string(options_.port)) {
   new_link_key();
}

std::string Access::new_link_key() {
   const std::string key = random_key();
   const std::scoped_lock lock(mutex_);
   link_key_ = hash(key);
   return key;
}

std::optional<HttpResponse> Access::refuse_foreign(const HttpRequest& request) const {
   if (!request.repeated.empty()) {
      return error_answer(400, {"request.invalid", "The request holds its header " + request.repeated + " twice.",
                                "Send it once. If a proxy is in front of the console, it must not add it again."});
   }
   const std::string host = host::to_lower(request.header("host"));
   const std::size_t colon = host.rfind(':');
   const bool has_port = colon != host.npos && host.find(']', colon) == host.npos;
   const std::string name = has_port ? host.substr(0, colon) : host;
   const std::string_view port = has_port ? std::string_view(host).substr(colon + 1) : "";
   const bool odd_port =
       has_port && (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos);
   if (name.empty() || odd_port || !options_.is_own_name(name)) {
      return error_answer(421, {"access.foreign_host", "This console does not go by the name that was asked for.",
                                options_.tls ? "Open it by a name that its certificate holds."
                                             : "Open it by the address that \"msp-console serve\" printed. Through a "
                                               "tunnel, open 127.0.0.1 or localhost with the tunnel's port."});
   }
   const std::string_view origin = request.header("origin");
   const std::string own = (options_.tls ? "https://" : "http://") + host;
   const std::string_view site = request.header("sec-fetch-site");
   const bool foreign_site = !site.empty() && site != "same-origin" && site != "none";
   // Following a link from elsewhere to the page itself is harmless; everything else comes from the page or not at all.
   const bool just_opens =
       request.method == "GET" && request.header("sec-fetch-mode") == "navigate" && request.path.rfind("/api/", 0) != 0;
   if ((!origin.empty() && origin != own) || (foreign_site && !just_opens)) {
      return error_answer(403, {"access.foreign_origin", "The request was made by the page of another site.",
                                "Use the console's own page."});
   }
   return {};
}

void Access::forget_old_sessions() {
   const auto now = options_.clock();
   std::erase_if(sessions_, [&](const auto& each) { return now - each.second.used > kSessionAge; });
   while (sessions_.size() >= kSessions) {
      sessions_.erase(std::ranges::min_element(sessions_, {}, [](const auto& each) { return each.second.used; }));
   }
}

HttpResponse Access::open_session(const HttpRequest& request, std::string_view key) {
   if (request.header("origin").empty() && !request.header("sec-fetch-site").empty() &&
       request.header("sec-fetch-site") != "same-origin") {
      return no_session();
   }
   const std::string given = hash(key);
   const std::scoped_lock lock(mutex_);
   const auto now = options_.clock();
   if (now - attempts_since_ > std::chrono::minutes(1)) {
      attempts_since_ = now;
      failed_attempts_ = 0;
   }
   // The limit is for wrong keys only: whoever guesses must not keep out whoever has the link.
   if (link_key_.empty() || !same(given, link_key_)) {
      if (failed_attempts_ >= kFailedAttemptsPerMinute) {
         return error_answer(429,
                             {"access.too_many_attempts", "Too many links that do not open this console were tried.",
                              "Open the link that \"msp-console serve\" printed last."});
      }
      ++failed_attempts_;
      return error_answer(401,
                          {"access.link_used", "This link was used before, or belongs to a console that has ended.",
                           "Open the link that \"msp-console serve\" printed last; each link opens one browser."});
   }
   link_key_.clear();
   forget_old_sessions();
   const std::string secret = random_key();
   Session session{random_key(), now};
   HttpResponse response = session_answer(session.token);
   response.headers.emplace_back("Set-Cookie", cookie_name_ + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict" +
                                                   (options_.tls ? "; Secure" : ""));
   sessions_.emplace(hash(secret), std::move(session));
   return response;
}

Access::Session* Access::session_of(const HttpRequest& request) {
   for (const std::string_view value : cookies(request.header("cookie"), cookie_name_)) {
      const auto found = sessions_.find(hash(value));
      if (found == sessions_.end()) continue;
      if (options_.clock() - found->second.used <= kSessionAge) return &found->second;
      sessions_.erase(found);
   }
   return nullptr;
}

std::optional<HttpResponse> Access::refuse_stranger(const HttpRequest& request) {
   const std::scoped_lock lock(mutex_);
   Session* session = session_of(request);
   if (!session) return no_session();
   if (same(request.header("x-msp-csrf"), session->token)) {
      session->used = options_.clock();
      return {};
   }
   if (!is_change(request)) return no_session();
   return error_answer(
       403, {"access.csrf", "The change did not come from the console's page.", "Reload the page and try again."});
}

}  // namespace msp::console
