// msp/host/result.hpp - a value, or the reason why there is none.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace msp::host {

// Why something could not be done, for the administrator: what happened, and what to do next.
struct Problem {
   std::string code;  // a finding code, for example "plugin.incompatible"
   std::string summary;
   std::string remedy;
};

template <class T>
class [[nodiscard]] Result {
 public:
   Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
   Result(Problem problem) : state_(std::in_place_index<1>, std::move(problem)) {}

   explicit operator bool() const noexcept { return state_.index() == 0; }

   // REQUIRES: there is a value; otherwise std::bad_variant_access.
   T& value() & { return std::get<0>(state_); }
   const T& value() const& { return std::get<0>(state_); }
   T&& value() && { return std::get<0>(std::move(state_)); }

   // REQUIRES: there is no value; otherwise std::bad_variant_access.
   const Problem& problem() const { return std::get<1>(state_); }

 private:
   std::variant<T, Problem> state_;
};

}  // namespace msp::host
