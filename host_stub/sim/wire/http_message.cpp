#include "sim/wire/http_message.hpp"

#include <algorithm>

namespace msp::sim {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_value(char c) {
   if (c >= '0' && c <= '9') return c - '0';
   if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
   return -1;
}

}  // namespace

std::string to_lower(std::string_view text) {
   std::string result(text);
   std::transform(result.begin(), result.end(), result.begin(), lower);
   return result;
}

std::string percent_decode(std::string_view text) {
   std::string result;
   for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%' && i + 2 < text.size()) {
         const int high = hex_value(text[i + 1]);
         const int low = hex_value(text[i + 2]);
         if (high >= 0 && low >= 0) {
            result += static_cast<char>(high * 16 + low);
            i += 2;
            continue;
         }
      }
      result += text[i];
   }
   return result;
}

std::string Request::host() const {
   const std::string host = to_lower(header("Host").value_or(""));
   return host.substr(0, host.find(':'));
}

std::optional<std::string> Request::header(std::string_view name) const {
   const std::string wanted = to_lower(name);
   for (const auto& [key, value] : headers)
      if (to_lower(key) == wanted) return value;
   return std::nullopt;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
   std::string blanks = query;
   std::replace(blanks.begin(), blanks.end(), '+', ' ');
   for (std::string_view rest = blanks; !rest.empty();) {
      const std::string_view pair = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      const std::size_t equals = std::min(pair.find('='), pair.size());
      if (percent_decode(pair.substr(0, equals)) != name) continue;
      return percent_decode(pair.substr(std::min(pair.size(), equals + 1)));
   }
   return std::nullopt;
}

void Reply::set_header(const std::string& name, const std::string& value) {
   std::erase_if(headers, [&](const auto& header) { return to_lower(header.first) == to_lower(name); });
   headers.emplace_back(name, value);
}

Reply Reply::json(std::string text, int status) {
   Reply reply;
   reply.status = status;
   reply.body = std::move(text);
   reply.headers = {{"Content-Type", "application/json; charset=utf-8"}};
   return reply;
}

Reply Reply::html(std::string text, int status) {
   Reply reply;
   reply.status = status;
   reply.body = std::move(text);
   reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
   return reply;
}

Reply Reply::bytes(std::string raw, Fault fault) {
   Reply reply;
   reply.raw = std::move(raw);
   reply.fault = fault;
   return reply;
}

}  // namespace msp::sim
