// runner.hpp - one plugin in a process of its own, as the console sees it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "isolation/link.hpp"
#include "isolation/messages.hpp"
#include "isolation/runner_end.hpp"
#include "isolation/runner_process.hpp"

namespace msp::isolation {

// One of the things that confine a runner.
struct Layer {
   std::string name;  // for example "landlock"
   bool active = false;
   std::string detail;  // what it is worth here, or why it is absent
   friend bool operator==(const Layer&, const Layer&) = default;
};

// Why there is no runner.
struct NotStarted {
   enum Cause {
      no_process,  // the system starts no process, or the runner ended before it came to the plugin
      refused,     // the runner said why: `refusal`
      ended,       // the plugin ended it while it was loaded: `end`
      cancelled    // nobody wants it any more
   };
   Cause cause = no_process;
   std::uint8_t refusal = 0;  // Refused::Cause
   std::string detail;        // the system's, the runner's or the loader's words
   RunnerEnd end;
};

// Serves one connection, and is never used again. The process ends with this object. Not thread-safe.
class Runner : public Link {
 public:
   Runner(StartedRunner started, std::uint64_t memory_bytes)
       : process_(std::move(started.process)),
         channel_(std::move(started.channel)),
         lifeline_(std::move(started.lifeline)),
         memory_bytes_(memory_bytes) {}
   ~Runner() override { process_->kill(); }

   // Waits until the plugin is loaded. Call first. Nothing when it is.
   [[nodiscard]] std::optional<NotStarted> become_ready(Deadline deadline, const std::stop_token& cancel = {});

   [[nodiscard]] Transfer send(const Frame& frame, Deadline deadline) override {
      return channel_.send(frame, deadline);
   }
   // The word of a forbidden call is kept for end(): it reads as `closed`.
   [[nodiscard]] Transfer receive(Frame& frame, Deadline deadline) override;

   // Ends the process if it runs still, and says how it ended, given what the last send or receive came to: after
   // `late` the plugin has hung.
   [[nodiscard]] RunnerEnd end(Transfer last);

   [[nodiscard]] pid_t pid() const noexcept { return process_->pid(); }
   [[nodiscard]] const std::vector<Layer>& layers() const noexcept { return layers_; }

 private:
   std::optional<NotStarted> become_confined(Deadline deadline, const std::stop_token& cancel);
   std::optional<NotStarted> become_loaded(Deadline deadline, const std::stop_token& cancel);
   Transfer receive_unless(const std::stop_token& cancel, Frame& frame, Deadline deadline);
   void read_rest();

   std::shared_ptr<RunnerProcess> process_;
   Channel channel_;
   Handle lifeline_;
   std::uint64_t memory_bytes_;
   std::uint64_t peak_at_start_ = 0;
   std::optional<int> forbidden_;
   std::vector<Layer> layers_;
   bool ready_ = false;
};

}  // namespace msp::isolation
