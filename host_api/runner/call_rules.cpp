#include "call_rules.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <initializer_list>

#include "descriptors.hpp"

namespace msp::runner {
namespace {

constexpr std::uint32_t kMadviseFree = 8;

// Younger than some kernel headers; the same numbers on every machine.
constexpr int kOpenat2 = 437;
constexpr int kFaccessat2 = 439;

Condition equals(unsigned argument, std::uint32_t value) { return {Condition::equals, argument, value}; }
Condition lacks(unsigned argument, std::uint32_t bits) { return {Condition::lacks_bits, argument, bits}; }
Condition only(unsigned argument, std::uint32_t bits) { return {Condition::has_only_bits, argument, bits}; }

class Table {
 public:
   void add(Verdict verdict, std::initializer_list<int> numbers) {
      for (const int number : numbers) rules_.push_back({number, verdict, {}});
   }
   void allow(int number, std::vector<Condition> conditions) {
      rules_.push_back({number, Verdict::allowed, std::move(conditions)});
   }
   std::vector<Rule> take() { return std::move(rules_); }

 private:
   std::vector<Rule> rules_;
};

// Memory may be had, but never memory that is executable and new: only the plugin's own file may be executed.
void add_memory(Table& table) {
   table.add(Verdict::allowed, {SYS_brk, SYS_munmap, SYS_mremap});
   table.allow(SYS_mmap, {lacks(2, PROT_EXEC)});
   table.allow(SYS_mmap, {only(2, PROT_READ | PROT_EXEC), lacks(3, MAP_ANONYMOUS), equals(4, kPlugin)});
   table.allow(SYS_mprotect, {lacks(2, PROT_EXEC)});
   table.allow(SYS_madvise, {equals(2, MADV_DONTNEED)});
   table.allow(SYS_madvise, {equals(2, kMadviseFree)});
   table.add(Verdict::not_permitted, {SYS_madvise});
}

void add_time_and_self(Table& table, pid_t self) {
   table.add(Verdict::allowed, {SYS_gettimeofday, SYS_nanosleep});
   // A clock with a higher number is the processor time of some process, for example of the console.
   for (const int call : {SYS_clock_gettime, SYS_clock_nanosleep}) {
      table.allow(call, {only(0, 0xF)});
      table.add(Verdict::not_permitted, {call});
   }
   table.add(Verdict::allowed, {SYS_rt_sigreturn, SYS_restart_syscall});
   // The C library blocks all signals before it starts a thread; with SIGSYS blocked nobody could say which call it
   // was.
   table.add(Verdict::not_permitted, {SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_sigaltstack});
   // The runner's only thread has the number of the process. Of another's it would be told whether it is there.
   const auto number = static_cast<std::uint32_t>(self);
   for (const std::uint32_t whose : {std::uint32_t{0}, number}) table.allow(SYS_sched_getaffinity, {equals(0, whose)});
   table.add(Verdict::not_permitted, {SYS_sched_getaffinity});
   // abort() does this.
   table.allow(SYS_tgkill, {equals(0, number), equals(1, number), equals(2, SIGABRT)});
#ifdef SYS_time
   table.add(Verdict::allowed, {SYS_time});
#endif
}

// Programs try these and can do without.
void add_failing(Table& table) {
   // The loader opens the plugin by its name and looks at it through the descriptor.
   table.add(Verdict::answered, {SYS_openat, SYS_newfstatat});
   table.add(Verdict::no_files, {kOpenat2, SYS_statx, SYS_faccessat, kFaccessat2, SYS_readlinkat});
#ifdef SYS_open
   table.add(Verdict::no_files, {SYS_open, SYS_creat, SYS_stat, SYS_lstat, SYS_access, SYS_readlink});
#endif
   table.add(Verdict::not_permitted, {SYS_ioctl, SYS_prctl, SYS_fcntl, SYS_prlimit64});
}

}  // namespace

std::vector<Rule> call_rules(pid_t self) {
   Table table;
   table.add(Verdict::allowed, {SYS_read, SYS_write, SYS_fstat, SYS_pread64, SYS_futex, SYS_ppoll});
#ifdef SYS_poll
   table.add(Verdict::allowed, {SYS_poll});
#endif
   // Any other descriptor stays open: the lifeline above all.
   table.allow(SYS_close, {equals(0, kPlugin)});
   table.add(Verdict::not_permitted, {SYS_close});
   add_memory(table);
   table.add(Verdict::allowed, {SYS_getpid, SYS_gettid, SYS_getrandom, SYS_sched_yield});
   add_time_and_self(table, self);
   table.add(Verdict::allowed, {SYS_exit, SYS_exit_group});
   add_failing(table);
   return table.take();
}

}  // namespace msp::runner
