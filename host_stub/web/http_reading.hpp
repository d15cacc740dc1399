// http_reading.hpp - a message as it came becomes a request of ours. Apart from the server so that it can be fuzzed.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "web/http_server.hpp"

namespace msp::console {

HttpRequest read_request(
    boost::beast::http::request<
        boost::beast::http::basic_string_body<char, std::char_traits<char>, WipingAllocator<char>>>& message);

// An answer of one sentence, for what never reaches a handler.
HttpResponse plain_answer(int status, std::string sentence);

}  // namespace msp::console
