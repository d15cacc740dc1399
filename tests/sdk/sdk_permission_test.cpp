#include "msp/sdk/permission.hpp"

#include <gtest/gtest.h>

namespace {

TEST(SdkPermission, the_manifest_is_the_list) {
   const auto permissions = msp::sdk::read_permissions(R"({"permissions":[
      {"id":"tickets.update","entity":"Tickets","operation":"update","need":"required"},
      {"id":"agentprocs.run","entity":"AgentProcs","operation":"run","need":"optional","verifiable":false}]})");
   ASSERT_EQ(permissions.size(), 2U);
   EXPECT_EQ(permissions[0].id, "tickets.update");
   EXPECT_EQ(permissions[0].entity, "Tickets");
   EXPECT_EQ(permissions[0].operation, "update");
   EXPECT_TRUE(permissions[0].required);
   EXPECT_TRUE(permissions[0].verifiable);
   EXPECT_FALSE(permissions[1].required);
   EXPECT_FALSE(permissions[1].verifiable);
}

TEST(SdkPermission, what_is_no_manifest_lists_nothing) {
   EXPECT_TRUE(msp::sdk::read_permissions("no manifest").empty());
   EXPECT_TRUE(msp::sdk::read_permissions("{}").empty());
}

}  // namespace
