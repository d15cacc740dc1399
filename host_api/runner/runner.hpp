// runner.hpp - the life of a plugin's own process: told what to load, confined, loaded, ready, served, ended.
#pragma once

#include <functional>

#include "isolation/channel.hpp"
#include "plugin_loading.hpp"

namespace msp::runner {

// Works for the console until the channel closes.
using Serve = std::function<void(isolation::Channel&, const Plugin&)>;

// The exit code of the process.
int run(const Serve& serve);

}  // namespace msp::runner
