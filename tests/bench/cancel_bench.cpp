// How soon a request ends that is cancelled while its server keeps silent.
#include <future>
#include <stdexcept>

#include "net/http_service.hpp"
#include "paired.hpp"
#include "sim/wire/https_server.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::bench {
namespace {

using namespace std::chrono_literals;
using Clock = host::HttpService::Clock;

void cancel(benchmark::State& state) {
   const test_support::TempDir temp;
   const sim::CertificateAuthority authority;
   sim::HttpsServer server(authority.issue({"api.example.com"}), [](const sim::Request&) {
      sim::Reply reply;
      reply.fault = sim::Fault::silent;
      return reply;
   });
   host::NetworkOptions options;
   options.ca_file = temp.path() / "ca.pem";
   options.connect_to = {server.connect_to("api.example.com")};
   test_support::write_file(options.ca_file, authority.pem());
   host::HttpService service(options);

   std::vector<double> ms;
   std::size_t requests = 0;
   for (auto _ : state) {
      std::stop_source stop;
      auto returned = std::async(std::launch::async, [&] {
         std::vector<host::HttpRequest> request(1);
         request[0].method = "GET";
         request[0].url = "https://api.example.com/";
         (void)service.perform(request, Clock::now() + 1h, stop.get_token());
         return Clock::now();
      });
      ++requests;
      if (!server.wait_for([&](const sim::Counters& counters) { return counters.requests == requests; }))
         throw std::runtime_error("the request did not arrive");
      const auto cancelled = Clock::now();
      stop.request_stop();
      const std::chrono::duration<double> took = returned.get() - cancelled;
      ms.push_back(took.count() * 1e3);
      state.SetIterationTime(took.count());
   }
   state.counters["longest_ms"] = *std::max_element(ms.begin(), ms.end());
   state.counters["ours_ms"] = median(ms);
}
BENCHMARK(cancel)->UseManualTime()->Iterations(50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace msp::bench
