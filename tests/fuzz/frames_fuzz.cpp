// A runner's frames are a stranger's bytes: each message is read or refused, and what was read is what was sent.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "isolation/channel.hpp"
#include "isolation/operation_messages.hpp"

namespace {

using namespace msp::isolation;

// There is one way to write a message.
template <class Message>
void read_as(const Frame& frame) {
   const auto message = decode<Message>(frame);
   if (!message) return;
   const auto again = encode(*message);
   if (!again || again->bytes() != frame.bytes()) std::abort();
}

template <class... Messages>
struct List {
   static void read(const Frame& frame) { (read_as<Messages>(frame), ...); }
   template <class Use>
   static void each_type(Use use) {
      (use(Messages::kType), ...);
   }
};
// Of both directions.
using All = List<Start, Confined, Loaded, Refused, ForbiddenCall, Begin, Cancel, Progress, LogLine, FindingReport,
                 GrantReport, IdentityReport, SessionReport, WrongQuestion, LateUse, Request, SendRequests, Answer,
                 DigestRequest, DigestAnswer, RedirectQuestion, RedirectAnswer, VisitRequest, VisitAnswer, KeepRequest,
                 KeepAnswer, WhatToSign, SignaturePair, SignRequest, SignAnswer, Returned>;

void read(const Frame& frame) { All::read(frame); }

Frame frame_of(std::uint8_t type, std::string_view payload) {
   WipedBytes bytes;
   for (unsigned shift = 0; shift < 32; shift += 8) bytes.append(static_cast<char>(payload.size() >> shift));
   bytes.append(static_cast<char>(type));
   bytes.append(payload);
   return Frame(std::move(bytes));
}

// The stream as it comes out of a channel, in pieces whose sizes the first byte decides.
void receive(std::string_view stream) {
   constexpr std::size_t kFits = 65536;  // into the channel at once: nobody reads meanwhile
   auto pair = make_channel_pair();
   if (!pair || stream.empty() || stream.size() > kFits) return;
   Channel console(std::move(pair->console), Channel::Side::console);
   const std::size_t piece = std::size_t{1} + static_cast<unsigned char>(stream.front()) * std::size_t{16};
   Frame frame;
   Transfer last = Transfer::late;
   // Who reads no more must not be written to: the channel would fill.
   stream.remove_prefix(1);
   for (; !stream.empty() && last == Transfer::late; stream.remove_prefix(std::min(piece, stream.size()))) {
      if (::write(pair->runner.get(), stream.data(), std::min(piece, stream.size())) < 0) std::abort();
      while ((last = console.receive(frame, Deadline::min())) == Transfer::done) read(frame);
   }
   pair->runner.close();
   while (console.receive(frame, Deadline::min()) == Transfer::done) read(frame);
   last = console.receive(frame, Deadline::min());
   if (last != Transfer::closed && last != Transfer::invalid) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
   const std::string_view bytes(reinterpret_cast<const char*>(data), size);
   All::each_type([bytes](std::uint8_t type) { read(frame_of(type, bytes)); });
   receive(bytes);
   return 0;
}
