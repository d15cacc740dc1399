#include "plugin_service.hpp"

#include <cstring>
#include <utility>

#include "contract/plugin_call.hpp"
#include "digest_service.hpp"
#include "library/negotiation.hpp"

namespace msp::runner {
namespace {

using namespace isolation;

constexpr std::size_t kKeptCalls = 8;

const void* MSP_CDECL get_service(const msp_host*, const char* id) noexcept {
   if (id == nullptr) return nullptr;
   if (std::strcmp(id, MSP_HTTP_SERVICE) == 0) return &http_service();
   if (std::strcmp(id, MSP_DIGEST_SERVICE) == 0) return &digest_service();
   if (std::strcmp(id, MSP_BROWSER_SERVICE) == 0) return &browser_service();
   if (std::strcmp(id, MSP_KEEP_SERVICE) == 0) return &keep_service();
   if (std::strcmp(id, MSP_SIGN_SERVICE) == 0) return &sign_service();
   return nullptr;
}

void MSP_CDECL log(const msp_host* host, std::int32_t level, const char* text) noexcept {
   if (host == nullptr || text == nullptr) return;
   Console& console = *static_cast<Console*>(host->host_data);
   if (console.is_open()) console.log(level, text);
}

}  // namespace

void PluginService::meet(const Plugin& plugin, const Start& start) {
   name_ = start.host_name;
   version_ = start.host_version;
   host_ = {.struct_size = sizeof(msp_host),
            .abi_major = MSP_ABI_MAJOR,
            .abi_minor = MSP_ABI_MINOR,
            .reserved = 0,
            .host_data = &console_,
            .name = name_.c_str(),
            .version = version_.c_str(),
            .get_service = get_service,
            .log = log};
   using Entry = const msp_plugin*(MSP_CDECL*)(const msp_host*) noexcept;
   const auto table = host::negotiate(reinterpret_cast<Entry>(plugin.entry), host_);
   if (!table) {
      throw NotUsable(table.finding().code == "plugin.incompatible" ? Refused::incompatible : Refused::defect,
                      table.finding().summary);
   }
   plugin_ = table.value();
}

// Calls the plugin's functions without their promise not to throw: a plugin may break it.
Returned PluginService::operate(Frame frame) {
   if (calls_.size() == kKeptCalls) calls_.pop_front();
   CarriedCall& call = calls_.emplace_back(console_, std::move(frame));
   if (connection_ == nullptr) {
      msp_connection*(MSP_CDECL * create)(const msp_host*) = plugin_->create;
      try {
         connection_ = create(&host_);
      } catch (...) {
         return {Returned::threw, MSP_FAILED, 0};
      }
      if (connection_ == nullptr) return {Returned::made_no_connection, MSP_FAILED, 0};
   }
   Returned returned;
   try {
      returned.outcome =
          host::call_plugin(*plugin_, static_cast<host::Operation>(call.operation()), connection_, call.table(),
                            call.operation() == Begin::sign ? call.hear_what_to_sign() : nullptr);
   } catch (...) {
      returned.how = Returned::threw;
   }
   call.end();
   returned.lines_left_out = console_.lines_left_out();
   return returned;
}

void PluginService::serve(Channel& channel) {
   console_.open(channel);
   for (;;) console_.say(operate(console_.hear_operation()));
}

}  // namespace msp::runner
