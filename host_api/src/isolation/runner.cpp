#include "isolation/runner.hpp"

#include <algorithm>

#include "isolation/build_id.hpp"

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// The channel closes a little before the process can be waited for. On a busy machine it may take longer; then the
// process is killed, and its status tells all the same whether it had ended by itself.
constexpr milliseconds kEndGrace{100};
// SIGKILL is no request; this is for a machine that is very busy.
constexpr milliseconds kKillGrace{5000};
constexpr int kMaxRest = 1000;  // frames

NotStarted was_cancelled() { return {NotStarted::cancelled, 0, {}, {}}; }

std::optional<NotStarted> refusal(const Frame& frame) {
   const auto refused = decode<Refused>(frame);
   if (!refused) return std::nullopt;
   return NotStarted{NotStarted::refused, refused->cause, std::string(refused->detail), {}};
}

}  // namespace

Transfer Runner::receive(Frame& frame, Deadline deadline) {
   const Transfer received = channel_.receive(frame, deadline);
   if (received != Transfer::done) return received;
   const auto forbidden = decode<ForbiddenCall>(frame);
   if (!forbidden) return Transfer::done;
   forbidden_ = forbidden->number;
   return Transfer::closed;
}

// `late` after a cancel, too.
Transfer Runner::receive_unless(const std::stop_token& cancel, Frame& frame, Deadline deadline) {
   while (!cancel.stop_requested()) {
      const Deadline glance = cancel.stop_possible() ? std::min(deadline, steady_clock::now() + kGlance) : deadline;
      const Transfer received = receive(frame, glance);
      if (received != Transfer::late || steady_clock::now() >= deadline) return received;
   }
   return Transfer::late;
}

// Until then the plugin has had no part in anything.
std::optional<NotStarted> Runner::become_confined(Deadline deadline, const std::stop_token& cancel) {
   Frame frame;
   const Transfer received = receive_unless(cancel, frame, deadline);
   if (received == Transfer::done) {
      if (auto refused = refusal(frame)) return refused;
      if (const auto confined = decode<Confined>(frame); confined && confined->build_id == build_id()) {
         peak_at_start_ = confined->peak_bytes;
         for (const LayerMessage& layer : confined->layers) {
            layers_.push_back({std::string(layer.name), layer.active, std::string(layer.detail)});
         }
         return std::nullopt;
      }
   }
   if (received == Transfer::late && cancel.stop_requested()) return was_cancelled();
   return NotStarted{NotStarted::no_process, 0, "The program that runs plugins " + end(received).in_words() + ".", {}};
}

std::optional<NotStarted> Runner::become_loaded(Deadline deadline, const std::stop_token& cancel) {
   Frame frame;
   const Transfer received = receive_unless(cancel, frame, deadline);
   if (received == Transfer::done) {
      if (auto refused = refusal(frame)) return refused;
      if (decode<Loaded>(frame)) return std::nullopt;
   }
   if (received == Transfer::late && cancel.stop_requested()) return was_cancelled();
   return NotStarted{NotStarted::ended, 0, {}, end(received)};
}

std::optional<NotStarted> Runner::become_ready(Deadline deadline, const std::stop_token& cancel) {
   if (ready_) return std::nullopt;
   auto why = become_confined(deadline, cancel);
   if (!why) why = become_loaded(deadline, cancel);
   ready_ = !why;
   return why;
}

// A call may have been forbidden after frames that nobody has read.
void Runner::read_rest() {
   const Deadline deadline = steady_clock::now() + kEndGrace;
   Frame frame;
   for (int i = 0; i < kMaxRest && !forbidden_ && receive(frame, deadline) == Transfer::done; ++i) {
   }
}

RunnerEnd Runner::end(Transfer last) {
   RunnerEvidence evidence;
   evidence.nonsense = last == Transfer::invalid || last == Transfer::done;
   evidence.hung = last == Transfer::late;
   std::optional<ProcessEnd> process;
   if (last == Transfer::closed) process = process_->wait(steady_clock::now() + kEndGrace);
   if (!process) {
      evidence.deserted = last == Transfer::closed;
      process_->kill();
      process = process_->wait(steady_clock::now() + kKillGrace);
   }
   read_rest();
   evidence.forbidden = forbidden_;
   evidence.memory_bytes = memory_bytes_;
   evidence.peak_at_start = peak_at_start_;
   if (process) {
      evidence.status = process->status;
      evidence.peak_bytes = process->peak_bytes;
   }
   return judge(evidence);
}

}  // namespace msp::isolation
