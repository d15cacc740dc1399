#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include "base/cancellable_wait.hpp"
#include "isolation/build_id.hpp"
#include "isolation/runner_keeper.hpp"
#include "isolation/wake.hpp"

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How long the keeper's end waits for processes that it has killed.
constexpr milliseconds kLastWait{5000};

std::optional<Frame> start_frame(const RunnerPlugin& plugin, const RunnerOptions& options) {
   return encode(Start{build_id(),
                       plugin.path,
                       {plugin.libraries.begin(), plugin.libraries.end()},
                       options.memory_bytes,
                       options.cpu_seconds,
                       options.host_name,
                       options.host_version});
}

NotStarted no_process(std::string why) { return {NotStarted::no_process, 0, std::move(why), {}}; }

using Started = std::variant<std::unique_ptr<Runner>, NotStarted>;

Started start(const RunnerProgram& program, const RunnerOptions& options, const RunnerPlugin& plugin,
              const std::stop_token& unwanted, std::list<std::shared_ptr<RunnerProcess>>& processes) {
   const auto frame = start_frame(plugin, options);
   if (!frame) return no_process("The plugin's path or one of its libraries has too long a name.");
   auto started = start_process(program, *plugin.bytes, {options.memory_bytes, options.cpu_seconds});
   if (!started) return no_process(why_not_started());
   processes.push_back(started->process);
   auto runner = std::make_unique<Runner>(std::move(*started), options.memory_bytes);
   if (plugin.before_start) plugin.before_start(runner->pid(), unwanted);
   // Fits into the channel's room. If the process has ended already, become_ready() says how.
   static_cast<void>(runner->send(*frame, steady_clock::now()));
   return runner;
}

}  // namespace

struct RunnerKeeper::State {
   // What the thread shall start, and for whom.
   struct Order {
      RunnerPlugin plugin;
      bool ahead = false;
      std::optional<Started> result = std::nullopt;
      std::stop_source forgotten = {};
   };
   struct Waiting {
      std::string sha256;
      std::unique_ptr<Runner> runner;
      steady_clock::time_point since;
   };

   State(RunnerProgram of, RunnerOptions with) : program(std::move(of)), options(std::move(with)) {}

   void run();
   void carry_out_orders();
   void end_idle();
   void sleep();
   void reap();
   void end_all();
   std::unique_ptr<Runner> take_waiting(std::string_view sha256);
   Started order(const RunnerPlugin& plugin, Deadline deadline, const std::stop_token& cancel);

   const RunnerProgram program;
   const RunnerOptions options;
   const Wake wake;
   mutable std::mutex mutex;
   std::condition_variable_any carried_out;
   bool stopping = false;
   std::deque<std::shared_ptr<Order>> orders;            // the first may be being carried out
   std::list<Waiting> waiting;                           // oldest first
   std::list<std::shared_ptr<RunnerProcess>> processes;  // of the thread alone
   std::thread thread;
};

void RunnerKeeper::State::carry_out_orders() {
   std::unique_lock lock(mutex);
   while (!orders.empty() && !stopping) {
      const std::shared_ptr<Order> next = orders.front();
      if (next->forgotten.stop_requested()) {
         orders.pop_front();
         continue;
      }
      lock.unlock();
      Started started = start(program, options, next->plugin, next->forgotten.get_token(), processes);
      lock.lock();
      orders.pop_front();
      if (next->forgotten.stop_requested()) continue;
      if (!next->ahead) {
         next->result = std::move(started);
         carried_out.notify_all();
      } else if (auto* const runner = std::get_if<std::unique_ptr<Runner>>(&started)) {
         waiting.push_back({next->plugin.bytes->sha256(), std::move(*runner), steady_clock::now()});
      }
   }
}

void RunnerKeeper::State::end_idle() {
   const std::lock_guard lock(mutex);
   while (!waiting.empty() && steady_clock::now() - waiting.front().since >= options.idle) waiting.pop_front();
}

// Until there is something to do: an order, a process that has ended, or a runner that nobody has taken.
void RunnerKeeper::State::sleep() {
   Deadline until = Deadline::max();
   {
      const std::lock_guard lock(mutex);
      if (!waiting.empty()) until = waiting.front().since + options.idle;
   }
   wake.sleep(processes, until);
}

void RunnerKeeper::State::reap() {
   std::erase_if(processes, [](const auto& process) { return process->reap(); });
}

void RunnerKeeper::State::end_all() {
   {
      const std::lock_guard lock(mutex);
      waiting.clear();
      orders.clear();
   }
   for (const auto& process : processes) process->kill();
   const auto deadline = steady_clock::now() + kLastWait;
   for (reap(); !processes.empty() && steady_clock::now() < deadline; reap()) wake.sleep(processes, deadline);
}

void RunnerKeeper::State::run() {
   for (;;) {
      carry_out_orders();
      end_idle();
      {
         const std::lock_guard lock(mutex);
         if (stopping) break;
      }
      sleep();
      reap();
   }
   end_all();
}

std::unique_ptr<Runner> RunnerKeeper::State::take_waiting(std::string_view sha256) {
   const std::lock_guard lock(mutex);
   const auto found = std::ranges::find(waiting, sha256, &Waiting::sha256);
   if (found == waiting.end()) return nullptr;
   std::unique_ptr<Runner> runner = std::move(found->runner);
   waiting.erase(found);
   return runner;
}

Started RunnerKeeper::State::order(const RunnerPlugin& plugin, Deadline deadline, const std::stop_token& cancel) {
   const auto order = std::make_shared<Order>(Order{plugin, false});
   std::unique_lock lock(mutex);
   orders.push_back(order);
   wake.call();
   if (host::wait_until(carried_out, lock, cancel, deadline, [&order] { return order->result.has_value(); }))
      return std::move(*order->result);
   order->forgotten.request_stop();
   if (cancel.stop_requested()) return NotStarted{NotStarted::cancelled, 0, {}, {}};
   return no_process("It was not started in time.");
}

RunnerKeeper::RunnerKeeper(RunnerProgram program, RunnerOptions options)
    : state_(std::make_unique<State>(std::move(program), std::move(options))) {
   state_->thread = std::thread([state = state_.get()] { state->run(); });
}

RunnerKeeper::~RunnerKeeper() {
   {
      const std::lock_guard lock(state_->mutex);
      state_->stopping = true;
      for (const auto& order : state_->orders) order->forgotten.request_stop();
   }
   state_->wake.call();
   state_->thread.join();
}

void RunnerKeeper::start_ahead(RunnerPlugin plugin) {
   const std::lock_guard lock(state_->mutex);
   const auto ordered = std::ranges::count_if(
       state_->orders, [](const auto& order) { return order->ahead && !order->forgotten.stop_requested(); });
   if (state_->waiting.size() + static_cast<std::size_t>(ordered) >= state_->options.max_ahead) return;
   state_->orders.push_back(std::make_shared<State::Order>(State::Order{std::move(plugin), true}));
   state_->wake.call();
}

Started RunnerKeeper::take(const RunnerPlugin& plugin, Deadline deadline, const std::stop_token& cancel) {
   if (auto runner = state_->take_waiting(plugin.bytes->sha256())) {
      // What befell one that waited is no fault of this check: a fresh one is started.
      if (!runner->become_ready(deadline, cancel)) return runner;
   }
   Started started = state_->order(plugin, deadline, cancel);
   if (auto* const runner = std::get_if<std::unique_ptr<Runner>>(&started)) {
      if (auto why = (*runner)->become_ready(deadline, cancel)) return std::move(*why);
   }
   return started;
}

void RunnerKeeper::give_back(const RunnerPlugin& plugin, std::unique_ptr<Runner> runner) {
   const std::lock_guard lock(state_->mutex);
   state_->waiting.push_back({plugin.bytes->sha256(), std::move(runner), steady_clock::now()});
   state_->wake.call();
}

void RunnerKeeper::forget(std::string_view sha256) {
   const std::lock_guard lock(state_->mutex);
   std::erase_if(state_->waiting, [sha256](const auto& waiting) { return waiting.sha256 == sha256; });
   for (const auto& order : state_->orders) {
      if (order->ahead && order->plugin.bytes->sha256() == sha256) order->forgotten.request_stop();
   }
}

std::size_t RunnerKeeper::ahead(std::string_view sha256) const {
   const std::lock_guard lock(state_->mutex);
   if (sha256.empty()) return state_->waiting.size();
   return static_cast<std::size_t>(std::ranges::count(state_->waiting, sha256, &State::Waiting::sha256));
}

}  // namespace msp::isolation
