// messages.hpp - what the console and a runner say to each other before and after the plugin's own work.
//
//    console -> runner   Start
//    runner -> console   Confined, then Loaded; instead of either Refused and the end of the process
//    runner -> console   ForbiddenCall at any time, then the end of the process
//
// Types from kFirstOfOperations on belong to the operations of the contract.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "isolation/frame.hpp"

namespace msp::isolation {

inline constexpr std::uint8_t kFirstOfOperations = 16;

inline constexpr std::size_t kMaxPath = 4096;
inline constexpr std::size_t kMaxName = 256;
inline constexpr std::size_t kMaxSentence = 4096;
inline constexpr std::size_t kMaxLibraries = 64;
inline constexpr std::size_t kMaxLayers = 32;

// What the runner shall load, and how much it may use.
struct Start {
   static constexpr std::uint8_t kType = 1;
   std::string_view build_id;
   std::string_view plugin_path;             // where the plugin's file lies; its bytes come from a descriptor
   std::vector<std::string_view> libraries;  // of the system, that the plugin names as needed
   std::uint64_t memory_bytes = 0;           // of address space
   std::uint32_t cpu_seconds = 0;
   std::string_view host_name;  // what the plugin is told of its host
   std::string_view host_version;

   static void fields(auto& self, auto& wire) {
      wire.text(self.build_id, kMaxName);
      wire.text(self.plugin_path, kMaxPath);
      wire.list(self.libraries, kMaxLibraries, [&wire](auto& library) { wire.text(library, kMaxName); });
      wire.number(self.memory_bytes);
      wire.number(self.cpu_seconds);
      wire.text(self.host_name, kMaxName);
      wire.text(self.host_version, kMaxName);
   }
};

// One of the things that confine a runner.
struct LayerMessage {
   std::string_view name;  // for example "landlock"
   bool active = false;
   std::string_view detail;  // what it is worth here, or why it is absent

   static void fields(auto& self, auto& wire) {
      wire.text(self.name, kMaxName);
      wire.flag(self.active);
      wire.text(self.detail, kMaxSentence);
   }
};

// Whatever happens from here on is the plugin's doing: it is loaded next.
struct Confined {
   static constexpr std::uint8_t kType = 2;
   std::string_view build_id;
   std::vector<LayerMessage> layers;
   std::uint64_t peak_bytes =
       0;  // the most memory that the process held before it was confined, as the system counts it

   static void fields(auto& self, auto& wire) {
      wire.text(self.build_id, kMaxName);
      wire.list(self.layers, kMaxLayers, [&wire](auto& layer) { LayerMessage::fields(layer, wire); });
      wire.number(self.peak_bytes);
   }
};

// The plugin is loaded, and its table is one that this host can use.
struct Loaded {
   static constexpr std::uint8_t kType = 3;

   static void fields(auto& /*self*/, auto& /*wire*/) {}
};

// Why the plugin will not be loaded.
struct Refused {
   static constexpr std::uint8_t kType = 4;
   enum Cause : std::uint8_t {
      other_build = 1,  // console and runner were not built together
      not_confined,     // this system cannot confine a plugin
      not_loaded,       // the system's loader refused the plugin
      no_symbol,        // the plugin does not export what every plugin exports
      defect,           // the plugin's table breaks the contract
      incompatible      // the plugin's table is of another version of the contract
   };
   std::uint8_t cause = 0;
   std::string_view detail;

   static void fields(auto& self, auto& wire) {
      wire.number(self.cause);
      wire.text(self.detail, kMaxSentence);
   }
};

// The plugin made a system call that no plugin may make.
struct ForbiddenCall {
   static constexpr std::uint8_t kType = 5;
   std::int32_t number = 0;  // as this machine numbers its calls

   static void fields(auto& self, auto& wire) { wire.number(self.number); }
};

}  // namespace msp::isolation
