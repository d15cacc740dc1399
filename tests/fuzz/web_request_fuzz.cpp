// Whatever a client sends to the page: the request as HTTP, and its body as JSON.
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <cstdint>

#include "msp/host/ascii.hpp"
#include "web/http_reading.hpp"
#include "web/request_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
   namespace console = msp::console;
   namespace http = boost::beast::http;
   using Body = http::basic_string_body<char, std::char_traits<char>, console::WipingAllocator<char>>;

   http::request_parser<Body> parser;
   parser.eager(true);
   parser.header_limit(16 * 1024);
   parser.body_limit(std::uint64_t{256} * 1024);
   boost::system::error_code error;
   parser.put(boost::asio::buffer(data, size), error);
   if (error || !parser.is_header_done()) return 0;
   auto message = parser.release();
   console::HttpRequest request = console::read_header(message);
   request.body = std::move(message.body());
   for (const auto& [name, value] : request.query) (void)msp::host::percent_decoded(value);
   (void)msp::host::percent_decoded(request.path);
   (void)console::read_text(request.body, "key");
   (void)console::read_settings(std::move(request.body));
   return 0;
}
