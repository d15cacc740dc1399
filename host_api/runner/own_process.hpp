// own_process.hpp - this process, as the system sees it (own_process_linux.cpp, own_process_windows.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "isolation/channel.hpp"
#include "isolation/messages.hpp"
#include "layers.hpp"

namespace msp::runner {

// The channel that the console has given to this process. Nothing when no console has started it.
std::optional<isolation::Channel> inherited_channel(Layers& layers);

// Every layer that the system offers, see confinement.hpp. Throws NotConfined.
void confine(const isolation::Start& start, Layers& layers);

// The most memory that this process ever held.
std::uint64_t peak_bytes();

// Nothing of the plugin runs any more: its destructors could only hang.
[[noreturn]] void end_process(int code) noexcept;

// False when the system has none.
bool fill_random(void* bytes, std::size_t size) noexcept;

}  // namespace msp::runner
