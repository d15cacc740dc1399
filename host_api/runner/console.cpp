#include "console.hpp"

#include "isolation/struct_messages.hpp"

namespace msp::runner {

using namespace isolation;

void Console::send(const std::optional<Frame>& frame) {
   before_message_();
   if (!frame || channel_->send(*frame, Deadline::max()) != Transfer::done) end_process(1);
}

Frame Console::hear() {
   Frame frame;
   for (;;) {
      if (channel_->receive(frame, Deadline::max()) != Transfer::done) end_process(0);
      if (frame.type() != Cancel::kType) return frame;
      cancelled_ = true;
   }
}

Frame Console::hear_operation() {
   Frame frame = hear();
   cancelled_ = false;
   lines_ = 0;
   return frame;
}

bool Console::hear_cancel() {
   Frame frame;
   while (channel_->await(std::chrono::steady_clock::now())) {
      if (channel_->receive(frame, Deadline::max()) != Transfer::done) end_process(0);
      if (frame.type() != Cancel::kType) end_process(1);
      cancelled_ = true;
   }
   return cancelled_;
}

void Console::log(std::int32_t level, const char* text) {
   if (++lines_ <= MSP_LOG_LINES_MAX) say(LogLine{level, text_of(text)});
}

std::uint32_t Console::lines_left_out() const noexcept {
   return lines_ > MSP_LOG_LINES_MAX ? lines_ - MSP_LOG_LINES_MAX : 0;
}

}  // namespace msp::runner
