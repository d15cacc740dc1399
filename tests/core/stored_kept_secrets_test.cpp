#include "core/stored_kept_secrets.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "test_support/temp_dir.hpp"

namespace msp::console {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

host::Manifest manifest() {
   host::Manifest manifest;
   host::Field kept;
   kept.id = "refresh_token";
   kept.kind = host::FieldKind::secret;
   kept.kept = true;
   host::Field typed = kept;
   typed.id = "client_secret";
   typed.kept = false;
   host::Field client;
   client.id = "client_id";
   client.identity = true;
   manifest.fields = {typed, kept, client};
   return manifest;
}

// One process of several that work on one data directory.
struct Process {
   explicit Process(const std::filesystem::path& directory)
       : store(directory), vault(store, KeySource(directory, {}), [] { return std::int64_t{1}; }) {}

   StoredKeptSecrets of(std::int64_t id) {
      return {store, vault, [] { return std::int64_t{7}; }, *store.integration(id), manifest()};
   }

   std::int64_t add(const std::string& name) {
      IntegrationRecord record;
      record.name = name;
      record.platform = "desk";
      record.identity = {"1", "", name, ""};
      record.values["client_id"] = {"console", false, 1};
      Store::Change change(store);
      auto sealer = vault.sealer(change);
      EXPECT_TRUE(sealer);
      record.id = change.insert(record);
      record.secrets["client_secret"] =
          sealer.value().seal(record, "client_secret", host::SecretBytes("of the client"));
      change.replace_settings(record);
      change.commit();
      return record.id;
   }

   Store store;
   Vault vault;
};

std::unique_ptr<host::KeptSecrets::Turn> turn_of(StoredKeptSecrets& kept) {
   auto turn = kept.take_turn(Steady::now() + 1min, {});
   EXPECT_TRUE(turn) << turn.finding().summary;
   return std::move(turn).value();
}

std::string read(host::KeptSecrets::Turn& turn) {
   auto values = turn.read();
   if (!values) return values.finding().code;
   std::string text;
   for (const auto& [field, value] : values.value()) text += field + "=" + std::string(value.view()) + ";";
   return text;
}

TEST(StoredKeptSecrets, what_is_kept_lasts_and_neither_what_was_typed_nor_the_revision_changes) {
   const test_support::TempDir directory;
   std::int64_t id = 0;
   {
      Process console(directory.path());
      id = console.add("first");
      auto kept = console.of(id);
      const auto turn = turn_of(kept);
      EXPECT_EQ(read(*turn), "");
      EXPECT_TRUE(turn->keep("refresh_token", host::SecretBytes("token-1")));
      EXPECT_TRUE(turn->keep("refresh_token", host::SecretBytes("token-2")));
   }
   Process again(directory.path());
   const auto saved = again.store.integration(id);
   EXPECT_EQ(saved->revision, 1);
   EXPECT_EQ(saved->secrets.at("refresh_token").set_at, 7);
   EXPECT_EQ(again.vault.open(*saved, "client_secret").value().view(), "of the client");
   auto kept = again.of(id);
   const auto turn = turn_of(kept);
   EXPECT_EQ(read(*turn), "refresh_token=token-2;");
   EXPECT_TRUE(turn->keep("refresh_token", host::SecretBytes()));
   EXPECT_EQ(read(*turn), "");
}

TEST(StoredKeptSecrets, of_an_integration_that_was_removed_nothing_is_kept) {
   const test_support::TempDir directory;
   Process console(directory.path());
   const std::int64_t id = console.add("first");
   auto kept = console.of(id);
   const auto turn = turn_of(kept);
   Store::Change change(console.store);
   change.remove(id);
   change.commit();
   EXPECT_EQ(read(*turn), "integration.missing");
   EXPECT_EQ(turn->keep("refresh_token", host::SecretBytes("token")).finding().code, "integration.missing");
}

TEST(StoredKeptSecrets, of_an_account_are_neither_read_for_another_nor_put_in_their_place) {
   const test_support::TempDir directory;
   Process console(directory.path());
   const std::int64_t id = console.add("first");
   const auto changed = [&](const std::function<void(IntegrationRecord&)>& change_it) {
      auto kept = console.of(id);
      const auto turn = turn_of(kept);
      IntegrationRecord other = *console.store.integration(id);
      change_it(other);
      Store::Change change(console.store);
      change.update(other);
      change.replace_settings(other);
      change.commit();
      const auto done = turn->keep("refresh_token", host::SecretBytes("of the former"));
      EXPECT_EQ(console.store.integration(id)->secrets.contains("refresh_token"), static_cast<bool>(done));
      return read(*turn);
   };
   EXPECT_EQ(changed([](IntegrationRecord& one) { one.values["client_id"].value = "another"; }), "integration.changed");
   EXPECT_EQ(changed([](IntegrationRecord& one) { one.identity.account = "2"; }), "integration.changed");
   EXPECT_EQ(changed([](IntegrationRecord& one) { one.identity.principal = "you"; }), "integration.changed");
   EXPECT_EQ(changed([](IntegrationRecord& one) { one.name = "renamed"; }), "refresh_token=of the former;")
       << "a token that is spent is replaced";
}

TEST(StoredKeptSecrets, a_turn_is_one_integration_s_and_whoever_waits_for_it_can_stop) {
   const test_support::TempDir directory;
   Process console(directory.path());
   auto first = console.of(console.add("first"));
   auto second = console.of(console.add("second"));
   auto turn = turn_of(first);
   static_cast<void>(turn_of(second));
   EXPECT_EQ(first.take_turn(Steady::now(), {}).finding().code, "host.deadline");
   std::stop_source cancel;
   cancel.request_stop();
   EXPECT_EQ(first.take_turn(Steady::now() + 1min, cancel.get_token()).finding().code, "host.cancelled");
   turn.reset();
   static_cast<void>(turn_of(first));
}

TEST(StoredKeptSecrets, of_a_renamed_field_are_found_and_the_old_one_never_comes_back) {
   const test_support::TempDir directory;
   Process console(directory.path());
   const std::int64_t id = console.add("first");
   auto before = console.of(id);
   EXPECT_TRUE(turn_of(before)->keep("refresh_token", host::SecretBytes("token-1")));

   host::Manifest renamed = manifest();
   renamed.fields[1].id = "grant";
   renamed.fields[1].was = {"refresh_token"};
   StoredKeptSecrets kept(
       console.store, console.vault, [] { return std::int64_t{8}; }, *console.store.integration(id), renamed);
   {
      const auto turn = turn_of(kept);
      EXPECT_EQ(read(*turn), "grant=token-1;");
      EXPECT_TRUE(turn->keep("grant", host::SecretBytes("token-2")));
      EXPECT_EQ(read(*turn), "grant=token-2;");
      EXPECT_TRUE(turn->keep("grant", host::SecretBytes()));
      EXPECT_EQ(read(*turn), "");
   }
   EXPECT_EQ(read(*turn_of(before)), "") << "a token that was spent must not be spent by the former version";
   EXPECT_EQ(console.vault.open(*console.store.integration(id), "client_secret").value().view(), "of the client");
}

// Each reads the number that is kept and keeps the next one: none is lost and none is used twice.
TEST(StoredKeptSecrets, one_turn_at_a_time_in_all_processes_and_threads) {
   constexpr int kWorkers = 8;
   constexpr int kEach = 25;
   const test_support::TempDir directory;
   std::int64_t id = 0;
   {
      Process console(directory.path());
      id = console.add("first");
      auto kept = console.of(id);
      EXPECT_TRUE(turn_of(kept)->keep("refresh_token", host::SecretBytes("0")));
   }
   std::atomic<int> at_work = 0;
   std::vector<std::thread> workers;
   for (int worker = 0; worker < kWorkers; ++worker) {
      workers.emplace_back([&] {
         Process console(directory.path());
         auto kept = console.of(id);
         for (int round = 0; round < kEach; ++round) {
            const auto turn = turn_of(kept);
            EXPECT_EQ(++at_work, 1);
            const auto values = turn->read();
            ASSERT_TRUE(values) << values.finding().summary;
            const int number = std::stoi(std::string(values.value().at("refresh_token").view()));
            const auto done = turn->keep("refresh_token", host::SecretBytes(std::to_string(number + 1)));
            EXPECT_TRUE(done) << done.finding().summary;
            --at_work;
         }
      });
   }
   for (std::thread& worker : workers) worker.join();
   Process console(directory.path());
   auto kept = console.of(id);
   EXPECT_EQ(read(*turn_of(kept)), "refresh_token=" + std::to_string(kWorkers * kEach) + ";");
}

}  // namespace
}  // namespace msp::console
