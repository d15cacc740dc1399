// msp/host/redaction.hpp - secrets taken out, by value, of everything that leaves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace msp::host {

// Knows the secrets in use and replaces them in any text: as they stand, in base64 (also twice, at every alignment,
// both alphabets), base32 and hexadecimal; under percent, JSON, C and HTML escapes, and two of those in one another; in
// either case of the ASCII letters, and with line breaks, blanks or invisible characters in between. [any-thread]
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

   // A secret with fewer visible bytes than this cannot be told from ordinary text and is not replaced.
   static constexpr std::size_t kShortest = 4;

   // Whether the end of a text may be missing. Of a name or an id it is not.
   enum class End { may_be_cut, is_whole };

   Redactor();
   ~Redactor();
   Redactor(const Redactor&) = delete;
   Redactor& operator=(const Redactor&) = delete;

   [[nodiscard]] Lease add(std::string_view secret);

   // For what plugins and platforms say: the text with every known secret replaced by kMark, wherever it stands. Where
   // a text was cut, kShortest bytes of a secret count as the secret: its beginning at the end of the text and in front
   // of "..." or an ellipsis, its rest after one. Redact before cutting a text short all the same.
   [[nodiscard]] std::string redact_foreign(std::string_view text, End end = End::may_be_cut) const;

   // For what this program says itself, where no secret should be: a second net. It leaves out secrets that read like
   // words, such as "ticket": our own sentences hold those words whatever the secret is, so taking them out would spoil
   // every document and tell the secret to whoever knows our sentences.
   [[nodiscard]] std::string redact_ours(std::string_view text) const;

   static constexpr std::string_view kMark = "[redacted]";

 private:
   std::shared_ptr<State> state_;
};

}  // namespace msp::host
