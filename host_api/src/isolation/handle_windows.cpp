#include <windows.h>

#include "isolation/handle.hpp"

namespace msp::isolation {

Handle::operator bool() const noexcept { return value_ != nullptr && value_ != INVALID_HANDLE_VALUE; }

void Handle::close() noexcept {
   if (*this) ::CloseHandle(value_);
   value_ = nullptr;
}

}  // namespace msp::isolation
