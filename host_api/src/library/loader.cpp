#include "library/loader.hpp"

#include <atomic>
#include <boost/dll/shared_library.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/plugin_defect.hpp"
#include "library/loader_system.hpp"
#include "library/negotiation.hpp"
#include "msp/host/process.hpp"

namespace msp::host {
namespace {

namespace dll = boost::dll;
using Entry = const msp_plugin* MSP_CDECL(const msp_host*) noexcept;

}  // namespace

// A library whose initializer throws ends the process: the system's loader lets no exception through.
Result<const msp_plugin*> load_plugin(const std::filesystem::path& library, const msp_host& host) {
   static std::mutex one_at_a_time;
   const std::lock_guard lock(one_at_a_time);
   try {
      const auto mode =
          dll::load_mode::rtld_now | dll::load_mode::rtld_local | static_cast<dll::load_mode::type>(system_load_mode());
      const dll::shared_library loaded(std::filesystem::absolute(library), mode);
      if (!loaded.has(MSP_ENTRY_SYMBOL)) {
         return plugin_defect("The library does not export " MSP_ENTRY_SYMBOL ", so it cannot be used as a plugin.");
      }
      Entry& entry = loaded.get<Entry>(MSP_ENTRY_SYMBOL);
      stay_loaded(reinterpret_cast<void*>(&entry));
      return negotiate(&entry, host);
   } catch (const std::system_error& error) {  // Boost.DLL's throwing constructor keeps the loader's reason
      return explain_load_error(library, error);
   }
}

namespace {

// Whose start did not come to its end, for the life of the process: the system's loader is locked by it.
struct Stuck {
   std::mutex mutex;
   std::string name;  // empty: none
};
Stuck& stuck() {
   static auto& one = *new Stuck;  // never destroyed: asked while the process ends
   return one;
}

std::string in_words(std::chrono::milliseconds time) {
   using namespace std::chrono_literals;
   return time % 1s == 0ms ? std::to_string(time / 1s) + " s" : std::to_string(time.count()) + " ms";
}

Finding hung(const std::string& name, std::chrono::milliseconds limit) {
   return {"plugin.hung",
           "The plugin " + name + " does not come to an end while it is loaded; it was given up after " +
               in_words(limit) + ".",
           "Disable the plugin and restart the console, then ask the plugin's author for a corrected version."};
}

// Set for the life of the process by the first library whose loading begins.
std::atomic<bool> has_begun{false};

Finding another_is_stuck(const std::string& name) {
   return {"plugin.hung",
           "No other plugin can be loaded, because the plugin " + name + " does not come to an end while it is loaded.",
           "Disable the plugin " + name + " and restart the console."};
}

// Where the thread that loads and the one that waits for it meet.
struct Loading {
   std::mutex mutex;
   std::condition_variable ended;
   std::optional<Result<const msp_plugin*>> result;
};

// One plugin is loaded at a time. Not a std::timed_mutex, which gcc's thread sanitizer cannot follow.
class Turn {
 public:
   explicit Turn(std::chrono::milliseconds patience) {
      std::unique_lock lock(line().mutex);
      mine_ = line().freed.wait_for(lock, patience, [] { return !line().taken; });
      if (mine_) line().taken = true;
   }
   ~Turn() {
      if (!mine_) return;
      const std::lock_guard lock(line().mutex);
      line().taken = false;
      line().freed.notify_one();
   }
   Turn(const Turn&) = delete;
   Turn& operator=(const Turn&) = delete;
   [[nodiscard]] bool is_mine() const noexcept { return mine_; }

 private:
   struct Line {
      std::mutex mutex;
      std::condition_variable freed;
      bool taken = false;
   };
   static Line& line() {
      static auto& one = *new Line;  // never destroyed: asked while the process ends
      return one;
   }
   bool mine_ = false;
};

}  // namespace

bool has_stuck_load() noexcept {
   const std::lock_guard lock(stuck().mutex);
   return !stuck().name.empty();
}

bool has_plugin_code() noexcept { return has_begun; }

Result<const msp_plugin*> load_plugin(LibraryToLoad library, const msp_host& host) {
   const Turn turn(library.limit);
   {
      const std::lock_guard looking(stuck().mutex);
      if (!stuck().name.empty()) return another_is_stuck(stuck().name);
   }
   if (!turn.is_mine()) return another_is_stuck("that is just being loaded");
   has_begun = true;
   const auto loading = std::make_shared<Loading>();
   const std::string name = library.name;
   const auto limit = library.limit;
   std::thread worker([loading, library = std::move(library), &host]() mutable {
      auto result = load_bytes(library.copy, library.bytes,
                               [&](const std::filesystem::path& path) { return load_plugin(path, host); });
      library.kept.reset();
      const std::lock_guard locked(loading->mutex);
      loading->result = std::move(result);
      loading->ended.notify_all();
   });
   std::unique_lock waiting(loading->mutex);
   if (loading->ended.wait_for(waiting, limit, [&] { return loading->result.has_value(); })) {
      waiting.unlock();
      worker.join();
      return std::move(*loading->result);
   }
   worker.detach();
   const std::lock_guard telling(stuck().mutex);
   stuck().name = name;
   return hung(name, limit);
}

}  // namespace msp::host
