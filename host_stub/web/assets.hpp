// assets.hpp - the files of the page, which lie in the binary.
#pragma once

#include <span>
#include <string_view>

namespace msp::console {

struct Asset {
   std::string_view path;  // "/app.js"; "/" for the page itself
   std::string_view type;  // Content-Type
   std::string_view etag;  // weak, because the same file is sent as it is or compressed; with its quotes
   std::string_view bytes;
};

// Made at build time by embed_assets.cmake.
std::span<const Asset> assets() noexcept;

}  // namespace msp::console
