// file_checks.cpp - what the plugin's file shows without being loaded.
#include <algorithm>
#include <array>

#include "author/checks.hpp"
#include "msp/host/library.hpp"

namespace msp::author {
namespace {

std::string joined(const std::vector<std::string>& texts, std::size_t most = 5) {
   std::string result;
   for (std::size_t i = 0; i < std::min(texts.size(), most); ++i) result += (i == 0 ? "" : ", ") + texts[i];
   return texts.size() > most ? result + " and " + std::to_string(texts.size() - most) + " more" : result;
}

Verdict is_loadable(const Subject& subject) {
   const auto facts = host::read_library(subject.file);
   return facts ? Verdict{} : failed(facts.finding().summary);
}

Verdict exports_two(const Subject& subject) {
   const auto facts = host::read_library(subject.file);
   if (!facts) return skipped("The file cannot be read as a plugin.");
   if (facts.value().surplus_exports.empty()) return {};
   return failed("It also exports " + joined(facts.value().surplus_exports) + ".");
}

Verdict needs_system_only(const Subject& subject) {
   const auto facts = host::read_library(subject.file);
   if (!facts) return skipped("The file cannot be read as a plugin.");
   static constexpr std::array<std::string_view, 14> kEverywhere = {"libc.so.6",
                                                                    "libm.so.6",
                                                                    "libgcc_s.so.1",
                                                                    "libstdc++.so.6",
                                                                    "ld-linux-x86-64.so.2",
                                                                    "ld-linux-aarch64.so.1",
                                                                    "libpthread.so.0",
                                                                    "libdl.so.2",
                                                                    "librt.so.1",
                                                                    "kernel32.dll",
                                                                    "msvcrt.dll",
                                                                    "ucrtbase.dll",
                                                                    "ntdll.dll",
                                                                    "advapi32.dll"};
   std::vector<std::string> others;
   for (const std::string& each : facts.value().libraries) {
      std::string lower = each;
      std::transform(lower.begin(), lower.end(), lower.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      const bool is_windows_set = lower.starts_with("api-ms-win-");
      if (!is_windows_set && std::find(kEverywhere.begin(), kEverywhere.end(), lower) == kEverywhere.end() &&
          std::find(kEverywhere.begin(), kEverywhere.end(), each) == kEverywhere.end())
         others.push_back(each);
   }
   return others.empty() ? Verdict{} : failed("It needs " + joined(others) + ".");
}

Verdict is_hardened(const Subject& subject) {
   const auto facts = host::read_library(subject.file);
   if (!facts) return skipped("The file cannot be read as a plugin.");
   if (facts.value().soft_spots.empty()) return {};
   return failed("It has " + joined(facts.value().soft_spots) + ".");
}

// The newest glibc that a symbol's version in the file names.
Verdict runs_on_debian_12(const Subject& subject) {
   const std::string bytes = read_text(subject.file);
   static constexpr std::string_view kMark = "GLIBC_2.";
   int newest = 0;
   for (std::size_t at = 0; (at = bytes.find(kMark, at)) != std::string::npos;) {
      at += kMark.size();
      int minor = 0;
      for (std::size_t i = at; i < bytes.size() && i < at + 3 && bytes[i] >= '0' && bytes[i] <= '9'; ++i)
         minor = minor * 10 + (bytes[i] - '0');
      newest = std::max(newest, minor);
   }
   if (newest <= 36) return {};
   return failed("It needs glibc 2." + std::to_string(newest) + "; Debian 12 has 2.36.");
}

constexpr Check kFileChecks[] = {
    {"file.loadable", "The file is a library for this system with the two exports of the contract.",
     "Build it with msp_add_plugin(), or export msp_plugin_manifest and msp_plugin_entry as msp/plugin.h declares "
     "them.",
     is_loadable, Tier::bronze},
    {"file.exports", "The file exports nothing else.",
     "Link with the version script msp_plugin.map: a surplus name may be taken for one of another library.",
     exports_two, Tier::silver},
    {"file.libraries", "It needs no libraries but the system's own.",
     "Link what else it needs statically: nothing can lie beside a plugin.", needs_system_only, Tier::silver},
    {"file.hardened", "It is linked so that a mistake in it is hard to use for an attack.",
     "Build it with msp_add_plugin(), or link with -Wl,-z,relro,-z,now,-z,noexecstack.", is_hardened, Tier::silver},
    {"file.glibc", "It runs with the glibc of Debian 12, 2.36.", "Build it on Debian 12 or an older system.",
     runs_on_debian_12, Tier::silver},
};

}  // namespace

std::span<const Check> file_checks() { return kFileChecks; }

}  // namespace msp::author
