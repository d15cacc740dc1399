// A host of 1.0 and nothing else: its tables end before memory that ends the process when it is touched.
#include <dlfcn.h>
#include <gmock/gmock.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "msp/testing/fakes.hpp"
#include "test_support/guarded_memory.hpp"

namespace {

using test_support::GuardedMemory;

class Edge {
 public:
   template <class T>
   T* copy(const T& value) {
      kept_.push_back(std::make_unique<GuardedMemory>(sizeof(T)));
      std::memcpy(static_cast<void*>(kept_.back()->data()), &value, sizeof(T));
      return reinterpret_cast<T*>(kept_.back()->data());
   }

 private:
   std::vector<std::unique_ptr<GuardedMemory>> kept_;
};

struct Exchange {
   int status = 401;
   std::multimap<std::string, std::string> headers;
};

// The platform gives one answer to everything.
struct HostOf10 {
   explicit HostOf10(Exchange answer) : exchange(std::move(answer)) {
      msp_http http{};
      http.struct_size = sizeof(http);
      http.send = [](const msp_host* host, const msp_call*, const msp_http_request* requests, std::uint32_t count,
                     const msp_http_response** responses) noexcept {
         auto& self = *static_cast<HostOf10*>(host->host_data);
         for (std::uint32_t i = 0; i < count; ++i) {
            self.asked.emplace_back(requests[i].url);
            msp_http_response response{};
            response.struct_size = sizeof(response);
            response.flags = MSP_HTTP_ANSWERED;
            response.status = self.exchange.status;
            response.host_data = &self;
            response.header = [](const msp_http_response* of, const char* name, std::uint32_t index) noexcept {
               const auto& all = static_cast<HostOf10*>(of->host_data)->exchange.headers;
               const auto found = all.find(name);
               return found == all.end() || index > 0 ? nullptr : found->second.c_str();
            };
            response.body = [](const msp_http_response*, std::uint64_t* size) noexcept {
               *size = 0;
               return "";
            };
            responses[i] = self.edge.copy(response);
         }
      };
      service = edge.copy(http);
      msp_digest made_of_nothing{};
      made_of_nothing.struct_size = sizeof(made_of_nothing);
      made_of_nothing.hash = [](const msp_host*, std::int32_t, const void*, std::uint64_t, std::uint8_t*,
                                std::uint64_t) noexcept { return msp_result{MSP_UNABLE}; };
      made_of_nothing.hmac = [](const msp_host*, std::int32_t, const void*, std::uint64_t, const void*, std::uint64_t,
                                std::uint8_t*, std::uint64_t) noexcept { return msp_result{MSP_UNABLE}; };
      made_of_nothing.random = [](const msp_host*, void*, std::uint64_t) noexcept { return msp_result{MSP_UNABLE}; };
      digest = edge.copy(made_of_nothing);
      msp_host host{};
      host.struct_size = sizeof(host);
      host.abi_major = 1;
      host.host_data = this;
      host.name = "a host of 1.0";
      host.version = "1.0.0";
      host.get_service = [](const msp_host* of, const char* id) noexcept -> const void* {
         const auto& self = *static_cast<HostOf10*>(of->host_data);
         if (std::strcmp(id, MSP_DIGEST_SERVICE) == 0) return self.digest;
         return std::strcmp(id, MSP_HTTP_SERVICE) == 0 ? self.service : nullptr;
      };
      host.log = [](const msp_host*, std::int32_t, const char*) noexcept {};
      table = edge.copy(host);
   }

   Exchange exchange;
   Edge edge;
   const msp_http* service = nullptr;
   const msp_digest* digest = nullptr;
   const msp_host* table = nullptr;
   std::vector<std::string> asked;
};

struct Asked {
   msp_outcome validated, permissions, authenticated;
};

// The three operations of a plugin, one after the other on one connection.
Asked ask(const char* file, HostOf10& host, msp::test::FakeCall& call) {
   void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
   EXPECT_NE(library, nullptr) << dlerror();
   if (library == nullptr) return {MSP_FAILED, MSP_FAILED, MSP_FAILED};
   using Entry = const msp_plugin*(MSP_CDECL*)(const msp_host*);
   const auto entry = reinterpret_cast<Entry>(dlsym(library, MSP_ENTRY_SYMBOL));
   const msp_plugin& plugin = *entry(host.table);
   EXPECT_EQ(plugin.abi_major, 1u);
   EXPECT_GE(plugin.struct_size, sizeof(msp_plugin));
   const msp_call* table = host.edge.copy(call.table());
   msp_connection* connection = plugin.create(host.table);
   const Asked result{plugin.validate_credentials(connection, table), plugin.check_permissions(connection, table),
                      plugin.authenticate(connection, table)};
   plugin.destroy(connection);
   return result;
}

TEST(FrozenHost, takes_a_whole_check_from_the_plain_c_plugin) {
   HostOf10 host({200, {{"X-Account", "4711"}, {"X-User", "jane"}, {"X-Scopes", "tickets:read tickets:write"}}});
   msp::test::FakeCall call;
   call.settings = {{"server", "https://tickets.example.com"}};
   call.secrets = {{"token", "tok-1234567890"}};
   const auto [validated, permissions, authenticated] = ask(PLAIN_C, host, call);
   EXPECT_EQ(validated, MSP_ACCEPTED);
   EXPECT_EQ(permissions, MSP_ACCEPTED);
   EXPECT_EQ(authenticated, MSP_ACCEPTED);
   EXPECT_EQ(call.grants.size(), 2u);
   EXPECT_EQ(call.base_url, "https://tickets.example.com/");
}

TEST(FrozenHost, is_told_by_autotask_that_it_was_refused) {
   HostOf10 host({401, {}});
   msp::test::FakeCall call;
   call.settings = {{"user_name", "api@example.com"}};
   call.secrets = {{"password", "Secret-12"}, {"integration_code", "ABCDEFGHIJKLMNOPQRSTUVWXYZ1"}};
   const auto [validated, permissions, authenticated] = ask(AUTOTASK, host, call);
   EXPECT_NE(validated, MSP_ACCEPTED);
   EXPECT_NE(permissions, MSP_ACCEPTED);
   EXPECT_NE(authenticated, MSP_ACCEPTED);
   EXPECT_FALSE(host.asked.empty());
   EXPECT_FALSE(call.findings.empty());
}

TEST(FrozenHost, is_told_by_kaseya_vsa_that_it_was_refused) {
   HostOf10 host({401, {}});
   msp::test::FakeCall call;
   call.settings = {{"server", "https://vsa.example.com"}, {"auth_method", "pat"}, {"user_name", "api@example.com"}};
   call.secrets = {{"pat", "0123456789abcdef0123456789abcdef"}};
   const auto [validated, permissions, authenticated] = ask(KASEYA_VSA, host, call);
   EXPECT_NE(validated, MSP_ACCEPTED);
   EXPECT_NE(permissions, MSP_ACCEPTED);
   EXPECT_NE(authenticated, MSP_ACCEPTED);
   EXPECT_FALSE(host.asked.empty());
   EXPECT_FALSE(call.findings.empty());
}

}  // namespace
