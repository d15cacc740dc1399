#include "file_faults.hpp"

#include <signal.h>
#include <sqlite3.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>

namespace msp::console::test {
namespace {

int changes_left = 0;  // until the fault; 0: none is planned
bool met = false;
FileFault planned = FileFault::kill;

using Write = ssize_t (*)(int, const void*, size_t);
using WriteAt = ssize_t (*)(int, const void*, size_t, off_t);
using Truncate = int (*)(int, off_t);
using Unlink = int (*)(const char*);
Write real_write = nullptr;
WriteAt real_write_at = nullptr;
WriteAt real_write_at_64 = nullptr;
Truncate real_truncate = nullptr;
Unlink real_unlink = nullptr;

// True when the change must not be made.
bool refused(bool needs_space) {
   if (changes_left == 0) return false;
   if (changes_left > 1) {
      --changes_left;
      return false;
   }
   met = true;
   if (planned == FileFault::kill) ::kill(::getpid(), SIGKILL);
   if (!needs_space) return false;
   errno = ENOSPC;
   return true;
}

// A write that is cut off has written a part.
bool torn(size_t size) { return planned == FileFault::kill && changes_left == 1 && size > 1; }

ssize_t write_or_fault(int file, const void* bytes, size_t size) {
   if (torn(size)) real_write(file, bytes, size / 2);
   return refused(true) ? -1 : real_write(file, bytes, size);
}

template <WriteAt* real>
ssize_t write_at_or_fault(int file, const void* bytes, size_t size, off_t offset) {
   if (torn(size)) (*real)(file, bytes, size / 2, offset);
   return refused(true) ? -1 : (*real)(file, bytes, size, offset);
}

int truncate_or_fault(int file, off_t size) { return refused(false) ? -1 : real_truncate(file, size); }
int unlink_or_fault(const char* path) { return refused(false) ? -1 : real_unlink(path); }

template <class Function>
void replace(const char* name, Function by, Function& real) {
   sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
   const auto before = reinterpret_cast<Function>(vfs->xGetSystemCall(vfs, name));
   if (before == nullptr || before == by) return;
   real = before;
   vfs->xSetSystemCall(vfs, name, reinterpret_cast<sqlite3_syscall_ptr>(by));
}

}  // namespace

void plan_file_fault(int at, FileFault fault) {
   sqlite3_initialize();
   replace("write", write_or_fault, real_write);
   replace("pwrite", write_at_or_fault<&real_write_at>, real_write_at);
   replace("pwrite64", write_at_or_fault<&real_write_at_64>, real_write_at_64);
   replace("ftruncate", truncate_or_fault, real_truncate);
   replace("unlink", unlink_or_fault, real_unlink);
   changes_left = at;
   planned = fault;
   met = false;
}

void no_file_faults() { changes_left = 0; }

bool met_file_fault() { return met; }

}  // namespace msp::console::test
