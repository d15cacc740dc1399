// Breaks no rule, so that the others are known to be told for what they change.
#include "animal.hpp"

const zoo::Animal zoo::animal{};
