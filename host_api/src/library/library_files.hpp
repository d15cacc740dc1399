// library_files.hpp - what is in library files, each read again only when it changed.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "library/file_trust.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/result.hpp"

namespace msp::host {

// What the bytes of one library say.
struct LibraryFile {
   std::string sha256;
   Result<Manifest> manifest;           // or why they are no plugin for this console
   std::vector<std::string> libraries;  // that the system loads with it, as it names them
   std::vector<std::string> places;     // where those are searched first
};

// A remembered file is known by its FileMark, which a change of its bytes or rights changes. What is loaded is read
// once more and proven then (Host::load): this is for looking only. [any-thread]
class LibraryFiles {
 public:
   // The problem says why the file cannot be read, or not be trusted; it is never remembered.
   Result<std::shared_ptr<const LibraryFile>> look(const std::filesystem::path& file);

   // Forgets what nobody asked for since the last call.
   void forget_unused();

   // How many bytes of libraries were read, for tests.
   [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

 private:
   struct Known {
      FileMark mark;
      std::shared_ptr<const LibraryFile> file;
      bool used = true;
   };
   std::mutex mutex_;
   std::map<std::filesystem::path, Known> known_;  // guarded by `mutex_`
   std::atomic<std::uint64_t> bytes_read_{0};
};

// Why others decide what a library with these `places` brings along: one of them, or what is above one that is not
// there, can be changed by them. [any-thread]
Result<void> distrust_places(std::span<const std::string> places);

// What `bytes` say, without a look at any file. [any-thread]
LibraryFile library_file(std::string_view bytes);

}  // namespace msp::host
