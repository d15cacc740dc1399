// own_texts.hpp - what a plugin would say whatever the secret is.
#pragma once

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

namespace msp::host {

// The texts of a plugin's library, its manifest among them, and those that the host gave it to be passed on. They were
// there before the secret, so a secret that reads like one of their words is not told by them: taking the word out
// would tell it to everybody who knows the sentence. [any-thread]
class OwnTexts {
 public:
   // The library is read when somebody first asks; empty: there is none.
   explicit OwnTexts(std::filesystem::path library = {}) : library_(std::move(library)) {}

   void add(std::string_view text);

   // Whether text[begin, end) stands in one of them between the same neighbours. Only then is it that text: a platform
   // that repeats the password in a sentence of its own has other words around it.
   [[nodiscard]] bool hold(std::string_view text, std::size_t begin, std::size_t end) const;

 private:
   std::filesystem::path library_;
   mutable std::once_flag read_;
   mutable std::string of_library_;
   mutable std::mutex mutex_;  // guards the next
   std::string added_;         // a NUL between any two
};

}  // namespace msp::host
