#include "msp/host/private_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

mode_t mode_of(const fs::path& path) {
   struct stat status {};
   EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
   return status.st_mode & 07777;
}

class PrivateFiles : public ::testing::Test {
 protected:
   std::vector<std::string> names() const {
      std::vector<std::string> found;
      for (const auto& entry : fs::directory_iterator(directory_.path())) found.push_back(entry.path().filename());
      return found;
   }

   test_support::TempDir directory_;
   const fs::path file_ = directory_.path() / "file";
};

TEST_F(PrivateFiles, a_file_is_the_users_alone_whatever_the_umask) {
   struct Case {
      Access access;
      mode_t mode;
   };
   for (const auto& [access, mode] : {Case{Access::read_and_write, 0600}, Case{Access::read_and_execute, 0500}}) {
      for (const mode_t mask : {0000U, 0077U, 0777U}) {
         for (const IfThere if_there : {IfThere::leave, IfThere::replace}) {
            const mode_t before = ::umask(mask);
            const std::error_code error = write_private_file(file_, "content", access, if_there);
            ::umask(before);
            EXPECT_FALSE(error) << error.message();
            EXPECT_EQ(mode_of(file_), mode);
            EXPECT_EQ(names(), std::vector<std::string>{"file"});
            EXPECT_FALSE(remove_private_file(file_));
         }
      }
   }
}

TEST_F(PrivateFiles, one_that_is_there_is_left_or_replaced_as_asked) {
   ASSERT_FALSE(write_private_file(file_, "first", Access::read_and_write, IfThere::leave));
   EXPECT_EQ(write_private_file(file_, "second", Access::read_and_write, IfThere::leave), std::errc::file_exists);
   EXPECT_EQ(test_support::read_file(file_), "first");
   EXPECT_FALSE(write_private_file(file_, "", Access::read_and_execute, IfThere::replace));
   EXPECT_EQ(test_support::read_file(file_), "");
   EXPECT_EQ(mode_of(file_), 0500U);
   EXPECT_EQ(names(), std::vector<std::string>{"file"});
}

TEST_F(PrivateFiles, a_name_without_a_directory_is_one_where_the_process_is) {
   const std::filesystem::path before = std::filesystem::current_path();
   std::filesystem::current_path(directory_.path());
   const auto written = write_private_file("left", "one", Access::read_and_write, IfThere::leave);
   const auto replaced = write_private_file("left", "two", Access::read_and_write, IfThere::replace);
   std::filesystem::current_path(before);
   EXPECT_FALSE(written) << written.message();
   EXPECT_FALSE(replaced) << replaced.message();
   EXPECT_EQ(test_support::read_file(directory_.path() / "left"), "two");
}

TEST_F(PrivateFiles, nothing_is_left_of_what_cannot_be_put_in_place) {
   fs::create_directory(file_);
   EXPECT_EQ(write_private_file(file_, "content", Access::read_and_write, IfThere::leave), std::errc::file_exists);
   EXPECT_EQ(write_private_file(file_, "content", Access::read_and_write, IfThere::replace), std::errc::is_a_directory);
   EXPECT_EQ(names(), std::vector<std::string>{"file"});
   for (const IfThere if_there : {IfThere::leave, IfThere::replace}) {
      EXPECT_EQ(write_private_file(directory_.path() / "missing" / "file", "content", Access::read_and_write, if_there),
                std::errc::no_such_file_or_directory);
   }
}

TEST_F(PrivateFiles, of_many_writers_at_once_one_makes_the_file_and_it_is_whole) {
   std::atomic<int> made = 0;
   std::vector<std::thread> writers;
   for (char letter = 'a'; letter < 'i'; ++letter) {
      writers.emplace_back([&, letter] {
         const std::string content(100'000, letter);
         if (!write_private_file(file_, content, Access::read_and_write, IfThere::leave)) ++made;
      });
   }
   for (std::thread& writer : writers) writer.join();
   EXPECT_EQ(made, 1);
   const std::string content = test_support::read_file(file_);
   EXPECT_EQ(content, std::string(100'000, content.at(0)));
}

TEST_F(PrivateFiles, directories_are_made_from_above_and_the_first_that_cannot_be_made_is_named) {
   fs::path failed;
   const fs::path deep = directory_.path() / "a" / "b" / "c";
   EXPECT_FALSE(make_private_directories(deep, failed));
   for (const fs::path& each : {deep, deep.parent_path(), deep.parent_path().parent_path()})
      EXPECT_EQ(mode_of(each), 0700U) << each;

   EXPECT_EQ(::chmod(deep.c_str(), 0755), 0);
   EXPECT_FALSE(make_private_directories(deep, failed)) << "there already";
   EXPECT_EQ(mode_of(deep), 0755U) << "one that exists stays as it is";
   EXPECT_EQ(failed, fs::path()) << "nothing failed";

   ASSERT_FALSE(write_private_file(file_, "content", Access::read_and_write, IfThere::leave));
   EXPECT_EQ(make_private_directories(file_ / "d" / "e", failed), std::errc::not_a_directory);
   EXPECT_EQ(failed, file_ / "d");
}

TEST_F(PrivateFiles, a_file_takes_the_place_of_another_and_what_is_gone_need_not_be_removed) {
   const fs::path next = directory_.path() / "next";
   ASSERT_FALSE(write_private_file(file_, "old", Access::read_and_write, IfThere::leave));
   ASSERT_FALSE(write_private_file(next, "new", Access::read_and_write, IfThere::leave));
   EXPECT_FALSE(replace_private_file(next, file_));
   EXPECT_EQ(test_support::read_file(file_), "new");
   EXPECT_EQ(replace_private_file(next, file_), std::errc::no_such_file_or_directory);
   EXPECT_EQ(test_support::read_file(file_), "new");
   EXPECT_FALSE(remove_private_file(file_));
   EXPECT_FALSE(remove_private_file(file_)) << "there is none";
   EXPECT_TRUE(names().empty());
}

}  // namespace
}  // namespace msp::host
