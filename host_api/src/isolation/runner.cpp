#include "isolation/runner.hpp"

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

}  // namespace

Transfer Runner::receive(Frame& frame, Deadline deadline) {
   const Transfer received = channel_.receive(frame, deadline);
   if (received != Transfer::done) return received;
   const auto forbidden = decode<ForbiddenCall>(frame);
   if (!forbidden) return Transfer::done;
   forbidden_ = forbidden->number;
   return Transfer::closed;
}

std::variant<std::monostate, NotStarted> Runner::read_answer(const Frame& frame) {
   if (const auto refused = decode<Refused>(frame)) {
      return NotStarted{NotStarted::refused, refused->cause, std::string(refused->detail), {}};
   }
   const auto ready = decode<Ready>(frame);
   if (!ready) return NotStarted{NotStarted::ended, 0, {}, end(Transfer::invalid)};
   if (ready->build_id != build_id()) {
      return NotStarted{NotStarted::refused, Refused::other_build, std::string(ready->build_id), {}};
   }
   peak_at_start_ = ready->peak_bytes;
   for (const LayerMessage& layer : ready->layers) {
      layers_.push_back({std::string(layer.name), layer.active, std::string(layer.detail)});
   }
   return {};
}

std::variant<std::monostate, NotStarted> Runner::become_ready(Deadline deadline) {
   Frame frame;
   const Transfer received = receive(frame, deadline);
   if (received != Transfer::done) return NotStarted{NotStarted::ended, 0, {}, end(received)};
   return read_answer(frame);
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
