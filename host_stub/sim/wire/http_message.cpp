#include "sim/wire/http_message.hpp"

#include <algorithm>

namespace msp::sim {

std::string Request::host() const {
   const std::string host = to_lower(header("Host").value_or(""));
   return host.substr(0, host.find(':'));
}

std::optional<std::string> Request::header(std::string_view name) const {
   for (const auto& [key, value] : headers)
      if (equal_ignoring_case(key, name)) return value;
   return std::nullopt;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
   std::string blanks = query;
   std::replace(blanks.begin(), blanks.end(), '+', ' ');
   for (std::string_view rest = blanks; !rest.empty();) {
      const std::string_view pair = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      const std::size_t equals = std::min(pair.find('='), pair.size());
      if (host::percent_decoded(pair.substr(0, equals)) != name) continue;
      return host::percent_decoded(pair.substr(std::min(pair.size(), equals + 1)));
   }
   return std::nullopt;
}

void Reply::set_header(const std::string& name, const std::string& value) {
   std::erase_if(headers, [&](const auto& header) { return equal_ignoring_case(header.first, name); });
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
