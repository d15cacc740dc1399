#include "runner.hpp"

#include <cstdio>
#include <string>

#include "isolation/build_id.hpp"
#include "isolation/messages.hpp"
#include "not_confined.hpp"
#include "own_process.hpp"

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
   auto given = inherited_channel(layers);
   if (!given) {
      std::fputs("msp-plugin-runner: a console starts this program, which is of no use otherwise.\n", stderr);
      return kNotStartedByConsole;
   }
   Channel& channel = *given;
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
