// call_checks.cpp - the plugin's functions called directly, by hosts that differ from today's. What goes wrong in here
// ends this process, which is a check's own.
#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <chrono>
#include <cstring>

#include "author/checks.hpp"
#include "author/own_process.hpp"
#include "msp/plugin.h"
#include "msp/testing/fakes.hpp"

namespace msp::author {
namespace {

using Entry = const msp_plugin*(const msp_host*);

// The plugin in this process.
class Loaded {
 public:
   explicit Loaded(const Subject& subject)
       : library_(std::filesystem::absolute(subject.file),
                  boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local) {}

   const msp_plugin* table(const msp_host* host) { return library_.get<Entry>(MSP_ENTRY_SYMBOL)(host); }

 private:
   boost::dll::shared_library library_;
};

Verdict loads_quickly(const Subject& subject) {
   const auto now = [] {
      return std::chrono::steady_clock::now() - waited_for_processor();
   };  // a busy machine is not slow
   const auto begin = now();
   const Loaded plugin(subject);
   const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now() - begin);
   return took < std::chrono::seconds(1) ? Verdict{} : failed("Loading took " + std::to_string(took.count()) + " ms.");
}

Verdict loads_quietly(const Subject& subject) {
   const ProcessUse before = process_use();
   const Loaded plugin(subject);
   const ProcessUse after = process_use();
   if (after.threads != before.threads) return failed("Loading it started a thread.");
   if (after.open_files != before.open_files) return failed("Loading it opened a file or a socket.");
   return {};  // what it wrote is found by whoever started this process
}

Verdict has_whole_table(const Subject& subject) {
   test::FakeHost host;
   Loaded plugin(subject);
   const msp_plugin* table = plugin.table(&host.table());
   if (table == nullptr) return failed("msp_plugin_entry returned no table.");
   if (table->struct_size < offsetof(msp_plugin, get_extension) || table->abi_major != MSP_ABI_MAJOR)
      return failed("struct_size or abi_major of its table are not those of the headers.");
   if (table->create == nullptr || table->destroy == nullptr || table->validate_credentials == nullptr ||
       table->check_permissions == nullptr || table->authenticate == nullptr)
      return failed("A function of its table is missing.");
   return {};
}

Verdict lives_and_ends(msp_host& host, Loaded& plugin) {
   const msp_plugin* table = plugin.table(&host);
   if (table == nullptr) return failed("msp_plugin_entry returned no table.");
   msp_connection* connection = table->create(&host);
   if (connection != nullptr) table->destroy(connection);
   return {};
}

// The members that 1.0 has end where a page that nobody may read begins.
Verdict lives_with_the_oldest_host(const Subject& subject) {
   test::FakeHost host;
   const GuardedCopy copy(&host.table(), sizeof(msp_host));
   Loaded plugin(subject);
   return lives_and_ends(*static_cast<msp_host*>(copy.address()), plugin);
}

Verdict lives_with_a_newer_host(const Subject& subject) {
   struct NewerHost {
      msp_host table;
      void* what_comes_later[8];
   };
   test::FakeHost host;
   NewerHost newer{host.table(), {}};
   std::memset(newer.what_comes_later, 0x5a, sizeof newer.what_comes_later);
   newer.table.struct_size = sizeof newer;
   newer.table.abi_minor = MSP_ABI_MINOR + 1;
   Loaded plugin(subject);
   return lives_and_ends(newer.table, plugin);
}

Verdict lives_without_further_services(const Subject& subject) {
   test::FakeHost host;  // has msp.http/1 alone
   Loaded plugin(subject);
   return lives_and_ends(host.table(), plugin);
}

Verdict does_not_grow(const Subject& subject) {
   test::FakeHost host;
   Loaded plugin(subject);
   const msp_plugin* table = plugin.table(&host.table());
   if (table == nullptr) return failed("msp_plugin_entry returned no table.");
   const auto make = [&](int times) {
      for (int i = 0; i < times; ++i)
         if (msp_connection* connection = table->create(&host.table())) table->destroy(connection);
      host.log = {};
      host.log_levels = {};
   };
   make(200);
   const std::size_t before = process_use().heap;
   make(1000);
   const std::size_t after = process_use().heap;
   if (after <= before + std::size_t{64} * 1000) return {};
   return failed("After a thousand connections that were made and destroyed, " +
                 std::to_string((after - before) / 1000) + " bytes of each are still there.");
}

constexpr Check kCallChecks[] = {
    {"load.quick", "Loading takes less than a second.", "Move work out of static initialisers.", loads_quickly,
     Tier::bronze},
    {"load.quiet", "Loading writes nothing, starts no thread and opens no file.",
     "Move work out of static initialisers: only operations may act, through the host.", loads_quietly, Tier::bronze},
    {"table.whole", "The entry returns a whole table.",
     "Fill every member of msp_plugin; get_extension alone may be NULL.", has_whole_table, Tier::bronze},
    {"host.oldest", "It reads no member of the host's table that a host of 1.0 does not have.",
     "Ask MSP_HAS() before a member that came later.", lives_with_the_oldest_host, Tier::bronze},
    {"host.newer", "It works in a host whose tables have grown.",
     "Compare abi_major only, and never a table's size for equality.", lives_with_a_newer_host, Tier::bronze},
    {"host.services", "A connection is made although services are missing that the manifest does not require.",
     "Ask for a service where it is used, and do without it there.", lives_without_further_services, Tier::bronze},
    {"life.growth", "A thousand connections that are made and destroyed leave nothing behind.",
     "Free in destroy() what create() allocated.", does_not_grow, Tier::bronze},
};

}  // namespace

std::span<const Check> call_checks() { return kCallChecks; }

}  // namespace msp::author
