// answers.hpp - the forms in which the API answers: a document, or a problem as the command line gives it.
#pragma once

#include <string>

#include "msp/host/result.hpp"
#include "web/http_server.hpp"

namespace msp::console {

HttpResponse json_answer(int status, std::string document);
HttpResponse error_answer(int status, const host::Finding& problem);

// What the API answers to a method or path that it does not have.
HttpResponse no_such_method(const std::string& allowed);
HttpResponse no_such_thing(const std::string& what);

}  // namespace msp::console
