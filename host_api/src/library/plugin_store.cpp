#include "library/plugin_store.hpp"

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "library/file_trust.hpp"
#include "msp/host/catalog.hpp"
#include "msp/host/private_files.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

#if defined(_WIN32)
constexpr std::string_view kSuffix = ".dll";
#else
constexpr std::string_view kSuffix = ".so";
#endif

// What a console remembers as SHA-256 becomes part of a path only when it is one.
bool is_sha256(std::string_view text) {
   return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Finding copy_gone() {
   return {"plugin.missing", "The approved copy of the plugin is gone from the console's data directory.",
           "Put the plugin into the plugin directory again, and enable it again."};
}

Finding cannot_store(const std::error_code& error, const fs::path& path) {
   return {"host.storage", "The plugin cannot be copied to '" + path.string() + "': " + error.message() + ".",
           "Make sure that the console's data directory is writable and has space left."};
}

Result<void> make_trusted_directory(const fs::path& directory) {
   fs::path failed;
   if (const auto error = make_private_directories(directory, failed)) return cannot_store(error, failed);
   return distrust_directory(directory);
}

}  // namespace

bool has_library_suffix(const fs::path& file) { return to_lower(file.extension().string()) == kSuffix; }

PluginStore::PluginStore(fs::path directory) : directory_(std::move(directory)) {}

std::optional<fs::path> PluginStore::find(std::string_view sha256) const {
   if (!is_sha256(sha256)) return std::nullopt;
   std::optional<fs::path> first;
   std::error_code gone;
   for (fs::directory_iterator it(directory_ / sha256, gone), end; !gone && it != end; it.increment(gone)) {
      if (has_library_suffix(it->path()) && (!first || it->path() < *first)) first = it->path();
   }
   return first;
}

Finding PluginStore::copy_changed(const fs::path& file) {
   return {"plugin.modified", "The approved copy of the plugin was changed after it was approved, so it is not loaded.",
           "Find out who changed '" + file.string() + "', then remove its directory: the copy is made again."};
}

Result<fs::path> PluginStore::keep(const fs::path& dropped, const std::string& sha256) const {
   if (auto existing = find(sha256)) return *existing;
   const auto bytes = read_trusted_file(dropped, kMaxLibrarySize);
   if (!bytes) return bytes.finding();
   if (sha256_hex(bytes.value()) != sha256) {
      return Finding{"plugin.modified", "The file '" + dropped.string() + "' was changed just now.",
                     "Look at it again."};
   }
   const fs::path file = directory_ / sha256 / dropped.filename();
   if (auto done = make_trusted_directory(directory_); !done) return done.finding();
   if (auto done = make_trusted_directory(file.parent_path()); !done) return done.finding();
   const auto error = write_private_file(file, bytes.value(), Access::read_and_execute, IfThere::replace);
   // On Windows a file in use cannot be replaced. It holds the same bytes, for the directory's name says which.
   if (error && !fs::exists(file)) return cannot_store(error, file);
   return file;
}

Result<fs::path> PluginStore::trusted(const std::string& sha256) const {
   const auto file = find(sha256);
   if (!file) return copy_gone();
   for (const auto& directory : {directory_, directory_ / sha256}) {
      if (auto done = distrust_directory(directory); !done) return done.finding();
   }
   return *file;
}

Result<std::string> PluginStore::read(const fs::path& copy, const std::string& sha256) {
   std::error_code gone;
   if (!fs::exists(copy, gone)) return copy_gone();
   if (auto done = distrust_directory(copy.parent_path()); !done) return done.finding();
   auto bytes = read_trusted_file(copy, kMaxLibrarySize);
   if (bytes && sha256_hex(bytes.value()) != sha256) return copy_changed(copy);
   return bytes;
}

void PluginStore::remove_all_but(std::span<const Approval> approvals) const {
   std::error_code error;
   const auto hour_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
   for (fs::directory_iterator it(directory_, error), end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename().string();
      const bool needed =
          std::ranges::any_of(approvals, [&](const Approval& approval) { return approval.sha256 == name; });
      std::error_code ignored;  // one that is in use stays, or was removed by another console
      if (!is_sha256(name) || needed || fs::last_write_time(it->path(), ignored) > hour_ago || ignored) continue;
      fs::remove_all(it->path(), ignored);
   }
}

}  // namespace msp::host
