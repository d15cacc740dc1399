// The files and directories that belong to the console alone: what may stand in their place, and what is told when
// this user may not have them.
#include "store/private_files.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <functional>

#include "child_process.hpp"
#include "own_mounts.hpp"
#include "sealed_store.hpp"
#include "store/finding_error.hpp"
#include "test_support/temp_dir.hpp"

using namespace msp;
using namespace msp::console;
using test::SealedStore;
using test_support::TempDir;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kUser = 12'345;
constexpr unsigned kPatience = 20;  // seconds; a hang ends a child process instead of the test

struct Kind {
   const char* name;
   std::function<bool(const fs::path&)> make;  // false: this user cannot
};

bool make_socket(const fs::path& path) {
   const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
   sockaddr_un address{};
   address.sun_family = AF_UNIX;
   path.string().copy(address.sun_path, sizeof address.sun_path - 1);
   const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
   ::close(fd);
   return bound;
}

const std::vector<Kind>& no_plain_files() {
   static const std::vector<Kind> kinds = {
       {"a pipe", [](const fs::path& path) { return ::mkfifo(path.c_str(), 0600) == 0; }},
       {"a socket", make_socket},
       {"a device that never ends",
        [](const fs::path& path) { return ::mknod(path.c_str(), S_IFCHR | 0600, makedev(1, 5)) == 0; }},
       {"a terminal", [](const fs::path& path) { return ::mknod(path.c_str(), S_IFCHR | 0600, makedev(5, 0)) == 0; }},
       {"a directory", [](const fs::path& path) { return ::mkdir(path.c_str(), 0700) == 0; }}};
   return kinds;
}

TEST(PrivateFiles, a_key_that_is_no_plain_file_is_told_at_once_wherever_it_lies) {
   for (const char* place : {"key-encryption.key", "key-encryption.key.next", "credentials/msp-console.kek"}) {
      for (const Kind& kind : no_plain_files()) {
         SCOPED_TRACE(std::string(kind.name) + " as " + place);
         const TempDir directory;
         SealedStore(directory.path()).add("One", "first");
         fs::create_directory(directory.path() / "credentials");
         fs::remove(directory.path() / place);
         if (!kind.make(directory.path() / place)) continue;
         EXPECT_EQ(test::in_child([&] {
                      ::alarm(kPatience);
                      SealedStore console(directory.path(), directory.path() / "credentials");
                      for (int i = 0; i < 2; ++i) {
                         const auto rotated = console.vault.rotate();
                         ASSERT_FALSE(rotated);
                         EXPECT_EQ(rotated.finding().summary,
                                   "The key file \"" + (directory.path() / place).string() + "\" is not a plain file.");
                         EXPECT_EQ(rotated.finding().code, "host.secret_unreadable");
                      }
                      EXPECT_TRUE(console.vault.status().problem);
                      EXPECT_EQ(console.open(1).find("host.secret_unreadable: "), 0U);
                   }),
                   0);
      }
   }
}

TEST(PrivateFiles, a_database_or_what_lies_beside_it_that_is_no_plain_file_is_told_at_once) {
   for (const char* name : {"console.db", "console.db-wal", "console.db-shm", "console.db-journal"}) {
      for (const Kind& kind : no_plain_files()) {
         SCOPED_TRACE(std::string(kind.name) + " as " + name);
         const TempDir directory;
         SealedStore(directory.path()).add("One", "first");
         fs::remove(directory.path() / name);
         if (!kind.make(directory.path() / name)) continue;
         EXPECT_EQ(test::in_child([&] {
                      ::alarm(kPatience);
                      try {
                         const Store store(directory.path());
                         ADD_FAILURE() << "opened";
                      } catch (const FindingError& error) {
                         EXPECT_NE(error.finding().summary.find("is not a plain file"), std::string::npos)
                             << error.finding().summary;
                      }
                   }),
                   0);
      }
   }
}

// Kubernetes: msp-console.kek -> ..data/msp-console.kek, ..data -> ..2026_01_01/
TEST(PrivateFiles, a_credential_may_be_a_link_where_only_its_owner_could_have_put_another_one) {
   const bool root = ::geteuid() == 0;
   const struct {
      const char* what;
      std::function<void(const fs::path& credentials)> change;
      const char* told;  // "" when it is followed
   } cases[] = {{"as Kubernetes mounts it", [](const fs::path&) {}, ""},
                {"in a directory where everybody may add and nobody may replace",
                 [](const fs::path& at) { EXPECT_EQ(::chmod(at.c_str(), 01777), 0); }, ""},
                {"in a directory where others may replace it",
                 [](const fs::path& at) { EXPECT_EQ(::chmod(at.c_str(), 0777), 0); }, "that other users could change"},
                {"to a directory where others may replace it",
                 [](const fs::path& at) { EXPECT_EQ(::chmod((at / "..2026").c_str(), 0770), 0); },
                 "that other users could change"},
                {"to a key that others may read",
                 [](const fs::path& at) { EXPECT_EQ(::chmod((at / "..2026/msp-console.kek").c_str(), 0444), 0); },
                 "Other users may read the key file"},
                {"to nothing", [](const fs::path& at) { fs::remove(at / "..2026/msp-console.kek"); }, "leads nowhere"},
                {"in a circle",
                 [](const fs::path& at) {
                    fs::remove(at / "..2026/msp-console.kek");
                    fs::create_symlink("../msp-console.kek", at / "..2026/msp-console.kek");
                 },
                 "leads nowhere"},
                {"to a pipe",
                 [](const fs::path& at) {
                    fs::remove(at / "..2026/msp-console.kek");
                    EXPECT_EQ(::mkfifo((at / "..2026/msp-console.kek").c_str(), 0600), 0);
                 },
                 "is not a plain file"},
                {"of another user",
                 [root](const fs::path& at) {
                    EXPECT_TRUE(!root || ::lchown((at / "msp-console.kek").c_str(), kUser, kUser) == 0);
                 },
                 root ? "belongs to another user" : ""},
                {"to a file of another user",
                 [root](const fs::path& at) {
                    EXPECT_TRUE(!root || ::chown((at / "..2026/msp-console.kek").c_str(), kUser, kUser) == 0);
                 },
                 root ? "belongs to another user" : ""}};
   for (const auto& one : cases) {
      SCOPED_TRACE(one.what);
      const TempDir directory;
      const fs::path credentials = directory.path() / "credentials";
      test_support::write_file(credentials / "..2026" / "msp-console.kek", std::string(64, 'a'));
      ASSERT_EQ(::chmod((credentials / "..2026/msp-console.kek").c_str(), 0400), 0);
      ASSERT_EQ(::chmod((credentials / "..2026").c_str(), 0755), 0);
      ASSERT_EQ(::chmod(credentials.c_str(), 0755), 0);
      fs::create_directory_symlink("..2026", credentials / "..data");
      fs::create_symlink("..data/msp-console.kek", credentials / "msp-console.kek");
      one.change(credentials);
      EXPECT_EQ(test::in_child([&] {
                   ::alarm(kPatience);
                   const auto keys = KeySource(directory.path(), credentials).keys();
                   if (*one.told == '\0') {
                      ASSERT_TRUE(keys) << keys.finding().summary;
                      EXPECT_EQ(keys.value().size(), 1U);
                   } else {
                      ASSERT_FALSE(keys);
                      EXPECT_NE(keys.finding().summary.find(one.told), std::string::npos) << keys.finding().summary;
                   }
                }),
                0);
   }
}

TEST(PrivateFiles, a_file_of_the_administrator_s_may_be_read_by_its_group_and_changed_by_nobody_else) {
   if (::geteuid() != 0) GTEST_SKIP() << "only root becomes another user";
   const TempDir directory;
   const fs::path file = directory.path() / "key-encryption.key";
   test_support::write_file(file, std::string(64, 'a'));
   ASSERT_EQ(::chown(file.c_str(), 0, kUser), 0);
   ASSERT_EQ(::chmod(directory.path().c_str(), 0755), 0);
   const std::pair<mode_t, bool> cases[] = {{0440, true},  {0640, true},  {0040, true},  {0460, false},
                                            {0450, false}, {0444, false}, {0442, false}, {0441, false}};
   for (const auto& [mode, good] : cases) {
      ASSERT_EQ(::chmod(file.c_str(), mode), 0);
      EXPECT_EQ(test::in_child([&, good = good] {
                   ASSERT_EQ(::setgid(kUser), 0);
                   ASSERT_EQ(::setuid(kUser), 0);
                   EXPECT_EQ(static_cast<bool>(KeySource(directory.path(), {}).keys()), good);
                }),
                0)
          << std::oct << mode;
   }
   // This user's own is for this user alone.
   for (const auto& [mode, good] : {std::pair<mode_t, bool>{0600, true}, {0400, true}, {0640, false}, {0610, false}}) {
      ASSERT_EQ(::chmod(file.c_str(), mode), 0);
      EXPECT_EQ(static_cast<bool>(KeySource(directory.path(), {}).keys()), good) << std::oct << mode;
   }
}

TEST(PrivateFiles, reading_and_making_a_key_leaves_nothing_of_it_on_the_stack) {
   const TempDir directory;
   ASSERT_TRUE(KeySource(directory.path(), {}).present_or_new());
   const std::string hex = test_support::read_file(directory.path() / "key-encryption.key").substr(0, 64);
   // A thread whose stack outlives it.
   std::vector<char> stack(8 * 1'024 * 1'024);  // the thread sanitizer takes about one for itself
   pthread_attr_t attributes;
   pthread_attr_init(&attributes);
   ASSERT_EQ(pthread_attr_setstack(&attributes, stack.data(), stack.size()), 0);
   pthread_t thread{};
   const auto work = [](void* data) -> void* {
      const std::array<char, 32> marker{"this stack was used"};
      EXPECT_EQ(marker[0], 't');
      const KeySource source(*static_cast<const fs::path*>(data), {});
      EXPECT_TRUE(source.keys());
      EXPECT_TRUE(source.prove_replaceable());
      return nullptr;
   };
   fs::path at = directory.path();
   ASSERT_EQ(pthread_create(&thread, &attributes, work, &at), 0);
   pthread_join(thread, nullptr);
   pthread_attr_destroy(&attributes);
   const std::string_view left(stack.data(), stack.size());
   EXPECT_NE(left.find("this stack was used"), left.npos) << "the stack is another one, so this proved nothing";
   EXPECT_EQ(left.find(hex.substr(0, 16)), left.npos);
   EXPECT_EQ(left.find(hex.substr(48)), left.npos);
}

// The problem of opening a store there, as this user; the first part names what failed first.
struct Told {
   std::string summary;
   std::string remedy;
};

void expect_told(const fs::path& data, const Told& expected) {
   try {
      const Store store(data);
      ADD_FAILURE() << "opened";
   } catch (const FindingError& error) {
      EXPECT_EQ(error.finding().code, "host.storage");
      EXPECT_NE(error.finding().summary.find(expected.summary), std::string::npos) << error.finding().summary;
      EXPECT_NE(error.finding().remedy.find(expected.remedy), std::string::npos) << error.finding().remedy;
   }
}

TEST(PrivateFiles, what_fails_first_is_told_with_its_own_reason_and_what_this_user_can_do) {
   if (::geteuid() != 0) GTEST_SKIP() << "only root becomes another user";
   const auto as_user = [](const fs::path& at) {
      ASSERT_EQ(::chmod(at.c_str(), 0755), 0);
      ASSERT_EQ(::setgid(kUser), 0);
      ASSERT_EQ(::setuid(kUser), 0);
   };
   const struct {
      const char* what;
      std::function<void(const fs::path&)> prepare;  // then the child becomes the user
      const char* data;
      Told told;
   } cases[] = {
       {"no directory may be made far above",
        [](const fs::path&) {},
        "a/b/c",
        {"/a\": Permission denied", "/a/b/c\" made for user 12345"}},
       {"a volume of root",
        [](const fs::path& at) {
           fs::create_directory(at / "data");
           ::chmod((at / "data").c_str(), 0755);
        },
        "data",
        {"console.db\": Permission denied", "/data\" belongs to user 0"}},
       {"a volume of root that everybody may write",
        [](const fs::path& at) {
           fs::create_directory(at / "data");
           ::chmod((at / "data").c_str(), 0777);
        },
        "data",
        {"Other users may write into the data directory", "given to this user alone with chown 12345"}},
       {"a volume of root in which everybody may make something",
        [](const fs::path& at) {
           fs::create_directory(at / "data");
           ::chmod((at / "data").c_str(), 01777);
        },
        "data",
        {"Other users may write into the data directory", "/data/msp-console\""}},
       {"a volume that Kubernetes gave to a group of this user's",
        [](const fs::path& at) {
           fs::create_directory(at / "data");
           EXPECT_EQ(::chown((at / "data").c_str(), 0, kUser), 0);
           ::chmod((at / "data").c_str(), 02775);
        },
        "data",
        {"Other users may write into the data directory",
         "everybody in group 12345 may write into it, as Kubernetes arranges it for fsGroup. Leave fsGroup out, "
         "and give the volume to this user alone, in an init container: chown 12345 "}},
       {"a directory of this user's that it may not write",
        [](const fs::path& at) {
           fs::create_directory(at / "data");
           EXPECT_EQ(::chown((at / "data").c_str(), kUser, kUser), 0);
           ::chmod((at / "data").c_str(), 0500);
        },
        "data",
        {"console.db\": Permission denied", "This user owns the directory"}},
       {"a file above",
        [](const fs::path& at) {
           test_support::write_file(at / "file", "");
           ::chmod((at / "file").c_str(), 0644);
        },
        "file/data",
        {"/file/data\": Not a directory", ""}},
       {"a file",
        [](const fs::path& at) {
           test_support::write_file(at / "data", "");
           ::chmod((at / "data").c_str(), 0644);
        },
        "data",
        {"is not a directory", "--data-dir"}}};
   for (const auto& one : cases) {
      SCOPED_TRACE(one.what);
      const TempDir directory;
      one.prepare(directory.path());
      EXPECT_EQ(test::in_child([&] {
                   as_user(directory.path());
                   expect_told(directory.path() / one.data, one.told);
                }),
                0);
   }
}

TEST(PrivateFiles, a_read_only_or_full_file_system_is_told_as_such) {
   if (!test::may_mount()) GTEST_SKIP() << "no mounts of its own here";
   const TempDir directory;
   EXPECT_EQ(test::in_child([&] {
                test::enter_own_mounts();
                test::mount_read_only(directory.path());
                expect_told(directory.path() / "data", {"Read-only file system", "is mounted read-only"});
                expect_told(directory.path(), {"Read-only file system", "is mounted read-only"});
             }),
             0);
   EXPECT_EQ(test::in_child([&] {
                test::enter_own_mounts();
                test::mount_small(directory.path(), 64 * 1'024);
                test::fill_up(directory.path());
                expect_told(directory.path(), {"No space left on device", "Make space there"});
             }),
             0);
}

TEST(PrivateFiles, directories_that_are_made_are_for_their_owner_alone) {
   const TempDir directory;
   EXPECT_TRUE(make_private_directory(directory.path() / "a" / "b"));
   for (const char* one : {"a", "a/b"}) {
      struct stat status {};
      ASSERT_EQ(::stat((directory.path() / one).c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 07777, 0700U);
   }
   EXPECT_TRUE(make_private_directory(directory.path() / "a" / "b")) << "there already";
}

}  // namespace
