// Whatever Autotask, or something in its place, answers: the readers neither crash nor trust a foreign address.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "answer.hpp"
#include "entity_information.hpp"
#include "zone.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
   const std::string_view body(reinterpret_cast<const char*>(data), size);
   // Texts are handed over whole. A number may be written out longer than it came.
   const std::size_t longest = size * 32 + 200;

   if (const auto zone = autotask::read_zone(body)) {
      if (autotask::trusted_zone_url(zone->url) != zone->url) std::abort();
      const std::string host = zone->host();
      constexpr std::string_view kDomain = ".autotask.net";
      if (host.size() <= kDomain.size() || host.substr(host.size() - kDomain.size()) != kDomain) std::abort();
   }
   (void)autotask::trusted_zone_url(body);

   for (const auto& entity : autotask::read_entity_list(body))
      for (const char* operation : {"create", "query", "update"})
         if (entity.right(operation).evidence.size() > longest) std::abort();
   (void)autotask::read_entity_information(body);

   for (const int status : {200, 401, 403, 404, 500}) {
      const autotask::Answer answer = autotask::read_answer(status, body);
      if (answer.errors.size() > longest) std::abort();
      (void)autotask::explain(answer, "the fuzzer").table();
   }
   return 0;
}
