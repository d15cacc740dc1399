// msp/host/redaction.hpp - secrets taken out, by value, of everything that leaves.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/secret.hpp"

namespace msp::host {

// Knows the secrets in use and replaces them in any text: raw, percent-encoded, base64 (at each of its three
// alignments, both alphabets), hexadecimal and JSON-escaped. [any-thread]
class Redactor {
 public:
   // Keeps a secret known for as long as the lease lives.
   class Lease {
    public:
      Lease() = default;
      Lease(Lease&&) noexcept = default;
      Lease& operator=(Lease&& other) noexcept;
      ~Lease();

    private:
      friend class Redactor;
      struct Entry;
      Lease(Redactor& owner, std::shared_ptr<Entry> entry) : owner_(&owner), entry_(std::move(entry)) {}
      Redactor* owner_ = nullptr;
      std::shared_ptr<Entry> entry_;
   };

   // A secret shorter than kShortest bytes cannot be told from ordinary text and is not replaced.
   static constexpr std::size_t kShortest = 4;

   // REQUIRES: the redactor outlives the lease.
   [[nodiscard]] Lease add(std::string_view secret);

   // The text with every known secret replaced by kMark.
   [[nodiscard]] std::string apply(std::string_view text) const;

   static constexpr std::string_view kMark = "[redacted]";

 private:
   mutable std::mutex mutex_;
   std::vector<std::shared_ptr<Lease::Entry>> entries_;
};

}  // namespace msp::host
