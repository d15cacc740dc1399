// The console's side of an operation, when the plugin's own process does not do its part.
#include "work/conversation.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include "contract/digest_table.hpp"
#include "contract/host_table.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/settings.hpp"
#include "work/connection_state.hpp"

namespace msp::host {
namespace {

using isolation::Channel;
using isolation::Deadline;
using isolation::Frame;
using isolation::Transfer;
using Clock = Call::Clock;
using namespace std::chrono_literals;

constexpr const char* kManifest = R"({"manifest": 1, "id": "deaf", "name": "Deaf", "version": "1.0.0",
   "vendor": "Nobody", "abi": {"major": 1, "minor_min": 0}, "network": {"hosts": ["api.example.com"]},
   "requires": ["msp.sign/1"], "fields": [
      {"id": "password", "label": "Password", "kind": "secret"},
      {"id": "key", "label": "Key", "kind": "secret", "signs": true}], "permissions": []})";

class ChannelLink : public isolation::Link {
 public:
   explicit ChannelLink(Channel channel) : channel_(std::move(channel)) {}
   Transfer send(const Frame& frame, Deadline deadline) override { return channel_.send(frame, deadline); }
   Transfer receive(Frame& frame, Deadline deadline) override { return channel_.receive(frame, deadline); }

 private:
   Channel channel_;
};

// A process that asks for digests and reads none of the answers: the way to it is full after some thousands.
class ConversationTest : public testing::Test {
 protected:
   ConversationTest() {
      ::signal(SIGPIPE, SIG_IGN);
      plugin_->runtime = std::make_shared<Runtime>(HostOptions{});
      plugin_->manifest = parse_manifest(kManifest).value();
      plugin_->sha256 = std::string(64, '0');
   }

   Conversation::End talk(Clock::time_point deadline, std::stop_token cancel, int questions) {
      return talk(deadline, std::move(cancel), [this, questions](int peer) {
         const auto question = isolation::encode(isolation::DigestRequest{MSP_SHA512, false, {}, "x"});
         const std::string_view bytes = question->bytes();
         for (int i = 0; i < questions; ++i) {
            if (::write(peer, bytes.data(), bytes.size()) < 0) return;
            asked = i + 1;
         }
      });
   }

   // `runner` is the other side, which leaves when it returns.
   Conversation::End talk(Clock::time_point deadline, std::stop_token cancel, const std::function<void(int)>& runner,
                          Settings settings = Settings{}) {
      auto pair = isolation::make_channel_pair();
      std::thread asking([&] {
         runner(pair->runner.get());
         pair->runner.close();
      });
      ConnectionState state(plugin_, std::move(*check_settings(plugin_->manifest, std::move(settings)).settings));
      Call call(*plugin_, state.settings, state.hosts, state.secrets, {},
                Call::Terms{Operation::check_permissions, deadline, cancel, {}, 0, 1});
      const PluginBackend::Terms terms{cancel, {}, {}};
      const msp_host& table = make_host_table(plugin_->runtime, plugin_->manifest.id);
      Conversation::End end;
      {
         ChannelLink link(Channel(std::move(pair->console), Channel::Side::console));
         end =
             Conversation(link, plugin_->manifest, *plugin_->runtime, table, Operation::check_permissions, call, terms)
                 .run();
      }
      asking.join();
      call.end();
      return end;
   }

   static constexpr int kMany = 9000;  // fewer than an operation may ask
   std::atomic<int> asked{0};

 private:
   const std::shared_ptr<LoadedPlugin> plugin_ = std::make_shared<LoadedPlugin>();
};

TEST_F(ConversationTest, one_that_never_reads_is_late_when_its_time_is_over) {
   const auto end = talk(Clock::now() + 1s, {}, kMany);
   EXPECT_EQ(end.how, Conversation::ended);
   EXPECT_EQ(end.last, Transfer::late);
   EXPECT_LT(asked, kMany) << "it was never held up";
}

TEST_F(ConversationTest, one_that_never_reads_does_not_hold_up_a_cancel) {
   std::stop_source cancel;
   cancel.request_stop();
   const auto start = Clock::now();
   const auto end = talk(start + 60s, cancel.get_token(), kMany);
   EXPECT_EQ(end.last, Transfer::late);
   EXPECT_LT(Clock::now() - start, 30s);
}

TEST_F(ConversationTest, one_that_is_gone_before_it_is_answered_has_closed_and_sent_nothing_wrong) {
   EXPECT_EQ(talk(Clock::now() + 60s, {}, 100).last, Transfer::closed);
}

TEST_F(ConversationTest, a_digest_of_as_much_as_the_contract_allows_is_made_for_a_process_of_its_own) {
   const std::string key(MSP_DIGEST_KEY_MAX, 'k');
   const std::string data(MSP_DIGEST_DATA_MAX, 'x');
   isolation::DigestRequest request{MSP_SHA256, true, key, data};
   std::string heard;
   const auto ask = [&](int peer) {
      const auto question = isolation::encode(request);
      ASSERT_TRUE(question);
      char bytes[4096];
      ssize_t size = ::read(peer, bytes, sizeof bytes);  // the order to begin
      std::string_view rest = question->bytes();
      while (size > 0 && !rest.empty()) {
         size = ::write(peer, rest.data(), rest.size());
         if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
      }
      size = ::read(peer, bytes, sizeof bytes);
      if (size > 0) heard.assign(bytes, static_cast<std::size_t>(size));
   };
   EXPECT_EQ(talk(Clock::now() + 60s, {}, ask).last, Transfer::closed);
   std::array<std::uint8_t, MSP_SHA256_SIZE> wanted{};
   ASSERT_EQ(digest_table().hmac(nullptr, MSP_SHA256, key.data(), key.size(), data.data(), data.size(), wanted.data(),
                                 wanted.size()),
             MSP_DONE);
   EXPECT_NE(heard.find(std::string(wanted.begin(), wanted.end())), std::string::npos);

   const std::string more = key + 'k';
   request.key = more;
   EXPECT_FALSE(isolation::encode(request)) << "one byte more is told where it was asked for";
}

TEST_F(ConversationTest, a_key_that_signs_stays_on_this_side) {
   Settings settings;
   settings.secrets.emplace("password", SecretBytes("the-password-itself"));
   settings.secrets.emplace("key", SecretBytes("the-key-itself"));
   std::string heard;
   const auto listen = [&heard](int peer) {
      char bytes[4096];
      while (heard.find("the-password-itself") == std::string::npos) {
         const ssize_t size = ::read(peer, bytes, sizeof bytes);
         if (size <= 0) return;
         heard.append(bytes, static_cast<std::size_t>(size));
      }
   };
   EXPECT_EQ(talk(Clock::now() + 60s, {}, listen, std::move(settings)).last, Transfer::closed);
   EXPECT_NE(heard.find("the-password-itself"), std::string::npos) << "the form is said in one message";
   EXPECT_EQ(heard.find("the-key-itself"), std::string::npos);
}

}  // namespace
}  // namespace msp::host
