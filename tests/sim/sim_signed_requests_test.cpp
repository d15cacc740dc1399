#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <ctime>

#include "sim/aws/aws_sim.hpp"
#include "sim/aws/sigv4_signature.hpp"
#include "sim/digests.hpp"
#include "sim/duo/duo_sim.hpp"
#include "sim_client.hpp"

namespace msp::sim {
namespace {

bool has(const ClientAnswer& answer, const std::string& text) { return answer.body.find(text) != std::string::npos; }

// What std::strftime makes of now in UTC.
std::string now_as(const char* format) {
   const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
   const auto day = std::chrono::floor<std::chrono::days>(now);
   const std::chrono::year_month_day date(day);
   const std::chrono::hh_mm_ss clock(now - day);
   std::tm time{};
   time.tm_year = static_cast<int>(date.year()) - 1900;
   time.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
   time.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
   time.tm_wday = static_cast<int>(std::chrono::weekday(day).c_encoding());
   time.tm_hour = static_cast<int>(clock.hours().count());
   time.tm_min = static_cast<int>(clock.minutes().count());
   time.tm_sec = static_cast<int>(clock.seconds().count());
   char text[64] = "";
   return {text, std::strftime(text, sizeof text, format, &time)};
}

// The example of AWS's manual for this signature: ListUsers of IAM.
TEST(SigV4, the_manuals_example_has_the_manuals_signature) {
   Request request;
   request.method = "GET";
   request.path = "/";
   request.query = "Action=ListUsers&Version=2010-05-08";
   request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                      {"Host", "iam.amazonaws.com"},
                      {"X-Amz-Date", "20150830T123600Z"}};
   const auto credential = aws::read_credential(
       "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
       "SignedHeaders=content-type;host;x-amz-date, "
       "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
   ASSERT_TRUE(credential);
   EXPECT_EQ(aws::signature_of(request, *credential, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
             credential->signature);
}

TEST(SigV4, what_is_no_such_header_is_nothing) {
   for (const char* text :
        {"", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ", "Basic YTpi", "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request",
         "AWS4-HMAC-SHA256 Credential=a/b/c/aws4_request, SignedHeaders=host, Signature=0",
         "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=x-amz-date;host, Signature=0"})
      EXPECT_FALSE(aws::read_credential(text)) << text;
}

class AwsSim : public testing::Test {
 protected:
   std::string key = "AKIATHROWAWAY0000001";
   std::string secret = "throw/away+secret0000000000000000000001";
   std::string region = "us-east-1";
   std::string host = "sts.amazonaws.com";
   std::string date = now_as("%Y%m%dT%H%M%SZ");

   ClientAnswer ask(const std::string& action, const std::string& more = "", std::vector<std::string> headers = {}) {
      Request request;
      request.method = "POST";
      request.path = "/";
      request.headers = {{"Host", host}, {"X-Amz-Date", date}};
      request.body = "Action=" + action + "&Version=2011-06-15";
      const std::string service = host.substr(0, host.find('.'));
      const std::string start = "AWS4-HMAC-SHA256 Credential=" + key + '/' + date.substr(0, 8) + '/' + region + '/' +
                                service + "/aws4_request, SignedHeaders=host;x-amz-date, Signature=";
      const auto credential = aws::read_credential(start + "0");
      headers.push_back("X-Amz-Date: " + date);
      headers.push_back("Authorization: " + start + aws::signature_of(request, *credential, secret));
      return client.send("POST", "https://" + host + "/", headers, request.body + more);
   }

   AwsSimulator simulator;
   SimClient client{simulator.ca_pem(), simulator.connect_to()};
};

TEST_F(AwsSim, who_signs_is_told_who_it_is) {
   const ClientAnswer answer = ask("GetCallerIdentity");
   EXPECT_EQ(answer.status, 200) << answer.body;
   EXPECT_TRUE(has(answer, "<Arn>arn:aws:iam::111122223333:user/console</Arn>")) << answer.body;
   EXPECT_TRUE(has(ask("GetCallerIdentity", "", {"Accept: application/json"}), R"("Account":"111122223333")"));
   host = "sts.eu-west-1.amazonaws.com";
   region = "eu-west-1";
   EXPECT_EQ(ask("GetCallerIdentity").status, 200);
}

TEST_F(AwsSim, a_body_changed_after_it_was_signed_is_refused) {
   EXPECT_TRUE(has(ask("GetCallerIdentity", "&More=1"), "SignatureDoesNotMatch"));
}

TEST_F(AwsSim, a_wrong_secret_region_key_or_time_is_refused) {
   secret.back() = '9';
   EXPECT_TRUE(has(ask("GetCallerIdentity"), "<Code>SignatureDoesNotMatch</Code>"));
   secret.back() = '1';
   region = "eu-west-1";
   EXPECT_TRUE(has(ask("GetCallerIdentity"), "valid region"));
   region = "us-east-1";
   key = "AKIATHROWAWAY0000003";
   EXPECT_TRUE(has(ask("GetCallerIdentity"), "InvalidClientTokenId"));
   key = "AKIATHROWAWAY0000001";
   simulator.advance(std::chrono::minutes(16));
   EXPECT_TRUE(has(ask("GetCallerIdentity"), "Signature expired"));
}

TEST_F(AwsSim, a_header_of_amazons_that_is_not_signed_is_refused) {
   EXPECT_TRUE(has(ask("GetCallerIdentity", "", {"X-Amz-Target: other"}), "not signed"));
}

TEST_F(AwsSim, rights_are_the_keys) {
   host = "iam.amazonaws.com";
   EXPECT_EQ(ask("ListUsers").status, 200);
   EXPECT_TRUE(has(ask("DeleteUser"), "InvalidAction"));
   key = "AKIATHROWAWAY0000002";
   secret.back() = '2';
   const ClientAnswer refused = ask("ListUsers");
   EXPECT_EQ(refused.status, 403);
   EXPECT_TRUE(has(refused, "<Code>AccessDenied</Code>"));
}

TEST_F(AwsSim, a_request_without_signature_is_told_so) {
   EXPECT_TRUE(has(client.get("https://sts.amazonaws.com/?Action=GetCallerIdentity"), "MissingAuthenticationToken"));
}

class DuoSim : public testing::Test {
 protected:
   static std::string base64(const std::string& text) {
      const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      std::string encoded;
      for (std::size_t i = 0; i < text.size(); i += 3) {
         unsigned bits = 0;
         for (std::size_t j = i; j < i + 3; ++j)
            bits = bits << 8U | (j < text.size() ? static_cast<unsigned char>(text[j]) : 0U);
         for (std::size_t j = 0; j < 4; ++j) encoded += i + j > text.size() ? '=' : digits[bits >> (18 - 6 * j) & 63U];
      }
      return encoded;
   }

   // `parameters` as they are signed, `query` as it is sent.
   ClientAnswer get(const std::string& path, const std::string& parameters = "", const std::string& query = "",
                    DigestKind kind = DigestKind::sha1) {
      const std::string text = date + "\nGET\n" + host + '\n' + path + '\n' + parameters;
      const std::string signature = msp::host::hex(hmac(kind, secret, text));
      return client.get("https://" + host + path + (query.empty() ? "" : "?" + query),
                        {"Date: " + date, "Authorization: Basic " + base64(key + ':' + signature)});
   }

   std::string key = "DITHROWAWAY000000001";
   std::string secret = "throwawaysecret00000000000000000000000001";
   std::string host = "api-0a1b2c3d.duosecurity.com";
   std::string date = now_as("%a, %d %b %Y %H:%M:%S -0000");
   DuoSimulator simulator;
   SimClient client{simulator.ca_pem(), simulator.connect_to()};
};

TEST_F(DuoSim, a_signature_by_either_digest_is_taken) {
   EXPECT_EQ(get("/admin/v1/info/summary").body, R"({"response":{"user_count":3},"stat":"OK"})");
   EXPECT_EQ(get("/admin/v1/info/summary", "", "", DigestKind::sha512).status, 200);
}

TEST_F(DuoSim, parameters_are_signed_sorted_and_escaped) {
   EXPECT_EQ(get("/admin/v1/users", "limit=2&username=a%20b%40c", "username=a+b%40c&limit=2").status, 200);
   EXPECT_TRUE(has(get("/admin/v1/users", "limit=2", "limit=3"), "40103"));
}

TEST_F(DuoSim, a_wrong_key_secret_or_time_is_refused_by_its_code) {
   EXPECT_TRUE(has(client.get("https://" + host + "/admin/v1/users"), "40101"));
   secret.back() = '9';
   EXPECT_TRUE(has(get("/admin/v1/users"), "40103"));
   secret.back() = '1';
   key = "DINOBODY";
   EXPECT_TRUE(has(get("/admin/v1/users"), "40102"));
   key = "DITHROWAWAY000000001";
   simulator.advance(std::chrono::minutes(6));
   const ClientAnswer late = get("/admin/v1/users");
   EXPECT_EQ(late.status, 401);
   EXPECT_TRUE(has(late, "40105"));
}

TEST_F(DuoSim, rights_are_the_applications) {
   EXPECT_EQ(get("/auth/v2/check").status, 403);
   key = "DITHROWAWAY000000002";
   secret.back() = '2';
   EXPECT_EQ(get("/admin/v1/info/summary").status, 200);
   EXPECT_TRUE(has(get("/admin/v1/users"), "40301"));
   key = "DITHROWAWAY000000003";
   secret.back() = '3';
   EXPECT_EQ(get("/auth/v2/check").status, 200);
   EXPECT_EQ(get("/admin/v1/info/summary").status, 403);
}

TEST(MailTime, is_read_in_utc_alone) {
   const UtcTime expected(std::chrono::seconds(1345570158));
   EXPECT_EQ(read_mail_time("Tue, 21 Aug 2012 17:29:18 -0000"), expected);
   EXPECT_EQ(read_mail_time("Tue, 21 Aug 2012 17:29:18 GMT"), expected);
   EXPECT_EQ(read_mail_time("Wed, 1 Aug 2012 00:00:00 +0000"), read_mail_time("Wed, 01 Aug 2012 00:00:00 +0000"));
   for (const char* text :
        {"", ", ", "Tue, ", "Tue, 2", "Tue, 2 ", "Tue, 21 Aug 2012 17:29:18", "Tue, 21 Aug 2012 17:29:18 +0200",
         "Tue, 31 Feb 2012 17:29:18 GMT", "Tue, 21 Foo 2012 17:29:18 GMT", "Tue, 21 Aug 2012 24:00:00 GMT"})
      EXPECT_FALSE(read_mail_time(text)) << text;
}

}  // namespace
}  // namespace msp::sim
