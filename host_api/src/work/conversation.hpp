// conversation.hpp - one operation with a plugin in its own process: what comes out of the link is handed to the
// functions of the call, as if the plugin were here.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "contract/plugin_backend.hpp"
#include "isolation/link.hpp"
#include "isolation/operation_messages.hpp"

namespace msp::host {

// Of one operation; run() once.
class Conversation {
 public:
   enum How {
      returned,
      threw,
      made_no_connection,
      form_too_large,  // nothing was sent
      exhausted,       // it said more than one operation may
      ended            // the link: `last` says how
   };
   struct End {
      How how = ended;
      msp_outcome outcome = MSP_FAILED;
      std::uint32_t lines_left_out = 0;
      isolation::Transfer last = isolation::Transfer::done;
      int sent = 0;  // requests that left this machine
   };

   // REQUIRES: the arguments outlive this.
   Conversation(isolation::Link& link, const Manifest& manifest, const Runtime& runtime, const msp_host& host,
                Operation operation, Call& call, const PluginBackend::Terms& terms)
       : link_(link),
         manifest_(manifest),
         runtime_(runtime),
         host_(host),
         operation_(operation),
         call_(call),
         table_(*call.table()),
         terms_(terms) {}

   End run();

 private:
   isolation::Transfer begin();
   isolation::Transfer say_what_to_sign();
   isolation::Transfer receive(isolation::Frame& frame);
   template <class Step>
   isolation::Transfer patiently(Step step);
   [[nodiscard]] bool has_said_too_much() const;
   // False when it is no message of an operation.
   bool take(isolation::Frame& frame);
   bool take_report(const isolation::Frame& frame);
   bool take_request(isolation::Frame& frame);
   void hand_over(const isolation::FindingReport& report);
   void hand_over(const isolation::GrantReport& report);
   void hand_over(const isolation::IdentityReport& report);
   bool hand_over(const isolation::SessionReport& report);
   bool send(const isolation::SendRequests& order);
   bool compute(const isolation::DigestRequest& order);
   bool tell_redirect();
   bool visit(const isolation::VisitRequest& order);
   bool keep(const isolation::KeepRequest& order);
   bool sign(const isolation::SignRequest& order);
   template <class Message>
   isolation::Transfer say(const Message& message);

   struct Carried {
      isolation::Frame frame;
      isolation::Request request;  // its texts lie in the frame
   };

   isolation::Link& link_;
   const Manifest& manifest_;
   const Runtime& runtime_;
   const msp_host& host_;
   const Operation operation_;
   Call& call_;
   const msp_call& table_;
   const PluginBackend::Terms& terms_;
   std::vector<Carried> pending_;
   std::size_t pending_size_ = 0;
   int messages_ = 0;
   std::size_t reported_ = 0;
   int sent_ = 0;
   bool unspeakable_ = false;
   bool told_to_cancel_ = false;
   isolation::Transfer last_said_ = isolation::Transfer::done;
   std::optional<Call::Clock::time_point> cancelled_at_;
};

}  // namespace msp::host
