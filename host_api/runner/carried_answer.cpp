#include "carried_answer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "console.hpp"
#include "contract/batch.hpp"
#include "isolation/struct_messages.hpp"

namespace msp::runner {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

struct CarriedAnswer::Table {
   static const isolation::Answer& of(const msp_http_response* response) noexcept {
      return static_cast<const CarriedAnswer*>(response->host_data)->answer_;
   }
   static const char* MSP_CDECL header(const msp_http_response* response, const char* name,
                                       std::uint32_t index) noexcept {
      if (response == nullptr || name == nullptr) return nullptr;
      const std::string_view wanted(name);
      for (const isolation::AnswerHeader& header : of(response).headers) {
         if (std::ranges::equal(header.name, wanted, {}, lower, lower) && index-- == 0) return header.value.data();
      }
      return nullptr;
   }
   static const char* MSP_CDECL body(const msp_http_response* response, std::uint64_t* size) noexcept {
      const std::string_view text = response == nullptr ? "" : of(response).body;
      if (size != nullptr) *size = text.size();
      return text.data();  // followed by a NUL: see Answer
   }
};

CarriedAnswer::CarriedAnswer(isolation::Frame frame)
    : frame_(std::move(frame)), answer_(Console::understand<isolation::Answer>(frame_)) {
   problem_ = isolation::finding_of(answer_.problem);
   table_ = {.struct_size = sizeof(msp_http_response),
             .flags = answer_.flags,
             .status = answer_.status,
             .outcome = answer_.outcome,
             .host_data = this,
             .problem = answer_.has_problem ? &problem_ : nullptr,
             .header = Table::header,
             .body = Table::body};
}

void CarriedAnswer::clear() noexcept {
   host::make_empty(table_);
   frame_ = isolation::Frame();
}

}  // namespace msp::runner
