// loaded.hpp - a plugin of this directory, loaded as a console would load it.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "msp/host/host.hpp"
#include "test_support/runner.hpp"
#include "test_support/temp_dir.hpp"

// `manifest` is relative to the sources of these tests.
inline std::shared_ptr<msp::host::Plugin> load(msp::host::Host& host, const std::string& name,
                                               const std::string& manifest) {
   msp::host::CatalogEntry entry;
   entry.serving_copy = std::filesystem::path(PLUGIN_DIR) / (name + SUFFIX);
   entry.serving_sha256 = msp::host::sha256_hex(test_support::read_file(entry.serving_copy));
   entry.serving_manifest =
       msp::host::parse_manifest(test_support::read_file(std::filesystem::path(SOURCE_DIR) / manifest)).value();
   auto plugin = host.load(entry);
   if (!plugin) throw std::runtime_error(plugin.finding().summary);
   return plugin.value();
}
