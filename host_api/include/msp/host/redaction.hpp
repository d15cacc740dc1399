// msp/host/redaction.hpp - secrets taken out, by value, of everything that leaves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace msp::host {

class OwnTexts;  // of a plugin; known to the library only

// Knows the secrets in use and replaces them in any text: raw, percent-encoded, base64 (at each of its three
// alignments, both alphabets), hexadecimal and JSON-escaped, and two of these in one another. [any-thread]
class Redactor {
   struct State;

 public:
   // Keeps a secret known for as long as the lease lives, which may be longer than the redactor does.
   class Lease {
    public:
      Lease() = default;
      Lease(Lease&&) noexcept = default;
      Lease& operator=(Lease&& other) noexcept;
      ~Lease();

    private:
      friend class Redactor;
      Lease(std::shared_ptr<State> state, std::uint64_t id) : state_(std::move(state)), id_(id) {}
      std::shared_ptr<State> state_;
      std::uint64_t id_ = 0;
   };

   // A secret shorter than kShortest bytes cannot be told from ordinary text and is not replaced.
   static constexpr std::size_t kShortest = 4;

   Redactor();
   ~Redactor();
   Redactor(const Redactor&) = delete;
   Redactor& operator=(const Redactor&) = delete;

   [[nodiscard]] Lease add(std::string_view secret);

   // For what strangers say: the text with every known secret replaced by kMark, wherever it stands. A plugin's `own`
   // texts, when given, keep their words; what it puts together from single words does not. Redact before cutting a
   // text short: half a secret is not recognised.
   [[nodiscard]] std::string apply(std::string_view text, const OwnTexts* own = nullptr) const;

   // For what this program says itself, where no secret should be: a second net. It leaves out secrets that read like
   // words, such as "ticket": our own sentences hold those words whatever the secret is, so taking them out would spoil
   // every document and tell the secret to whoever knows our sentences.
   [[nodiscard]] std::string guard(std::string_view text) const;

   static constexpr std::string_view kMark = "[redacted]";

 private:
   std::shared_ptr<State> state_;
};

}  // namespace msp::host
