#include "cli/terminal.hpp"

#include <cerrno>

namespace msp::console {

int print(Stream stream, std::string_view text) noexcept {
   std::FILE* const file = writer(stream);
   errno = 0;
   const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
   return std::fflush(file) == 0 && written ? 0 : errno != 0 ? errno : EIO;
}

}  // namespace msp::console
