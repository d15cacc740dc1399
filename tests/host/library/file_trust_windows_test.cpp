// Whom Windows' access lists let change a file. On POSIX systems catalog_trust_test.cpp asks the same of modes.
#include <windows.h>

#include <aclapi.h>
#include <gtest/gtest.h>
#include <sddl.h>

#include <stdexcept>

#include "library/file_trust.hpp"
#include "msp/host/private_files.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRemedy =
    "In its properties, under Security, leave the right to change it to the administrators and the console's user.";

// Everything for SYSTEM and the administrators; for everybody the rights that the name says.
constexpr const wchar_t* kEverybodyReads = L"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;WD)";
constexpr const wchar_t* kEverybodyChanges = L"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;WD)";

void set_rights(const fs::path& path, const wchar_t* rights) {
   PSECURITY_DESCRIPTOR descriptor = nullptr;
   PACL list = nullptr;
   BOOL present = FALSE;
   BOOL defaulted = FALSE;
   std::wstring name = path.wstring();
   const bool set =
       ConvertStringSecurityDescriptorToSecurityDescriptorW(rights, SDDL_REVISION_1, &descriptor, nullptr) &&
       GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted) &&
       SetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT,
                             DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, nullptr, nullptr, list,
                             nullptr) == ERROR_SUCCESS;
   LocalFree(descriptor);
   if (!set) throw std::runtime_error("no rights could be set for " + path.string());
}

class FileTrust : public testing::Test {
 protected:
   FileTrust() { test_support::write_file(file_, "bytes"); }

   test_support::TempDir directory_;
   fs::path file_ = directory_.path() / "plugin.dll";
};

TEST_F(FileTrust, what_everybody_may_read_is_trusted) {
   set_rights(directory_.path(), kEverybodyReads);
   set_rights(file_, kEverybodyReads);
   EXPECT_TRUE(distrust_directory(directory_.path()));
   const auto bytes = read_trusted_file(file_, 5);
   ASSERT_TRUE(bytes) << bytes.finding().summary;
   EXPECT_EQ(bytes.value(), "bytes");
}

TEST_F(FileTrust, what_everybody_may_change_is_not) {
   set_rights(file_, kEverybodyChanges);
   const auto bytes = read_trusted_file(file_, 5);
   ASSERT_FALSE(bytes);
   EXPECT_EQ(bytes.finding().summary, "The file can be changed by other users.");
   EXPECT_EQ(bytes.finding().remedy, kRemedy);

   set_rights(directory_.path(), kEverybodyChanges);
   const auto trusted = distrust_directory(directory_.path());
   ASSERT_FALSE(trusted);
   EXPECT_EQ(trusted.finding().summary, "The directory can be changed by other users.");
   EXPECT_EQ(trusted.finding().remedy, kRemedy);
}

TEST_F(FileTrust, a_private_directory_and_what_is_written_into_it_are_trusted) {
   set_rights(directory_.path(), kEverybodyReads);
   const fs::path made = directory_.path() / "data" / "plugins";
   fs::path failed;
   ASSERT_FALSE(make_private_directories(made, failed)) << failed;
   EXPECT_TRUE(distrust_directory(made));
   ASSERT_FALSE(write_private_file(made / "copy.dll", "bytes", Access::read_and_execute, IfThere::replace));
   EXPECT_TRUE(read_trusted_file(made / "copy.dll", 5));
}

TEST_F(FileTrust, what_is_no_file_of_the_right_size_is_told_as_such) {
   EXPECT_EQ(read_trusted_file(directory_.path(), 5).finding().summary, "It is not a regular file.");
   EXPECT_EQ(read_trusted_file(file_, 4).finding().summary,
             "The file is longer than the 4 bytes that a plugin may have.");
   EXPECT_EQ(distrust_directory(directory_.path() / "missing").finding().summary, "The directory does not exist.");
   EXPECT_EQ(distrust_directory(file_).finding().summary, "It is not a directory.");
}

}  // namespace
}  // namespace msp::host
