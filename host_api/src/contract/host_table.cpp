#include "contract/host_table.hpp"

#include <list>
#include <mutex>
#include <string_view>

#include "base/text.hpp"
#include "contract/call.hpp"
#include "contract/digest_table.hpp"
#include "msp/abi.h"

namespace msp::host {
namespace {

// A plugin's place at the table: what its msp_host points to.
struct Seat {
   msp_host table{};
   std::string name;
   std::string version;
   std::string plugin_id;
   std::weak_ptr<Runtime> runtime;
};

const void* MSP_CDECL get_service(const msp_host*, const char* service_id) noexcept {
   if (service_id == nullptr) return nullptr;
   const std::string_view id(service_id);
   if (id == MSP_HTTP_SERVICE) return &http_table();
   if (id == MSP_DIGEST_SERVICE) return &digest_table();
   if (id == MSP_BROWSER_SERVICE) return &browser_table();
   if (id == MSP_KEEP_SERVICE) return &keep_table();
   if (id == MSP_SIGN_SERVICE) return &sign_table();
   return nullptr;
}

void MSP_CDECL log(const msp_host* host, std::int32_t level, const char* text) noexcept {
   if (host == nullptr || text == nullptr) return;
   const auto& seat = *static_cast<const Seat*>(host->host_data);
   const auto runtime = seat.runtime.lock();
   if (!runtime || !may_log_line() || !runtime->logs(level)) return;
   try {
      runtime->log(level, seat.plugin_id, runtime->redactor.redact_foreign(bounded(text)));
   } catch (...) {  // no log line is worth an operation
   }
}

}  // namespace

const msp_host& make_host_table(const std::shared_ptr<Runtime>& runtime, const std::string& plugin_id) {
   // Never destroyed: a plugin left behind may use its table while the process ends.
   static auto& seats = *new std::list<Seat>;
   static std::mutex mutex;
   const std::lock_guard lock(mutex);
   auto& seat = seats.emplace_back();
   seat.name = runtime->options.name;
   seat.version = runtime->options.version;
   seat.plugin_id = plugin_id;
   seat.runtime = runtime;
   seat.table = {.struct_size = sizeof(msp_host),
                 .abi_major = MSP_ABI_MAJOR,
                 .abi_minor = MSP_ABI_MINOR,
                 .reserved = 0,
                 .host_data = &seat,
                 .name = seat.name.c_str(),
                 .version = seat.version.c_str(),
                 .get_service = get_service,
                 .log = log};
   return seat.table;
}

}  // namespace msp::host
