#include "slow_name.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>
#include <string_view>

namespace msp::host {
namespace {

std::mutex mutex;
std::condition_variable changed;
bool slow = false;
int asking = 0;

}  // namespace

SlowName::SlowName() {
   const std::lock_guard lock(mutex);
   slow = true;
}

SlowName::~SlowName() {
   std::unique_lock lock(mutex);
   slow = false;
   changed.notify_all();
   changed.wait(lock, [] { return asking == 0; });
}

void SlowName::wait_until_asked() {
   std::unique_lock lock(mutex);
   changed.wait(lock, [] { return asking > 0; });
}

}  // namespace msp::host

// A program's own function comes before the C library's, for libcurl too.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
   using namespace msp::host;
   if (node && std::string_view(node) == SlowName::kName) {
      std::unique_lock lock(mutex);
      ++asking;
      changed.notify_all();
      changed.wait(lock, [] { return !slow; });
      --asking;
      changed.notify_all();
      return EAI_NONAME;
   }
   static const auto next = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
   return next(node, service, hints, result);
}
