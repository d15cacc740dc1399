/* A plugin that attacks. What it does, and when, is written into its bytes by the test: "load:NAME" while it is loaded,
 * "call:NAME" when its entry is called. Each attack returns what the system answered, an error as a negative number; or
 * does not return.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

volatile char attack_script[80] = "ATTACK-SCRIPT:";

/* The system's answer: an error as a negative number. */
#define ASK(...) answer(syscall(__VA_ARGS__))
static long answer(long result) { return result == -1 ? -errno : result; }
#define ASK_SIMPLY(name) \
   static long attack_##name(void) { return ASK(SYS_##name, 0, 0, 0, 0, 0, 0); }

/* Files */
static long attack_open(void) { return answer(open("/etc/passwd", O_RDONLY)); }
static long attack_memory_file(void) { return answer(open("/proc/self/mem", O_RDWR)); }
static long attack_write_file(void) { return answer(open("/tmp/attack", O_WRONLY | O_CREAT, 0600)); }
static long attack_openat2(void)
{
   uint64_t how[3] = {O_RDONLY, 0, 0};
   return ASK(437, AT_FDCWD, "/etc/passwd", how, sizeof how);
}
static long attack_open_itself(void)
{
   Dl_info itself;
   if (dladdr((void *)attack_script, &itself) == 0) return 1;
   return answer(open(itself.dli_fname, O_RDONLY));
}
static long attack_stat(void)
{
   struct stat status;
   return answer(stat("/etc/passwd", &status));
}
static long attack_fstatat_path(void)
{
   struct stat status;
   return answer(fstatat(AT_FDCWD, "/etc/passwd", &status, AT_EMPTY_PATH));
}
static long attack_access(void) { return answer(access("/etc/passwd", R_OK)); }
static long attack_readlink(void)
{
   char target[64];
   return answer(readlink("/proc/self/exe", target, sizeof target));
}
static long attack_dlopen(void) { return dlopen("libresolv.so.2", RTLD_NOW) == NULL ? -EACCES : 0; }
ASK_SIMPLY(mkdirat)
ASK_SIMPLY(unlinkat)
ASK_SIMPLY(renameat2)
ASK_SIMPLY(linkat)
ASK_SIMPLY(getdents64)
ASK_SIMPLY(chdir)
ASK_SIMPLY(chroot)
ASK_SIMPLY(mount)
ASK_SIMPLY(open_by_handle_at)
ASK_SIMPLY(inotify_init1)

/* Network */
static long attack_socket(void) { return answer(socket(AF_INET, SOCK_STREAM, 0)); }
static long attack_unix_socket(void) { return answer(socket(AF_UNIX, SOCK_STREAM, 0)); }
static long attack_netlink_socket(void) { return answer(socket(AF_NETLINK, SOCK_RAW, 0)); }
static long attack_socketpair(void)
{
   int ends[2];
   return answer(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}
static long attack_send_descriptor(void)
{
   union {
      struct cmsghdr header;
      char bytes[CMSG_SPACE(sizeof(int))];
   } control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
   char byte = 0;
   struct iovec data = {&byte, 1};
   struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
   return answer(sendmsg(3, &message, 0));
}
ASK_SIMPLY(sendto)
ASK_SIMPLY(recvmsg)
ASK_SIMPLY(connect)
ASK_SIMPLY(io_uring_setup)

/* Processes */
static long attack_execve(void)
{
   char *arguments[] = {"/bin/sh", NULL};
   return answer(execve("/bin/sh", arguments, environ));
}
static long attack_execveat(void) { return ASK(SYS_execveat, 4, "", NULL, NULL, AT_EMPTY_PATH); }
static long attack_clone_process(void) { return ASK(SYS_clone, SIGCHLD, 0, 0, 0, 0); }
static long attack_libc_fork(void) { return answer(fork()); }
#ifdef SYS_fork
ASK_SIMPLY(fork)
ASK_SIMPLY(vfork)
#endif
static void *idle(void *nothing) { return nothing; }
static long attack_thread(void)
{
   pthread_t thread;
   return -pthread_create(&thread, NULL, idle, NULL);
}
static long attack_system(void) { return system("true"); }
ASK_SIMPLY(ptrace)
ASK_SIMPLY(process_vm_readv)
ASK_SIMPLY(process_vm_writev)
ASK_SIMPLY(pidfd_open)
ASK_SIMPLY(getppid)
static long attack_kill(void) { return answer(kill(1, 0)); }
static long attack_kill_itself(void) { return ASK(SYS_tgkill, getpid(), gettid(), SIGKILL); }
static long attack_stop_itself(void) { return answer(raise(SIGSTOP)); }
static long attack_tgkill_other(void) { return ASK(SYS_tgkill, getpid() + 1, getpid() + 1, SIGABRT); }
static long attack_tgkill_high_half(void)
{
   return ASK(SYS_tgkill, 0x100000000L | getpid(), gettid(), SIGABRT);
}
ASK_SIMPLY(tkill)
/* The processor time of process 1, as the kernel numbers such clocks: to watch another process at work. */
#define CLOCK_OF_1 (-14L) /* ~1 << 3 | 2 */
static long attack_clock_of_another(void)
{
   struct timespec time;
   return ASK(SYS_clock_gettime, CLOCK_OF_1, &time);
}
static long attack_sleep_by_the_clock_of_another(void)
{
   const struct timespec time = {0, 1};
   return ASK(SYS_clock_nanosleep, CLOCK_OF_1, 0, &time, NULL);
}
static long attack_affinity_of_another(void)
{
   unsigned long processors[128];
   return ASK(SYS_sched_getaffinity, 1, sizeof processors, processors);
}
static long attack_own_clocks(void)
{
   struct timespec time;
   unsigned long processors[128];
   if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0 || clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) return 1;
   if (clock_gettime(CLOCK_MONOTONIC_COARSE, &time) != 0 || clock_gettime(CLOCK_TAI, &time) != 0) return 2;
   return ASK(SYS_sched_getaffinity, 0, sizeof processors, processors) > 0 ? 0 : 3;
}
ASK_SIMPLY(setns)
ASK_SIMPLY(unshare)
ASK_SIMPLY(setuid)
ASK_SIMPLY(capset)
ASK_SIMPLY(setpriority)
ASK_SIMPLY(sched_setaffinity)

/* The kernel's less used doors */
ASK_SIMPLY(bpf)
ASK_SIMPLY(perf_event_open)
ASK_SIMPLY(userfaultfd)
ASK_SIMPLY(keyctl)
ASK_SIMPLY(seccomp)
ASK_SIMPLY(memfd_create)
ASK_SIMPLY(shmget)
ASK_SIMPLY(mq_open)
ASK_SIMPLY(pipe2)
ASK_SIMPLY(eventfd2)
ASK_SIMPLY(splice)
static long attack_unknown_call(void) { return ASK(1000, 0, 0, 0); }
#ifdef __x86_64__
static long attack_x32(void) { return ASK(0x40000000 | SYS_getpid, 0); }
static long attack_int80(void)
{
   long result = 20; /* getpid of 32 bits */
   __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
   return result;
}
#endif

/* Executable memory */
static long map(unsigned long protection, unsigned long flags, long file)
{
   return ASK(SYS_mmap, 0, 4096, protection, flags, file, 0);
}
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
static long attack_map_writable_code(void) { return map(PROT_READ | PROT_WRITE | PROT_EXEC, ANONYMOUS, -1); }
static long attack_map_new_code(void) { return map(PROT_READ | PROT_EXEC, ANONYMOUS, -1); }
static long attack_map_new_code_as_plugin(void) { return map(PROT_READ | PROT_EXEC, ANONYMOUS, 4); }
static long attack_map_channel_as_code(void) { return map(PROT_READ | PROT_EXEC, MAP_PRIVATE, 3); }
static long attack_map_plugin_writable(void) { return map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, 4); }
static long attack_map_plugin_again(void) { return map(PROT_READ | PROT_EXEC, MAP_PRIVATE, 4); }
static long attack_map_high_half(void) { return map(0x100000000UL | PROT_READ | PROT_EXEC, ANONYMOUS, -1); }
static long attack_map_file_high_half(void) { return map(PROT_READ | PROT_EXEC, MAP_PRIVATE, 0x100000004L); }
static long attack_protect_code(void)
{
   static char page[8192];
   char *const start = (char *)(((uintptr_t)page + 4095) & ~(uintptr_t)4095);
   return answer(mprotect(start, 4096, PROT_READ | PROT_EXEC));
}
static long attack_protect_own_code(void)
{
   char *const start = (char *)((uintptr_t)attack_protect_code & ~(uintptr_t)4095);
   return answer(mprotect(start, 4096, PROT_READ | PROT_WRITE)); /* is allowed, and takes the right to execute away */
}
/* Over its own code, where nothing new may be executed either. */
static long attack_move_memory_over_code(void)
{
   static char page[8192];
   char *const from = (char *)(((uintptr_t)page + 4095) & ~(uintptr_t)4095);
   char *const over = (char *)(((uintptr_t)attack_protect_code & ~(uintptr_t)4095));
   if (mprotect(from, 4096, PROT_READ | PROT_WRITE) != 0) return 1;
   memset(from, 0xC3, 4096); /* returns */
   if (mremap(from, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, over) != over) return 2;
   return attack_protect_code();
}
ASK_SIMPLY(pkey_mprotect)
ASK_SIMPLY(personality)
ASK_SIMPLY(remap_file_pages)

/* Its own cage */
static long attack_descriptors(void)
{
   long open_ones = 0;
   struct stat status;
   for (int i = 0; i < 1024; ++i) {
      if (fstat(i, &status) == 0) open_ones = i < 32 ? open_ones | 1L << i : -i;
   }
   return open_ones;
}
static long attack_answer(void) { return 42; }
static long attack_environment(void)
{
   long count = 0;
   for (char **variable = environ; variable != NULL && *variable != NULL; ++variable) ++count;
   return count;
}
static long attack_dumpable(void) { return answer(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }
static long attack_signal_action(void)
{
   struct sigaction action = {.sa_handler = SIG_IGN};
   return answer(sigaction(SIGSYS, &action, NULL));
}
static long attack_block_signals(void)
{
   sigset_t all;
   sigfillset(&all);
   return answer(sigprocmask(SIG_BLOCK, &all, NULL));
}
static long attack_close_lifeline(void) { return answer(close(0)); }
static long attack_close_channel(void) { return answer(close(3)); }
static long attack_lifeline_flags(void) { return answer(fcntl(0, F_SETFL, 0)); }
static long attack_duplicate(void) { return answer(fcntl(3, F_DUPFD, 0)); }
static long attack_dup(void) { return answer(dup(3)); }
static long attack_replace_lifeline(void) { return answer(dup3(3, 0, 0)); }
static long attack_terminal(void) { return ASK(SYS_ioctl, 3, 0x5413, 0); }
static long attack_raise_limit(void)
{
   struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
   return answer(setrlimit(RLIMIT_AS, &none));
}
static long attack_write_lifeline(void) { return answer(write(0, "x", 1)); }
static long attack_time_zone(void)
{
   const time_t now = time(NULL);
   struct tm local;
   setenv("TZ", "Pacific/Auckland", 1);
   return localtime_r(&now, &local) != NULL ? local.tm_gmtoff : -1;
}

/* Its own end */
static long attack_null_pointer(void) { return *(volatile long *)0; }
static long attack_abort(void) { abort(); }
static long attack_exit(void) { exit(7); }
static long attack_quick_exit(void) { _exit(0); }
static long attack_illegal(void) { __builtin_trap(); }
static long descend(long depth)
{
   volatile char frame[4096];
   if (depth < 0) return 0;
   frame[depth % 4096] = 1;
   return frame[0] + descend(depth + 1) + 1;
}
static long attack_stack(void) { return descend(0); }
static long attack_loop(void)
{
   for (volatile long i = 0; i >= 0; i = 1) { }
   return 0;
}
static long attack_sleep(void)
{
   const struct timespec long_time = {100000, 0};
   return answer(nanosleep(&long_time, NULL));
}
static long attack_memory(void)
{
   for (;;) {
      char *const piece = malloc(1 << 20);
      if (piece == NULL) abort();
      memset(piece, 1, 1 << 20);
   }
}

/* On the channel */
static long attack_garbage(void)
{
   char garbage[64];
   memset(garbage, 0xFF, sizeof garbage);
   if (write(3, garbage, sizeof garbage) < 0) return -errno;
   return attack_loop();
}
static long attack_half_frame(void)
{
   if (write(3, "\x10\0\0\0\x21" "ab", 7) < 0) return -errno;
   _exit(0);
}
static long attack_half_frame_and_stay(void)
{
   if (write(3, "\x10\0\0\0\x21" "ab", 7) < 0) return -errno;
   return attack_loop();
}
static long attack_half_header(void)
{
   if (write(3, "\x10\0", 2) < 0) return -errno;
   return *(volatile long *)0;
}

/* And an honest day's work, which is none. */
static long attack_nothing(void)
{
   struct timespec now;
   const struct timespec moment = {0, 1000};
   unsigned char random[16];
   char *const piece = malloc(8 << 20);
   if (piece == NULL) return -1;
   memset(piece, 1, 8 << 20);
   char *const more = realloc(piece, 32 << 20);
   free(more);
   if (more == NULL || clock_gettime(CLOCK_REALTIME, &now) != 0 || nanosleep(&moment, NULL) != 0) return -2;
   return ASK(SYS_getrandom, random, sizeof random, 0);
}

#define ROW(name) {#name, attack_##name}
static const struct {
   const char *name;
   long (*run)(void);
} attacks[] = {
   ROW(open), ROW(memory_file), ROW(write_file), ROW(openat2), ROW(open_itself), ROW(stat), ROW(fstatat_path), ROW(access),
   ROW(readlink), ROW(dlopen), ROW(mkdirat), ROW(unlinkat), ROW(renameat2), ROW(linkat), ROW(getdents64), ROW(chdir),
   ROW(chroot), ROW(mount), ROW(open_by_handle_at), ROW(inotify_init1),
   ROW(socket), ROW(unix_socket), ROW(netlink_socket), ROW(socketpair), ROW(send_descriptor), ROW(sendto), ROW(recvmsg),
   ROW(connect), ROW(io_uring_setup),
   ROW(execve), ROW(execveat), ROW(clone_process), ROW(libc_fork), ROW(thread), ROW(system), ROW(ptrace),
   ROW(process_vm_readv), ROW(process_vm_writev), ROW(pidfd_open), ROW(getppid), ROW(kill), ROW(kill_itself),
   ROW(stop_itself), ROW(tgkill_other), ROW(tgkill_high_half), ROW(tkill), ROW(clock_of_another), ROW(sleep_by_the_clock_of_another), ROW(affinity_of_another),
   ROW(own_clocks), ROW(setns), ROW(unshare), ROW(setuid),
   ROW(capset), ROW(setpriority), ROW(sched_setaffinity),
   ROW(bpf), ROW(perf_event_open), ROW(userfaultfd), ROW(keyctl), ROW(seccomp), ROW(memfd_create), ROW(shmget),
   ROW(mq_open), ROW(pipe2), ROW(eventfd2), ROW(splice), ROW(unknown_call),
#ifdef __x86_64__
   ROW(fork), ROW(vfork), ROW(x32), ROW(int80),
#endif
   ROW(map_writable_code), ROW(map_new_code), ROW(map_new_code_as_plugin), ROW(map_channel_as_code),
   ROW(map_plugin_writable), ROW(map_plugin_again), ROW(map_high_half), ROW(map_file_high_half), ROW(protect_code),
   ROW(protect_own_code), ROW(move_memory_over_code), ROW(pkey_mprotect), ROW(personality), ROW(remap_file_pages),
   ROW(descriptors), ROW(answer), ROW(environment), ROW(dumpable), ROW(signal_action), ROW(block_signals), ROW(close_lifeline),
   ROW(close_channel), ROW(lifeline_flags), ROW(duplicate), ROW(dup), ROW(replace_lifeline), ROW(terminal),
   ROW(raise_limit), ROW(write_lifeline), ROW(time_zone),
   ROW(null_pointer), ROW(abort), ROW(exit), ROW(quick_exit), ROW(illegal), ROW(stack), ROW(loop), ROW(sleep), ROW(memory),
   ROW(garbage), ROW(half_frame), ROW(half_frame_and_stay), ROW(half_header), ROW(nothing),
};

/* What no system answers. */
#define NO_SUCH_ATTACK (-100000)
static long result = NO_SUCH_ATTACK;

static long attack_now(const char *moment)
{
   char script[sizeof attack_script];
   for (size_t i = 0; i < sizeof script; ++i) script[i] = attack_script[i];
   const char *const wanted = script + strlen("ATTACK-SCRIPT:");
   const size_t length = strlen(moment);
   for (size_t i = 0; strncmp(wanted, moment, length) == 0 && i < sizeof attacks / sizeof *attacks; ++i) {
      if (strcmp(wanted + length, attacks[i].name) == 0) result = attacks[i].run();
   }
   return result;
}

__attribute__((constructor)) static void when_loaded(void) { attack_now("load:"); }

__attribute__((visibility("default"))) long msp_plugin_entry(void);
long msp_plugin_entry(void) { return attack_now("call:"); }
