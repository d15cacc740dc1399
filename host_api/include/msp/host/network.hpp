// msp/host/network.hpp - what the console decides about the network, for all plugins alike.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "msp/host/result.hpp"

namespace msp::host {

// Names and meanings are curl's.
struct NetworkOptions {
   std::filesystem::path ca_file;        // PEM, added to the system's certificates; empty: none
   std::optional<std::string> proxy;     // URL, "" for none at all; nothing: as the environment says
   std::vector<std::string> connect_to;  // "HOST1:PORT1:HOST2:PORT2"
   std::chrono::milliseconds connect_timeout{15'000};
   std::size_t max_per_origin = 8;  // requests at once to one host and port
   std::string user_agent = "msp-host";
};

// Whether these options can work at all: for consoles to ask at start, before anybody waits for a check. Opens the CA
// file, but no connection. The problem names the option. [any-thread]
Result<void> check_network_options(const NetworkOptions& options);

}  // namespace msp::host
