#include "web/http_reading.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "msp/host/text.hpp"

namespace msp::console {
namespace {

namespace http = boost::beast::http;

// Two of these could mean different things to us and to somebody on the way.
constexpr std::array kOnlyOnce{"host", "origin", "cookie", "content-type", "x-msp-csrf", "sec-fetch-site"};

std::map<std::string, std::string> read_query(std::string_view text) {
   std::map<std::string, std::string> query;
   while (!text.empty()) {
      const std::string_view pair = text.substr(0, text.find('&'));
      text.remove_prefix(std::min(text.size(), pair.size() + 1));
      const std::size_t equals = std::min(pair.find('='), pair.size());
      query.emplace(pair.substr(0, equals), pair.substr(std::min(pair.size(), equals + 1)));
   }
   return query;
}

}  // namespace

std::string_view HttpRequest::header(const std::string& name) const {
   const auto found = headers.find(name);
   return found == headers.end() ? std::string_view() : found->second;
}

HttpRequest read_header(const http::request_header<>& header) {
   HttpRequest request;
   request.method = std::string(header.method_string());
   const std::string target(header.target());
   const std::size_t mark = std::min(target.find('?'), target.size());
   request.path = target.substr(0, mark);
   request.query = read_query(std::string_view(target).substr(std::min(target.size(), mark + 1)));
   for (const auto& field : header) {
      const std::string name = host::to_lower(std::string(field.name_string()));
      const bool first = request.headers.emplace(name, field.value()).second;
      if (!first && std::find(kOnlyOnce.begin(), kOnlyOnce.end(), name) != kOnlyOnce.end()) request.repeated = name;
   }
   return request;
}

bool has_clear_end(const http::request_header<>& header) {
   const std::string_view encoding = header[http::field::transfer_encoding];
   return header.count(http::field::transfer_encoding) == 0 ||
          (header.version() >= 11 && boost::beast::iequals(encoding, "chunked") &&
           header.count(http::field::content_length) == 0);
}

HttpResponse plain_answer(int status, std::string sentence) {
   return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(sentence) + "\n"};
}

}  // namespace msp::console
