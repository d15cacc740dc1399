// integration_scene.hpp - over real TLS: a scripted plugin signs in, and a server on this machine answers the requests.
#pragma once

#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "msp/host/integration.hpp"
#include "sim/scratch_directory.hpp"
#include "sim/wire/certificate_authority.hpp"
#include "sim/wire/https_server.hpp"
#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {

using sim::Reply;

inline constexpr const char* kBase = "https://api.example.com/rest/v1/";
inline constexpr const char* kHost = "api.example.com";
inline constexpr const char* kElsewhere = "elsewhere.example.com";

// A platform that knows the sessions it gave, and a plugin that signs in to it.
class IntegrationScene : public testing::Test {
 protected:
   IntegrationScene()
       : server_(authority_.issue({kHost, kElsewhere}),
                 [this](const sim::Request& request) { return answer(request); }) {
      authority_.write(scratch_.path() / "ca.pem");
      script_.manifest.hosts = {kHost, kElsewhere};
      script_.authenticate = [this](const msp_call* call) {
         const int number = ++sign_ins_;
         if (on_sign_in_) on_sign_in_();
         if (sign_in_answer_ == MSP_REFUSED) {
            report_error(call, "auth.rejected", "The password \"correct horse\" is wrong.", "Enter it again.");
            return MSP_REFUSED;
         }
         if (sign_in_answer_ != MSP_ACCEPTED) {
            report_error(call, "net.connect", "There is no way to the platform.");
            return sign_in_answer_.load();
         }
         const std::string value = same_session_ ? "Bearer session-1" : "Bearer session-" + std::to_string(number);
         accept(value);
         msp_session session{};
         const msp_pair headers[] = {
             {"Authorization", value.c_str(), 0, 0}, {"X-Tenant", "jane", 0, 0}, {"Accept", "text/x", 0, 0}};
         session.struct_size = sizeof session;
         session.base_url = kBase;
         session.headers = headers;
         session.header_count = 3;
         session.expires_at = lifetime_ == 0 ? 0 : now_ + lifetime_;
         call->report_session(call, &session);
         return MSP_ACCEPTED;
      };
      HostOptions options;
      options.network.ca_file = scratch_.path() / "ca.pem";
      options.network.connect_to = {server_.connect_to(kHost), server_.connect_to(kElsewhere)};
      options.log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_));
      options.log->set_level(spdlog::level::trace);
      plugin_ = script_.load(std::move(options));
      IntegrationOptions with;
      with.now = [this] { return now_.load(); };
      with.on_session = [this](const SessionEvent& event) {
         const std::lock_guard lock(mutex_);
         events_.push_back(event.kind);
      };
      integration_ = std::make_unique<Integration>(plugin_, sample_settings(), with);
   }

   Reply answer(const sim::Request& request) {
      const std::lock_guard lock(mutex_);
      seen_.push_back(request);
      if (answer_elsewhere_ && request.host() == kElsewhere) return answer_elsewhere_(request);
      if (request.header("Authorization").value_or("") != good_) return Reply::json("{\"error\":\"who?\"}", 401);
      return reply_;
   }

   Response get(const std::string& path = "Tickets/42") { return integration_->request({"GET", path, {}, {}}); }

   std::size_t requests() {
      const std::lock_guard lock(mutex_);
      return seen_.size();
   }

   sim::Request last_request() {
      const std::lock_guard lock(mutex_);
      return seen_.back();
   }

   void answer_with(Reply reply) {
      const std::lock_guard lock(mutex_);
      reply_ = std::move(reply);
   }

   // The one session that the platform knows from now on.
   void accept(const std::string& authorization) {
      const std::lock_guard lock(mutex_);
      good_ = authorization;
   }
   void drop_sessions() { accept("nobody's"); }

   std::atomic<std::int64_t> now_{1'000'000};
   std::int64_t lifetime_ = 1200;
   bool same_session_ = false;
   std::atomic<msp_outcome> sign_in_answer_{MSP_ACCEPTED};
   std::function<void()> on_sign_in_;
   std::atomic<int> sign_ins_{0};

   std::mutex mutex_;  // guards the next five
   std::string good_;
   std::function<Reply(const sim::Request&)> answer_elsewhere_;
   Reply reply_ = Reply::json("{\"id\":42}");
   std::vector<sim::Request> seen_;
   std::vector<SessionEvent::Kind> events_;
   std::ostringstream log_;

   sim::CertificateAuthority authority_;
   sim::ScratchDirectory scratch_;
   ScriptedPlugin script_;
   sim::HttpsServer server_;
   std::shared_ptr<Plugin> plugin_;
   std::unique_ptr<Integration> integration_;
};

}  // namespace msp::host
