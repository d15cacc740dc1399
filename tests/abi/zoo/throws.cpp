// Breaks P4: lets an exception out of an operation.
#include <stdexcept>

#include "animal.hpp"

const zoo::Animal zoo::animal{
    .validate = [](const msp_host*, const msp_call*) -> msp_outcome { throw std::runtime_error("not caught"); }};
