#include "digest_service.hpp"

#include <algorithm>
#include <string_view>

#include "console.hpp"
#include "own_process.hpp"

namespace msp::runner {
namespace {

// A null pointer to no bytes is no bytes; to more it is a fault.
bool is_readable(const void* data, std::uint64_t size, std::uint64_t most) {
   return size <= most && (data != nullptr || size == 0);
}

std::string_view view(const void* data, std::uint64_t size) {
   return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

msp_result ask(const msp_host* host, const isolation::DigestRequest& request, std::uint8_t* out,
               std::uint64_t out_size) {
   Console& console = *static_cast<Console*>(host->host_data);
   if (!console.is_open()) return MSP_OUT_OF_BOUNDS;
   console.say(request);
   const isolation::Frame frame = console.hear();
   const auto answer = Console::understand<isolation::DigestAnswer>(frame);
   if (answer.result != MSP_DONE) return answer.result;
   if (out == nullptr || out_size < answer.digest.size()) return MSP_OUT_OF_BOUNDS;
   std::ranges::copy(answer.digest, out);
   return MSP_DONE;
}

msp_result MSP_CDECL hash(const msp_host* host, std::int32_t algorithm, const void* data, std::uint64_t size,
                          std::uint8_t* out, std::uint64_t out_size) noexcept {
   if (!is_readable(data, size, MSP_DIGEST_DATA_MAX)) return MSP_OUT_OF_BOUNDS;
   return ask(host, {algorithm, false, {}, view(data, size)}, out, out_size);
}

msp_result MSP_CDECL hmac(const msp_host* host, std::int32_t algorithm, const void* key, std::uint64_t key_size,
                          const void* data, std::uint64_t size, std::uint8_t* out, std::uint64_t out_size) noexcept {
   if (!is_readable(data, size, MSP_DIGEST_DATA_MAX) || !is_readable(key, key_size, MSP_DIGEST_KEY_MAX))
      return MSP_OUT_OF_BOUNDS;
   return ask(host, {algorithm, true, view(key, key_size), view(data, size)}, out, out_size);
}

msp_result MSP_CDECL random(const msp_host*, void* out, std::uint64_t size) noexcept {
   if (!is_readable(out, size, MSP_RANDOM_MAX)) return MSP_OUT_OF_BOUNDS;
   return fill_random(out, static_cast<std::size_t>(size)) ? MSP_DONE : MSP_UNABLE;
}

}  // namespace

const msp_digest& digest_service() noexcept {
   static constexpr msp_digest table = {sizeof(msp_digest), 0, hash, hmac, random};
   return table;
}

}  // namespace msp::runner
