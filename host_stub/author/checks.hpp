// checks.hpp - everything that a plugin is judged by, in one table: `check --list` and docs/CHECKS.md come from it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "author/subject.hpp"

namespace msp::author {

struct Verdict {
   enum class Kind { passed, failed, skipped } kind = Kind::passed;
   std::string why{};  // one sentence; empty for passed
};
inline Verdict failed(std::string why) { return {Verdict::Kind::failed, std::move(why)}; }
inline Verdict skipped(std::string why) { return {Verdict::Kind::skipped, std::move(why)}; }
std::string_view name(Verdict::Kind kind) noexcept;

// Bronze: it can be loaded. Silver: it answers as it should whatever the platform does. Gold: it is good to live with.
enum class Tier { bronze, silver, gold };
std::string_view name(Tier tier) noexcept;

struct Check {
   std::string_view id;
   std::string_view what;  // what is looked at
   std::string_view mend;  // what to do when it fails
   Verdict (*judge)(const Subject& subject);
   Tier tier;
   bool needs_exchange = false;
};

std::span<const Check> file_checks();
std::span<const Check> manifest_checks();
std::span<const Check> call_checks();
std::span<const Check> operation_checks();
std::span<const Check> settings_checks();

// All of them, in the order in which they are made.
std::vector<Check> all_checks();

}  // namespace msp::author
