// handles_windows.hpp - what Windows opens or allocates, released when its owner goes.
#pragma once

#include <windows.h>

#include <memory>

namespace msp::host {

struct CloseHandleLater {
   void operator()(void* handle) const noexcept { CloseHandle(handle); }
};
using Handle = std::unique_ptr<void, CloseHandleLater>;

struct FreeLater {
   void operator()(void* memory) const noexcept { LocalFree(memory); }
};
template <class T>
using Local = std::unique_ptr<T, FreeLater>;

}  // namespace msp::host
