// usage_words.hpp - what is wrong with the options that were given, as a person would say it: the option, what was
// given, what is accepted.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace msp::console {

// A number within bounds. `what`: what is accepted, "seconds from 0.001 to 86400".
CLI::Validator number_within(double least, double most, const std::string& what);
CLI::Validator whole_number_within(int least, int most);

// One of a few words.
CLI::Validator one_of(std::vector<std::string> words);

// The one of `words` that `given` was most likely meant to be: a letter or two are wrong. Empty: none is near.
std::string meant(std::string_view given, const std::vector<std::string>& words);

// A sentence without its full stop. For any error that is about an option of `app` or of one of its commands; another
// one's own words are returned.
std::string complaint(const CLI::ParseError& error, const CLI::App& app);

}  // namespace msp::console
