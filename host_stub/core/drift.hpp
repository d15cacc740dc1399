// drift.hpp - which grants changed since an integration's settings were saved.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/check.hpp"

namespace msp::console {

// By permission id.
using Grants = std::map<std::string, host::Granted, std::less<>>;

// What a check learned; empty when the permissions were not asked.
Grants grants(const std::vector<host::Grant>& reported);

// The same as the history keeps it: "tickets.query=all tickets.update=none". What is no grant is left out.
std::string to_text(const Grants& grants);
Grants grants(std::string_view text);

// What is not known now is no drift; what is less comes first. Empty when nothing was known at saving.
std::vector<host::Drift> drift(const Grants& at_saving, const Grants& now);

// Whether less is granted than at saving, or less than the plugin asks for by now.
bool is_less(const host::Drift& drift) noexcept;

// Whether something is known of them.
bool is_known(const Grants& grants) noexcept;

}  // namespace msp::console
