#include "runner.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "confinement.hpp"
#include "descriptors.hpp"
#include "isolation/build_id.hpp"
#include "isolation/messages.hpp"

namespace msp::runner {
namespace {

using isolation::Channel;
using isolation::Confined;
using isolation::Deadline;
using isolation::decode;
using isolation::encode;
using isolation::Frame;
using isolation::Loaded;
using isolation::Refused;
using isolation::Start;
using isolation::Transfer;

constexpr int kNotStartedByConsole = 2;

template <class Message>
bool send(Channel& channel, const Message& message) {
   const auto frame = encode(message);
   return frame && channel.send(*frame, Deadline::max()) == Transfer::done;
}

int refuse(Channel& channel, Refused::Cause cause, std::string_view detail) {
   send(channel, Refused{cause, detail.substr(0, isolation::kMaxSentence)});
   return 1;
}

std::uint64_t peak_bytes() {
   rusage usage{};
   ::getrusage(RUSAGE_SELF, &usage);
   return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// The libraries are read before files are denied, and by nobody already: they are the system's, but need no privilege.
void confine(const Start& start, Layers& layers) {
   leave_namespaces(layers);
   become_unprivileged(layers);
   hide_from_others(layers);
   hold_lifeline(layers);
   load_libraries(start.libraries);
   deny_files(layers);
   limit_resources({start.memory_bytes, start.cpu_seconds}, layers);
   filter_system_calls(layers);
}

int load_and_serve(Channel& channel, const Start& start, Layers& layers, Service& service) {
   const std::uint64_t peak = peak_bytes();
   confine(start, layers);
   if (!send(channel, Confined{isolation::build_id(), layers.messages(), peak})) return 1;
   const std::string path(start.plugin_path);
   const Plugin plugin = load_plugin(path);
   service.meet(plugin, start);
   if (!send(channel, Loaded{})) return 1;
   service.serve(channel);
   return 0;
}

}  // namespace

int run(Service& service) {
   Layers layers;
   close_descriptors(layers);
   if (::fcntl(kChannel, F_GETFD) < 0 || ::fcntl(kPlugin, F_GETFD) < 0) {
      std::fputs("msp-plugin-runner: a console starts this program, which is of no use otherwise.\n", stderr);
      return kNotStartedByConsole;
   }
   Channel channel{isolation::Descriptor(kChannel), Channel::Side::runner};
   Frame frame;
   if (channel.receive(frame, Deadline::max()) != Transfer::done) return 1;
   const auto start = decode<Start>(frame);
   if (!start || start->build_id != isolation::build_id()) {
      return refuse(channel, Refused::other_build, isolation::build_id());
   }
   try {
      return load_and_serve(channel, *start, layers, service);
   } catch (const NotConfined& why) {
      return refuse(channel, Refused::not_confined, why.what());
   } catch (const NotLoaded& why) {
      return refuse(channel, Refused::not_loaded, why.what());
   } catch (const NoSymbol& why) {
      return refuse(channel, Refused::no_symbol, why.what());
   } catch (const NotUsable& why) {
      return refuse(channel, why.cause(), why.what());
   }
}

}  // namespace msp::runner
