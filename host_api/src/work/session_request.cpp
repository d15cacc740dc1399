#include "work/session_request.hpp"

#include <utility>
#include <vector>

#include "base/text.hpp"
#include "net/request_path.hpp"

namespace msp::host {

HttpRequest get_below(const Session& session, std::string_view path) {
   HttpRequest request;
   request.method = "GET";
   request.url = with_query(address_below(session.base_url, path), session.query);
   for (const auto& [name, value] : session.headers) request.headers.emplace_back(name, value.copy());
   return request;
}

std::shared_ptr<const RequestToSign> to_sign(const HttpRequest& request, const Session& session) {
   auto copy = std::make_shared<RequestToSign>();
   copy->session = session.name;
   copy->method = request.method;
   copy->url = request.url;
   for (const auto& [name, value] : request.headers) copy->headers.emplace_back(name, value.copy());
   copy->body = request.body.copy();
   return copy;
}

// A header of the signature stands for one of the same name, such as a date.
void add_signature(HttpRequest& request, RequestSignature signature) {
   request.url = with_query(std::move(request.url), signature.query);
   for (auto& header : signature.headers) {
      std::erase_if(request.headers, [&](const auto& old) { return equal_ignoring_case(old.first, header.first); });
      request.headers.push_back(std::move(header));
   }
}

}  // namespace msp::host
