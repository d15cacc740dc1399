// http_message.hpp - requests and answers, as the handlers of a simulator see them.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/host/ascii.hpp"

namespace msp::sim {

using Headers = std::vector<std::pair<std::string, std::string>>;

// One request as it arrived.
struct Request {
   std::string method;
   std::string path;   // the target up to the first '?', still percent-encoded
   std::string query;  // what follows the '?', still percent-encoded
   Headers headers;    // in the order of arrival, names as the client wrote them
   std::string body;
   std::size_t number = 0;      // counts the server's requests from 1
   std::size_t connection = 0;  // counts the server's connections from 1
   std::stop_token stopping;    // a handler that blocks must return when this is requested

   // The Host header without a port, in lower case.
   std::string host() const;

   // The header's value, found without regard to case; nothing if absent.
   std::optional<std::string> header(std::string_view name) const;

   // The first query value of that name, decoded as web servers do ('+' is a blank); nothing if absent.
   std::optional<std::string> query_value(std::string_view name) const;
};

// What the server does to the answer on the wire, other than sending it.
enum class Fault {
   none,
   reset,      // the connection is reset (TCP RST) and nothing is sent
   silent,     // nothing is sent until the client goes or the server stops
   truncated,  // Content-Length tells the whole body, half of it is sent, then the connection closes
};

// What a handler answers.
struct Reply {
   int status = 200;
   std::string body{};
   Headers headers{};
   Fault fault = Fault::none;
   std::chrono::milliseconds delay{0};       // waited before anything is sent; other requests go on meanwhile
   std::shared_ptr<const void> under_way{};  // let go when the answer starts to be sent, or never will be
   bool chunked = false;                     // sent without a Content-Length
   std::string raw{};                        // sent as it is, in place of all the above; then the connection closes,
                                             // or with Fault::silent stays open without another word

   // Sets the header, replacing one of that name.
   void set_header(const std::string& name, const std::string& value);

   static Reply json(std::string text, int status = 200);
   static Reply html(std::string text, int status = 200);
   static Reply bytes(std::string raw, Fault fault = Fault::none);
};

using host::equal_ignoring_case;
using host::to_lower;

}  // namespace msp::sim
