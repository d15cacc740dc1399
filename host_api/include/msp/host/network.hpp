// msp/host/network.hpp - what the console decides about the network, for all plugins alike.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace msp::host {

// Names and meanings are curl's.
struct NetworkOptions {
   std::filesystem::path ca_file;        // PEM, added to the system's certificates; empty: none
   std::string proxy;                    // URL; empty: as the environment says
   std::vector<std::string> connect_to;  // "HOST1:PORT1:HOST2:PORT2"
   std::chrono::milliseconds connect_timeout{15'000};
   std::string user_agent = "msp-host";
};

}  // namespace msp::host
