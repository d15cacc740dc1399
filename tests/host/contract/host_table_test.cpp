#include "contract/host_table.hpp"

#include <gtest/gtest.h>

#include "msp/digest.h"
#include "msp/http.h"

namespace msp::host {
namespace {

TEST(HostTable, stays_valid_when_its_host_is_gone) {
   auto runtime = std::make_shared<Runtime>(HostOptions{.name = "console", .version = "7", .network = {}, .log = {}});
   const msp_host& table = make_host_table(runtime, "sample");
   runtime.reset();

   EXPECT_STREQ(table.name, "console");
   EXPECT_STREQ(table.version, "7");
   EXPECT_NE(table.get_service(&table, MSP_HTTP_SERVICE), nullptr);
   EXPECT_NE(table.get_service(&table, MSP_DIGEST_SERVICE), nullptr);
   EXPECT_EQ(table.get_service(&table, "msp.none/1"), nullptr);
   table.log(&table, MSP_LOG_ERROR, "nobody listens");
}

}  // namespace
}  // namespace msp::host
