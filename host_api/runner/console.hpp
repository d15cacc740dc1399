// console.hpp - the console, as the plugin's host in this process speaks with it. A process whose console is gone, or
// says what no console says, has nothing left to do and ends.
#pragma once

#include <cstdint>
#include <functional>

#include "isolation/channel.hpp"
#include "isolation/operation_messages.hpp"
#include "own_process.hpp"

namespace msp::runner {

class Console {
 public:
   // `before_message` is called before each message.
   explicit Console(std::function<void()> before_message) : before_message_(std::move(before_message)) {}

   void open(isolation::Channel& channel) noexcept { channel_ = &channel; }
   // False until the first operation: while the plugin is loaded nobody listens.
   [[nodiscard]] bool is_open() const noexcept { return channel_ != nullptr; }

   // The next operation begins: no cancel was heard, and no line was logged.
   [[nodiscard]] isolation::Frame hear_operation();

   template <class Message>
   void say(const Message& message) {
      send(isolation::encode(message));
   }
   // The next frame that is no cancel.
   [[nodiscard]] isolation::Frame hear();
   template <class Message>
   [[nodiscard]] static Message understand(const isolation::Frame& frame) {
      auto message = isolation::decode<Message>(frame);
      if (!message) end_process(1);
      return std::move(*message);
   }

   // Whether the operation at work was cancelled, by all that has arrived.
   [[nodiscard]] bool hear_cancel();
   // Until something arrives: false at `until`.
   [[nodiscard]] bool await(isolation::Deadline until) { return channel_->await(until); }

   // Of the plugin's lines the first MSP_LOG_LINES_MAX of an operation are carried.
   void log(std::int32_t level, const char* text);
   [[nodiscard]] std::uint32_t lines_left_out() const noexcept;

 private:
   void send(const std::optional<isolation::Frame>& frame);

   const std::function<void()> before_message_;
   isolation::Channel* channel_ = nullptr;
   bool cancelled_ = false;
   std::uint32_t lines_ = 0;
};

}  // namespace msp::runner
