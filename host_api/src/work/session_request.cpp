#include "work/session_request.hpp"

#include "net/request_path.hpp"

namespace msp::host {

HttpRequest get_below(const Session& session, std::string_view path) {
   HttpRequest request;
   request.method = "GET";
   request.url = with_query(address_below(session.base_url, path), session.query);
   for (const auto& [name, value] : session.headers) request.headers.emplace_back(name, value.copy());
   return request;
}

}  // namespace msp::host
