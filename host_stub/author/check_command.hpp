// check_command.hpp - `msp-plugin check`: every check in a process of its own.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "author/checks.hpp"

namespace msp::author {

struct CheckArguments {
   std::filesystem::path file;
   std::filesystem::path exchange;  // empty: none
   std::filesystem::path settings;  // empty: none
   std::vector<std::string> only;   // ids; empty: all
   unsigned fuzz = Subject{}.fuzz;  // as the subject has them
   unsigned seed = Subject{}.seed;
   std::chrono::seconds limit{120};  // of each check
   bool json = false;
   bool junit = false;
   std::filesystem::path answer;  // of a child: where its verdict goes
};

// 0: nothing failed. 1: a check failed. 2: the arguments cannot be used.
int run_checks(const CheckArguments& arguments, const std::filesystem::path& this_program);

// `check --list`, as text or as a page of Markdown.
std::string list_checks(bool markdown);

// Judges one manifest file, as a build does. Prints to standard error what is wrong, and where.
int judge_manifest(const std::filesystem::path& file);

}  // namespace msp::author
