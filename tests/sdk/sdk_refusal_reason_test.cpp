#include "msp/sdk/refusal_reason.hpp"

#include <gtest/gtest.h>

namespace {

using namespace msp::sdk;

TEST(SdkRefusalReason, is_read_only_where_the_words_are_unmistakable) {
   const struct {
      const char* words;
      Reason reason;
   } cases[] = {
       {"Account is locked", Reason::locked},
       {"Your account has been locked out for 30 minutes.", Reason::locked},
       {"LOCKED", Reason::locked},
       {"The user is locked after 5 invalid logons.", Reason::locked},
       {"Password expired", Reason::expired},
       {"The token has expired.", Reason::expired},
       {"Expired", Reason::expired},
       {"User is disabled", Reason::stated},
       {"The password is not expired", Reason::stated},
       {"Account is blocked", Reason::stated},
       {"The account is locked and its password has expired.", Reason::stated},
       {"Your license for this user has expired", Reason::stated},
       {"Access denied: the IP address is not in the user's list.", Reason::stated},
       {"Das Konto ist gesperrt", Reason::stated},
       {"The door is locked", Reason::stated},
       {"", Reason::none},
       {"   ", Reason::none},
       {"No", Reason::none},
       {"Unauthorized", Reason::none},
       {"Access denied", Reason::none},
       {"Invalid credentials", Reason::none},
       {"Username or password is incorrect.", Reason::none},
       {"Invalid credentials or the account is locked.", Reason::none},
       {"The account may be locked.", Reason::none},
       {"Authentication failed.", Reason::none},
       {"Check whether the password has expired", Reason::none},
   };
   for (const auto& each : cases) EXPECT_EQ(reason_of(each.words), each.reason) << each.words;
}

TEST(SdkRefusalReason, has_the_code_that_fits) {
   EXPECT_STREQ(code_of(Reason::locked), "auth.locked");
   EXPECT_STREQ(code_of(Reason::expired), "auth.expired");
   EXPECT_STREQ(code_of(Reason::stated), "auth.rejected");
   EXPECT_STREQ(code_of(Reason::none), "auth.rejected");
}

}  // namespace
