#include "msp/host/session.hpp"

#include <algorithm>

namespace msp::host {
namespace {

constexpr int kUnauthorized = 401;

using Pairs = std::vector<std::pair<std::string, SecretBytes>>;

Pairs copy_of(const Pairs& pairs) {
   Pairs copy;
   for (const auto& [name, value] : pairs) copy.emplace_back(name, value.copy());
   return copy;
}

bool are_same(const Pairs& one, const Pairs& other) noexcept {
   return std::ranges::equal(one, other, [](const auto& left, const auto& right) {
      return left.first == right.first && left.second.view() == right.second.view();
   });
}

}  // namespace

Session Session::copy() const {
   return {base_url, copy_of(headers), expires_at, copy_of(query), rejected_statuses, public_names,
           name,     in_body,          is_signed};
}

bool Session::is_public(std::string_view pair) const noexcept {
   return std::ranges::find(public_names, pair) != public_names.end();
}

bool Session::ends_with(int status) const noexcept {
   return status == kUnauthorized || std::ranges::find(rejected_statuses, status) != rejected_statuses.end();
}

bool is_same(const Session& one, const Session& other) noexcept {
   return one.base_url == other.base_url && are_same(one.headers, other.headers) && are_same(one.query, other.query);
}

}  // namespace msp::host
