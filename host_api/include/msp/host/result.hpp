// msp/host/result.hpp - a value, or the finding that says why there is none.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "msp/host/finding.hpp"

namespace msp::host {

// Made of either: `return value;` or `return Finding{...};`. Thread-safe as its T is.
template <class T>
class [[nodiscard]] Result {
 public:
   Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
   Result(Finding finding) : state_(std::in_place_index<1>, std::move(finding)) {}

   explicit operator bool() const noexcept { return state_.index() == 0; }

   // REQUIRES: there is a value; otherwise std::bad_variant_access.
   T& value() & { return std::get<0>(state_); }
   const T& value() const& { return std::get<0>(state_); }
   T&& value() && { return std::get<0>(std::move(state_)); }

   // Why there is no value. REQUIRES: there is none; otherwise std::bad_variant_access.
   const Finding& finding() const { return std::get<1>(state_); }

 private:
   std::variant<T, Finding> state_;
};

// For what is done and has no value: true when it was done.
template <>
class [[nodiscard]] Result<void> {
 public:
   Result() = default;
   Result(Finding finding) : finding_(std::move(finding)) {}

   explicit operator bool() const noexcept { return !finding_; }

   // Why it was not done. REQUIRES: it was not; otherwise std::bad_optional_access.
   const Finding& finding() const { return finding_.value(); }

 private:
   std::optional<Finding> finding_;
};

}  // namespace msp::host
