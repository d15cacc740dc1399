#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <string>
#include <thread>

#include "cli/open_browser.hpp"

namespace msp::console {

bool open_in_browser(const std::filesystem::path& file) noexcept {
   try {
      std::string program = "xdg-open";
      std::string name = file.string();
      char* const arguments[] = {program.data(), name.data(), nullptr};
      posix_spawn_file_actions_t actions;
      if (posix_spawn_file_actions_init(&actions) != 0) return false;
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
      posix_spawn_file_actions_addclosefrom_np(&actions, 3);  // a browser outlives the console, and keeps no port of it
      pid_t child = 0;
      const int error = posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
      posix_spawn_file_actions_destroy(&actions);
      if (error != 0) return false;
      std::thread([child] {
         while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
      }).detach();
      return true;
   } catch (const std::exception&) {
      return false;
   }
}

}  // namespace msp::console
