// completion.hpp - what a shell offers after the words that are typed so far, made from the commands themselves.
#pragma once

#include <CLI/App.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace msp::console {

// The script that a shell reads; it asks this program for the words. Empty: there is none for that shell.
std::string_view completion_script(std::string_view shell) noexcept;

// The commands and options that may stand where the last of `words` is being typed, each that begins as it does. None
// where the value of an option belongs: the shell then offers files.
std::vector<std::string> completions(const CLI::App& app, std::span<const std::string> words);

// What the script asks: msp-console completion words WORD... Before the words are parsed, because they are unfinished.
bool asks_for_words(int argc, char** argv) noexcept;

}  // namespace msp::console
