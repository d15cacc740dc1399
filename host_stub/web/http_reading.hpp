// http_reading.hpp - a message as it came becomes a request of ours. Apart from the server so that it can be fuzzed.
#pragma once

#include <boost/beast/http/message.hpp>
#include <string>

#include "web/http_server.hpp"

namespace msp::console {

// Everything but the body. Before that is read: what comes behind a body in chunks is no header.
HttpRequest read_header(const boost::beast::http::request_header<>& header);

// Whether it says in one way where the body ends.
bool has_clear_end(const boost::beast::http::request_header<>& header);

// An answer of one sentence, for what never reaches a handler.
HttpResponse plain_answer(int status, std::string sentence);

}  // namespace msp::console
