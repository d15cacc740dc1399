// A manifest of 300 KiB: 256 rights, each explained in seven languages.
#include <gmock/gmock.h>

#include "family.hpp"
#include "msp/host/manifest.hpp"

namespace msp::test {
namespace {

using console::test::document;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kToken = "tok-1234567890";
constexpr std::size_t kRights = 256;

std::string lists(std::size_t up_to) {
   std::string rights;
   for (std::size_t i = 1; i <= up_to; ++i) rights += "list_" + std::to_string(i) + ".read ";
   return rights;
}

// Its token may read all lists up to a number. The platform answers from the moment that it is made.
class ExampleService {
 public:
   explicit ExampleService(std::size_t up_to) : rights(lists(up_to)) {}
   const std::string rights;
   Platform platform{{"service.example.com"}, [this](const sim::Request&) {
                        return sim::Reply::json(R"({"account":"4711","user":"console","rights":")" + rights + "\"}");
                     }};
};

TEST(LargeManifest, every_text_of_every_right_is_read_whole) {
   ExampleService service(kRights);
   const Family plugin("large_manifest", service.platform);
   const host::Manifest& manifest = plugin.manifest();
   ASSERT_EQ(manifest.permissions.size(), kRights);
   std::size_t bytes = 0;
   for (std::size_t i = 0; i < kRights; ++i) {
      const host::Permission& permission = manifest.permissions[i];
      EXPECT_EQ(permission.id, "list_" + std::to_string(i + 1) + ".read");
      EXPECT_EQ(permission.remedy, manifest.permissions[0].remedy);
      bytes += permission.entity.size() + permission.used_for.size() + permission.remedy.size();
   }
   EXPECT_GT(bytes, 250U * 1024) << "of texts alone";
   EXPECT_THAT(manifest.permissions[0].remedy,
               AllOf(StartsWith("Open Settings"), HasSubstr("\nÖffnen Sie"), HasSubstr("\nОткройте «"),
                     HasSubstr("\n設定のロール"), EndsWith("بقراءة هذه القائمة.")));
}

TEST(LargeManifest, all_rights_are_judged_and_those_that_are_missing_are_one_remark) {
   ExampleService service(kRights - 2);
   const Family plugin("large_manifest", service.platform);
   const auto report = plugin.check({}, {{"token", kToken}});
   EXPECT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   ASSERT_EQ(report.grants.size(), kRights);
   EXPECT_EQ(report.grants[kRights - 3].granted, host::Granted::all);
   EXPECT_EQ(report.grants[kRights - 2].granted, host::Granted::none);
   EXPECT_EQ(report.findings.size(), 1U) << told(report);
   EXPECT_EQ(host::remarks(report).missing_optional, 2);
}

TEST(LargeManifest, on_the_command_line_its_texts_are_whole_in_the_document_and_on_the_sheet) {
   ExampleService service(kRights);
   FamilyConsole console("large_manifest", service.platform);
   const auto added = console.add({}, {{"token", std::string("=") + kToken}}, {"--name", "Words"});
   EXPECT_EQ(added.exit_code, 0) << added.err;
   const auto parsed = document(added);
   ASSERT_EQ(parsed["permissions"]["grants"].Size(), kRights);
   EXPECT_THAT(parsed["permissions"]["grants"][kRights - 1]["used_for"].GetString(),
               AllOf(HasSubstr("afficher la liste 256"), EndsWith("عرض القائمة 256")));
   const auto sheet = console.run({"platform", "requirements", "large_manifest"});
   EXPECT_THAT(sheet.out, AllOf(HasSubstr("Liste – 一覧 – قائمة 256"), HasSubstr("показать список 256")));
   EXPECT_EQ(console.run({"plugin", "show", "large_manifest"}).exit_code, 0);
}

}  // namespace
}  // namespace msp::test
