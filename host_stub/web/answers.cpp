#include "web/answers.hpp"

#include "words/documents.hpp"

namespace msp::console {

HttpResponse json_answer(int status, std::string document) {
   return {status,
           {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-store"}},
           std::move(document)};
}

HttpResponse error_answer(int status, const host::Finding& problem) {
   return json_answer(status, error_document(problem));
}

HttpResponse no_such_method(const std::string& allowed) {
   HttpResponse response =
       error_answer(405, {"request.method", "This cannot be done with it.", "Use " + allowed + "."});
   response.headers.emplace_back("Allow", allowed);
   return response;
}

HttpResponse no_such_thing(const std::string& what) {
   return error_answer(404, {"request.missing", "There is no such " + what + " any more.", "Look at the list again."});
}

}  // namespace msp::console
