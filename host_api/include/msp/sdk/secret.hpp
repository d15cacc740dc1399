// msp/sdk/secret.hpp - a text that is wiped when it goes and cannot be printed by accident.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace msp::sdk {

// Overwrites memory through a volatile pointer, which the compiler may not leave out. [any-thread]
inline void wipe(void* data, std::size_t size) noexcept {
   volatile char* bytes = static_cast<volatile char*>(data);
   for (std::size_t i = 0; i < size; ++i) bytes[i] = 0;
}

// Overwrites and empties a string, its spare capacity included. [any-thread]
inline void wipe(std::string& text) noexcept {
   text.resize(text.capacity());
   wipe(text.data(), text.size());
   text.clear();
}

// Movable, not copyable. Never grows in place, so that no half of it stays behind in freed memory.
class Secret {
 public:
   Secret() = default;
   explicit Secret(std::string_view text) : text_(text) {}
   Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }
   Secret& operator=(Secret&& other) noexcept {
      if (this != &other) {
         wipe(text_);
         text_ = std::move(other.text_);
         wipe(other.text_);
      }
      return *this;
   }
   Secret(const Secret&) = delete;
   Secret& operator=(const Secret&) = delete;
   ~Secret() { wipe(text_); }

   // Takes a text over and wipes where it came from.
   static Secret take(std::string&& text) {
      Secret secret(text);
      wipe(text);
      return secret;
   }

   // The parts in one text: Secret::join({user, ":", token}).
   static Secret join(std::initializer_list<std::string_view> parts) {
      std::size_t size = 0;
      for (const std::string_view part : parts) size += part.size();
      Secret secret;
      secret.text_.reserve(size);
      for (const std::string_view part : parts) secret.text_ += part;
      return secret;
   }

   [[nodiscard]] Secret copy() const { return Secret(view()); }
   [[nodiscard]] std::string_view view() const noexcept { return text_; }
   [[nodiscard]] const char* c_str() const noexcept { return text_.c_str(); }
   [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

   friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
   std::string text_;
};

}  // namespace msp::sdk
