/* A plugin that does in one operation what no plugin should: the form says which deed, in which operation. It is sound
   in the others. Its process ends; the console goes on. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "msp/msp.h"

struct msp_connection {
   const msp_host *host;
   const msp_call *kept;
};

static msp_connection *MSP_CDECL create(const msp_host *host) {
   msp_connection *connection = calloc(1, sizeof *connection);
   if (connection != NULL) connection->host = host;
   return connection;
}

static void MSP_CDECL destroy(msp_connection *connection) { free(connection); }

/* One request to the platform, whose answer does not matter. */
static void ask(const msp_host *host, const msp_call *call) {
   const msp_http *http = host->get_service(host, MSP_HTTP_SERVICE);
   msp_http_request request;
   const msp_http_response *response = NULL;
   memset(&request, 0, sizeof request);
   request.struct_size = sizeof request;
   request.method = "GET";
   request.url = "https://api.example.com/";
   http->send(host, call, &request, 1, &response);
}

static void report(const msp_call *call, const char *summary) {
   msp_finding finding;
   memset(&finding, 0, sizeof finding);
   finding.struct_size = sizeof finding;
   finding.severity = MSP_INFO;
   finding.code = "hostile.said";
   finding.summary = summary;
   call->report_finding(call, &finding);
}

static int deep(volatile const int *forever) {
   volatile char room[4096];
   room[0] = (char)*forever;
   return *forever != 0 ? deep(forever) + room[0] : 0;
}

/* What is refused with an error, and no more: it goes on. */
static void try_files(const msp_call *call) {
   char text[200];
   const int file = open("/etc/passwd", O_RDONLY);
   const int first = errno;
   const int made = open("/tmp/hostile", O_CREAT | O_WRONLY, 0600);
   const int second = errno;
   const int memory = open("/proc/self/mem", O_RDWR);
   struct stat status;
   const int looked = stat("/etc/passwd", &status);
   snprintf(text, sizeof text, "files %d %d %d %d, errors %d %d, variables %s", file >= 0, made >= 0, memory >= 0,
            looked == 0, first, second, getenv("PATH") == NULL && getenv("HOME") == NULL ? "none" : "some");
   report(call, text);
}

static void try_file(const msp_call *call, const char *path) {
   char text[64];
   const int file = open(path, O_RDONLY);
   snprintf(text, sizeof text, "opened %d, error %d", file >= 0, file >= 0 ? 0 : errno);
   report(call, text);
}

#define PAGE ((uintptr_t)4096)
#define AROUND ((uintptr_t)64 << 20)

/* The kernel tells whether a page can be read: no attempt ends the process. */
static int can_be_read(uintptr_t page) {
   static const struct timespec at_once = {0, 0};
   return syscall(SYS_futex, page, FUTEX_WAIT_PRIVATE, 0, &at_once, NULL, 0) == 0 || errno != EFAULT;
}

/* Each byte of `wanted` is one more than that of what is searched for, which so stands nowhere because of the search. */
static int found_between(uintptr_t page, uintptr_t end, const char *wanted) {
   int found = 0;
   size_t at = 0;
   for (; page < end; page += PAGE) {
      if (!can_be_read(page)) {
         at = 0;
         continue;
      }
      for (const char *byte = (const char *)page; byte < (const char *)(page + PAGE); ++byte) {
         at = (char)(*byte + 1) == wanted[at] ? at + 1 : (char)(*byte + 1) == wanted[0] ? 1 : 0;
         if (wanted[at] == '\0') {
            ++found;
            at = 0;
         }
      }
   }
   return found;
}

/* Through all memory that it has: the heap, the stack, and whatever lies around its code. */
static void search(const msp_call *call, const char *wanted) {
   char text[64];
   const uintptr_t places[] = {(uintptr_t)text, (uintptr_t)&search, (uintptr_t)calloc(1, 1)};
   int found = 0;
   for (size_t i = 0; i < sizeof places / sizeof *places; ++i) {
      const uintptr_t page = places[i] & ~(PAGE - 1);
      found += found_between(page - AROUND, page + AROUND, wanted);
   }
   snprintf(text, sizeof text, "found %s", found > 0 ? "it" : "nothing");
   report(call, text);
}

static void commit(msp_connection *connection, const msp_call *call, const char *deed) {
   volatile int *volatile nowhere = NULL;
   static volatile const int is = 1;
   if (strstr(deed, "sent ") == deed) {
      ask(connection->host, call);
      deed += strlen("sent ");
   }
   if (strcmp(deed, "crash") == 0) *nowhere = 1;
   if (strcmp(deed, "abort") == 0) abort();
   if (strcmp(deed, "exit") == 0) _exit(0);
   if (strcmp(deed, "overflow") == 0) _exit(deep(&is));
   if (strcmp(deed, "hang") == 0)
      for (;;) nowhere = NULL;
   while (strcmp(deed, "devour") == 0) {
      char *room = malloc(1 << 24);
      if (room == NULL) abort();
      memset(room, 1, 1 << 24);
   }
   while (strcmp(deed, "flood") == 0) report(call, "flood");
   if (strcmp(deed, "socket") == 0) (void)!socket(AF_INET, SOCK_STREAM, 0);
   if (strcmp(deed, "unix") == 0) (void)!socket(AF_UNIX, SOCK_STREAM, 0);
   if (strcmp(deed, "exec") == 0) (void)!execl("/bin/sh", "sh", "-c", "touch /tmp/hostile", (char *)NULL);
   if (strcmp(deed, "fork") == 0) (void)!fork();
   if (strcmp(deed, "kill") == 0) (void)!kill(getppid(), SIGTERM);
   if (strcmp(deed, "ptrace") == 0) (void)!ptrace(PTRACE_TRACEME, 0, NULL, NULL);
   if (strcmp(deed, "mount") == 0) (void)!syscall(SYS_mount, "none", "/", "tmpfs", 0, NULL);
   if (strcmp(deed, "garbage") == 0) (void)!write(3, "garbage, and much of it: it is no frame at all", 46);
   if (strcmp(deed, "close") == 0) (void)!shutdown(3, SHUT_RDWR);
   if (strcmp(deed, "files") == 0) try_files(call);
   if (strstr(deed, "open ") == deed) try_file(call, deed + strlen("open "));
   if (strstr(deed, "search ") == deed) search(call, deed + strlen("search "));
   if (strcmp(deed, "keep") == 0) connection->kept = call;
   if (strcmp(deed, "ask") == 0) {
      msp_finding finding;
      memset(&finding, 0, sizeof finding);
      finding.struct_size = sizeof finding;
      finding.severity = MSP_INFO;
      finding.code = (call->flags & MSP_CALL_ATTENDED) != 0 ? "hostile.attended" : "hostile.alone";
      finding.summary = "Is anybody there?";
      call->report_finding(call, &finding);
   }
   if (strcmp(deed, "print") == 0) {
      printf("hostile output\n");
      fflush(stdout);
      fprintf(stderr, "hostile output\n");
   }
}

static void work(msp_connection *connection, const msp_call *call, const char *operation) {
   const char *deed = call->setting(call, "deed");
   const char *where = call->setting(call, "where");
   if (connection->kept != NULL) connection->kept->setting(connection->kept, "deed");
   if (deed != NULL && where != NULL && strcmp(where, operation) == 0) commit(connection, call, deed);
}

static msp_outcome MSP_CDECL validate_credentials(msp_connection *connection, const msp_call *call) {
   msp_identity identity;
   work(connection, call, "validate");
   memset(&identity, 0, sizeof identity);
   identity.struct_size = sizeof identity;
   identity.account = call->setting(call, "account");
   identity.principal = "mallory";
   call->report_identity(call, &identity);
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CDECL check_permissions(msp_connection *connection, const msp_call *call) {
   work(connection, call, "permissions");
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CDECL authenticate(msp_connection *connection, const msp_call *call) {
   msp_session session;
   msp_pair header = {"Authorization", "Bearer of-the-hostile-plugin", 0, 0};
   work(connection, call, "authenticate");
   memset(&session, 0, sizeof session);
   session.struct_size = sizeof session;
   session.base_url = "https://api.example.com/";
   session.headers = &header;
   session.header_count = 1;
   call->report_session(call, &session);
   return MSP_ACCEPTED;
}

static const msp_plugin kPlugin = {
    sizeof(msp_plugin),    MSP_ABI_MAJOR,     MSP_ABI_MINOR, 0,    create, destroy,
    validate_credentials, check_permissions, authenticate,  NULL};

MSP_EXPORT const msp_plugin *MSP_CDECL msp_plugin_entry(const msp_host *host) {
   (void)host;
#ifdef HOSTILE_START
   {
      const char *deed = HOSTILE_START;
      if (strcmp(deed, "crash") == 0) abort();
      if (strcmp(deed, "socket") == 0) (void)!socket(AF_INET, SOCK_STREAM, 0);
      if (strcmp(deed, "hang") == 0)
         for (;;) deed = "hang";
   }
#endif
   return &kPlugin;
}
