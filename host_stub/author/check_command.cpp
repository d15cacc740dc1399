#include "author/check_command.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "author/child.hpp"
#include "cli/default_paths.hpp"
#include "msp/host/json_writer.hpp"
#include "msp/host/library.hpp"
#include "msp/host/manifest.hpp"

namespace msp::author {
namespace {

struct Judged {
   Check check;
   Verdict verdict;
};

Subject read_subject(const CheckArguments& arguments, const std::string& program) {
   Subject subject;
   subject.file = arguments.file;
   subject.runner = console::default_runner(program);
   subject.fuzz = arguments.fuzz;
   subject.seed = arguments.seed;
   if (!arguments.exchange.empty()) subject.exchange = read_text(arguments.exchange);
   if (!arguments.settings.empty()) {
      const auto facts = host::read_library(arguments.file);
      const auto manifest =
          facts ? host::parse_manifest(facts.value().manifest) : host::Result<host::Manifest>(facts.finding());
      if (manifest) {
         subject.settings = read_settings(manifest.value(), read_text(arguments.settings));
         const host::SettingsCheck form = host::check_settings(manifest.value(), subject.settings.copy());
         if (!form.settings)
            throw std::runtime_error("The settings do not fit the plugin's form: " + form.findings.at(0).summary);
      }
   }
   return subject;
}

std::vector<Check> chosen_checks(const CheckArguments& arguments) {
   std::vector<Check> all = all_checks();
   if (arguments.only.empty()) return all;
   std::vector<Check> chosen;
   for (const std::string& id : arguments.only) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const Check& each) { return each.id == id; });
      if (found == all.end())
         throw std::runtime_error("There is no check \"" + id + "\". See msp-plugin check --list.");
      chosen.push_back(*found);
   }
   return chosen;
}

// In the child: the verdict goes to a file, since what the plugin writes goes to standard output.
int judge_here(const CheckArguments& arguments, const std::string& program) {
   const Check check = chosen_checks(arguments).at(0);
   Verdict verdict;
   try {
      verdict = check.judge(read_subject(arguments, program));
   } catch (const std::exception& error) {
      verdict = failed(error.what());
   }
   std::ofstream(arguments.answer, std::ios::binary) << host::json_document([&](host::JsonWriter& json) {
      json.text("verdict", name(verdict.kind));
      json.text("why", verdict.why);
   });
   return 0;
}

std::string one_line(std::string text) {
   std::replace(text.begin(), text.end(), '\n', ' ');
   return text.substr(0, 300);
}

Verdict read_verdict(const std::filesystem::path& file) {
   rapidjson::Document document;
   document.Parse(read_text(file));
   if (!document.IsObject()) throw std::runtime_error("The check's process left no verdict.");
   const std::string kind = document["verdict"].GetString();
   const std::string why = document["why"].GetString();
   return kind == "passed" ? Verdict{} : kind == "failed" ? failed(why) : skipped(why);
}

Verdict judge(const Check& check, const CheckArguments& arguments, const std::filesystem::path& program) {
   if (check.needs_exchange && arguments.exchange.empty()) return skipped("It needs --exchange and --settings.");
   const sim::ScratchDirectory scratch;
   const std::filesystem::path answer = scratch.path() / "verdict.json";
   std::vector<std::string> words = {"check",    arguments.file.string(), "--only", std::string(check.id),
                                     "--answer", answer.string()};
   words.insert(words.end(), {"--fuzz", std::to_string(arguments.fuzz), "--seed", std::to_string(arguments.seed)});
   if (!arguments.exchange.empty()) words.insert(words.end(), {"--exchange", arguments.exchange.string()});
   if (!arguments.settings.empty()) words.insert(words.end(), {"--settings", arguments.settings.string()});
   const auto more = check.id == "settings.random" ? std::chrono::seconds(arguments.fuzz) : std::chrono::seconds(0);
   const auto limit = arguments.limit + more;
   const ChildResult child = run_child(program, words, limit);
   if (!child.in_time) return failed("It did not end within " + std::to_string(limit.count()) + " seconds.");
   if (!child.ended_by.empty()) return failed("The process that made the check was ended by " + child.ended_by + '.');
   std::error_code error;
   if (!std::filesystem::exists(answer, error))
      return failed("The process that made the check ended by itself, with exit code " +
                    std::to_string(child.exit_code) + '.');
   Verdict verdict = read_verdict(answer);
   if (verdict.kind == Verdict::Kind::passed && !child.output.empty())
      return failed("The plugin wrote to the console's output: \"" + one_line(child.output) + "\".");
   return verdict;
}

// The highest tier of which, and of those below it, every check passed; empty: not even the lowest.
std::string tier_of(const std::vector<Judged>& all) {
   std::string reached;
   for (const Tier tier : {Tier::bronze, Tier::silver, Tier::gold}) {
      const bool whole = std::all_of(all.begin(), all.end(), [&](const Judged& each) {
         return each.check.tier != tier || each.verdict.kind == Verdict::Kind::passed;
      });
      if (!whole) break;
      reached = name(tier);
   }
   return reached;
}

std::string xml(const std::string& text) {
   std::string result;
   for (const char each : text) {
      if (each == '<')
         result += "&lt;";
      else if (each == '&')
         result += "&amp;";
      else if (each == '"')
         result += "&quot;";
      else
         result += static_cast<unsigned char>(each) < 0x20 ? ' ' : each;
   }
   return result;
}

void print_junit(const std::vector<Judged>& all) {
   const auto count = [&](Verdict::Kind kind) {
      return std::count_if(all.begin(), all.end(), [&](const Judged& each) { return each.verdict.kind == kind; });
   };
   std::cout << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"msp-plugin check\" tests=\""
             << all.size() << "\" failures=\"" << count(Verdict::Kind::failed) << "\" skipped=\""
             << count(Verdict::Kind::skipped) << "\">\n";
   for (const auto& [check, verdict] : all) {
      std::cout << "  <testcase classname=\"" << name(check.tier) << "\" name=\"" << check.id << '"';
      if (verdict.kind == Verdict::Kind::passed)
         std::cout << "/>\n";
      else if (verdict.kind == Verdict::Kind::skipped)
         std::cout << "><skipped message=\"" << xml(verdict.why) << "\"/></testcase>\n";
      else
         std::cout << "><failure message=\"" << xml(verdict.why) << "\">" << xml(std::string(check.mend))
                   << "</failure></testcase>\n";
   }
   std::cout << "</testsuite>\n";
}

void print_json(const std::filesystem::path& file, const std::vector<Judged>& all) {
   std::cout << host::json_document([&](host::JsonWriter& json) {
      json.text("schema", "msp.plugin_check/1");
      json.text("file", file.string());
      json.text_or_null("tier", tier_of(all));
      json.objects("checks", all, [&](const Judged& each) {
         json.text("id", each.check.id);
         json.text("tier", name(each.check.tier));
         json.text("verdict", name(each.verdict.kind));
         json.text_or_null("why", each.verdict.why);
         json.text_or_null("mend", each.verdict.kind == Verdict::Kind::failed ? each.check.mend : "");
      });
   });
}

void print_text(const std::vector<Judged>& all) {
   std::size_t passed = 0;
   std::size_t left_out = 0;
   for (const auto& [check, verdict] : all) {
      if (verdict.kind == Verdict::Kind::passed) ++passed;
      if (verdict.kind == Verdict::Kind::skipped) ++left_out;
      if (verdict.kind != Verdict::Kind::failed) continue;
      std::cout << "✗ " << check.id << " (" << name(check.tier) << "): " << check.what << "\n    " << verdict.why
                << "\n    What to do: " << check.mend << '\n';
   }
   std::cout << passed << " of " << all.size() << " checks passed";
   if (left_out > 0) std::cout << ", " << left_out << " could not be made (--json says why)";
   const std::string tier = tier_of(all);
   std::cout << ". " << (tier.empty() ? "It is not fit for a console yet." : "Tier: " + tier + '.') << '\n';
}

}  // namespace

int run_checks(const CheckArguments& arguments, const std::filesystem::path& this_program) {
   if (!arguments.answer.empty()) return judge_here(arguments, this_program.string());
   if (arguments.exchange.empty() != arguments.settings.empty())
      throw std::runtime_error(
          "--exchange and --settings go together: the one is the platform, the other what it accepts.");
   static_cast<void>(read_subject(arguments, this_program.string()));  // says now what cannot be read
   if (!arguments.exchange.empty()) {
      try {
         static_cast<void>(start_platform(read_text(arguments.exchange)));
      } catch (const std::exception& error) {
         throw std::runtime_error("--exchange " + arguments.exchange.string() + ": " + error.what());
      }
   }
   std::vector<Judged> all;
   const auto facts = host::read_library(arguments.file);
   for (const Check& check : chosen_checks(arguments))
      all.push_back({check, facts || check.id == "file.loadable" ? judge(check, arguments, this_program)
                                                                 : skipped("The file cannot be loaded.")});
   if (arguments.junit)
      print_junit(all);
   else if (arguments.json)
      print_json(arguments.file, all);
   else
      print_text(all);
   const bool bad = std::any_of(all.begin(), all.end(),
                                [](const Judged& each) { return each.verdict.kind == Verdict::Kind::failed; });
   return bad ? 1 : 0;
}

std::string list_checks(bool markdown) {
   std::string text;
   if (markdown)
      text =
          "# Checks\n\nWhat `msp-plugin check` looks at, made by `msp-plugin check --list --markdown`. Bronze: the "
          "plugin can be "
          "loaded. Silver: it\nanswers as it should whatever the platform does. Gold: it is good to live with.\n\n"
          "| check | tier | what | what to do when it fails |\n|---|---|---|---|\n";
   for (const Check& check : all_checks()) {
      const std::string id(check.id);
      const std::string tier(name(check.tier));
      const std::string what(check.what);
      const std::string mend(check.mend);
      text += markdown ? "| `" + id + "` | " + tier + " | " + what + " | " + mend + " |\n"
                       : id + " (" + tier + "): " + what + '\n';
   }
   return text;
}

int judge_manifest(const std::filesystem::path& file) {
   host::ManifestNotes notes;
   const auto manifest = host::parse_manifest(read_text(file), &notes);
   for (const std::string& mistake : notes.mistakes) std::cerr << file.string() << ": " << mistake << '\n';
   for (const std::string& place : notes.unknown_keys)
      std::cerr << file.string() << ": " << place << ": is not known.\n";
   if (!manifest && notes.mistakes.empty()) std::cerr << file.string() << ": " << manifest.finding().summary << '\n';
   return manifest && notes.unknown_keys.empty() ? 0 : 1;
}

}  // namespace msp::author
