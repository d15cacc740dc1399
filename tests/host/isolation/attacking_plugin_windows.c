/* A plugin that attacks, as attacking_plugin.c, on Windows. Each attack returns 0 when the system let it happen, the
 * system's error as a negative number, or does not return.
 */
#include <winsock2.h>
#include <windows.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

volatile char attack_script[80] = "ATTACK-SCRIPT:";

#define NO_REASON (-1)
static long denied(void)
{
   const long error = (long)GetLastError();
   return error == 0 ? NO_REASON : -error;
}
static long answer(BOOL happened) { return happened ? 0 : denied(); }
static long opened(HANDLE handle)
{
   if (handle == NULL || handle == INVALID_HANDLE_VALUE) return denied();
   CloseHandle(handle);
   return 0;
}

/* Files */
static long open_file(const wchar_t *name, DWORD access, DWORD how)
{
   return opened(CreateFileW(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, how, 0, NULL));
}
static long attack_read_system_file(void)
{
   return open_file(L"C:\\Windows\\win.ini", GENERIC_READ, OPEN_EXISTING);
}
static long attack_read_users(void)
{
   WIN32_FIND_DATAW found;
   const HANDLE search = FindFirstFileW(L"C:\\Users\\*", &found);
   if (search == INVALID_HANDLE_VALUE) return denied();
   FindClose(search);
   return 0;
}
static const wchar_t *beside_plugin(const wchar_t *name)
{
   static wchar_t path[MAX_PATH];
   HMODULE own = NULL;
   GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                      (LPCWSTR)(uintptr_t)&attack_script, &own);
   const DWORD length = GetModuleFileNameW(own, path, MAX_PATH);
   wchar_t *end = path + length;
   if (name == NULL) return path;
   while (end != path && end[-1] != L'\\') --end;
   wcsncpy(end, name, (size_t)(path + MAX_PATH - end) - 1);
   return path;
}
static long attack_read_beside(void) { return open_file(beside_plugin(L"beside.txt"), GENERIC_READ, OPEN_EXISTING); }
static long attack_write_beside(void) { return open_file(beside_plugin(L"attack.txt"), GENERIC_WRITE, CREATE_ALWAYS); }
static long attack_change_itself(void) { return open_file(beside_plugin(NULL), GENERIC_WRITE, OPEN_EXISTING); }
static long attack_write_root(void) { return open_file(L"C:\\attack.txt", GENERIC_WRITE, CREATE_ALWAYS); }
static long attack_read_disk(void) { return open_file(L"\\\\.\\PhysicalDrive0", GENERIC_READ, OPEN_EXISTING); }
static long attack_open_pipe(void) { return open_file(L"\\\\.\\pipe\\msp-verify", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING); }
static long attack_load_library(void)
{
   return LoadLibraryExW(beside_plugin(L"other.dll"), NULL, 0) == NULL ? denied() : 0;
}

/* Registry */
static long open_key(HKEY root, const wchar_t *name, REGSAM access)
{
   HKEY key = NULL;
   const LONG error = RegCreateKeyExW(root, name, 0, NULL, REG_OPTION_VOLATILE, access, NULL, &key, NULL);
   if (error == ERROR_SUCCESS) RegCloseKey(key);
   return -(long)error;
}
static long attack_write_registry(void) { return open_key(HKEY_CURRENT_USER, L"Software\\Attack", KEY_WRITE); }
static long attack_read_registry(void)
{
   HKEY key = NULL;
   const LONG error = RegOpenKeyExW(HKEY_CURRENT_USER, L"Software", 0, KEY_READ, &key);
   if (error == ERROR_SUCCESS) RegCloseKey(key);
   return -(long)error;
}

/* What whoever verifies writes behind the script: the number of the console's process, and a port that it listens at. */
static DWORD number(int index)
{
   char *rest = (char *)attack_script + 48;
   DWORD value = 0;
   for (int i = 0; i <= index; ++i) value = strtoul(rest, &rest, 10);
   return value;
}

/* Network */
static long attack_connect(void)
{
   WSADATA data;
   const int error = WSAStartup(MAKEWORD(2, 2), &data);
   if (error != 0) return -error;
   const SOCKET made = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
   if (made == INVALID_SOCKET) return -(long)WSAGetLastError();
   struct sockaddr_in console;
   memset(&console, 0, sizeof console);
   console.sin_family = AF_INET;
   console.sin_port = htons((u_short)number(1));
   console.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
   return connect(made, (struct sockaddr *)&console, sizeof console) == 0 ? 0 : -(long)WSAGetLastError();
}

/* Processes */
static long start_program(wchar_t *command)
{
   STARTUPINFOW start;
   PROCESS_INFORMATION made;
   memset(&start, 0, sizeof start);
   start.cb = sizeof start;
   if (!CreateProcessW(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &made)) return denied();
   TerminateProcess(made.hProcess, 0);
   CloseHandle(made.hProcess);
   CloseHandle(made.hThread);
   return 0;
}
static long attack_start_program(void)
{
   wchar_t command[] = L"C:\\Windows\\System32\\cmd.exe /c exit";
   return start_program(command);
}
static long open_process(DWORD access)
{
   return opened(OpenProcess(access, FALSE, number(0)));
}
static long attack_read_console(void) { return open_process(PROCESS_VM_READ); }
static long attack_write_console(void) { return open_process(PROCESS_VM_WRITE | PROCESS_VM_OPERATION); }
static long attack_end_console(void) { return open_process(PROCESS_TERMINATE); }
static long attack_debug_console(void)
{
   if (!DebugActiveProcess(number(0))) return denied();
   DebugSetProcessKillOnExit(FALSE);
   DebugActiveProcessStop(number(0)); /* else the console stands still */
   return 0;
}

/* Memory */
static long attack_writable_code(void)
{
   return VirtualAlloc(NULL, 4096, MEM_COMMIT | MEM_RESERVE, PAGE_EXECUTE_READWRITE) == NULL ? denied() : 0;
}
static long attack_new_code(void)
{
   void *const page = VirtualAlloc(NULL, 4096, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
   DWORD before = 0;
   return answer(page != NULL && VirtualProtect(page, 4096, PAGE_EXECUTE_READ, &before));
}
static long attack_much_memory(void)
{
   return VirtualAlloc(NULL, (SIZE_T)2 << 30, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE) == NULL ? denied() : 0;
}

/* Windows on the screen: found by name, so that nothing of them is loaded with the plugin. */
static long attack_clipboard(void)
{
   typedef BOOL(WINAPI * Open)(HWND);
   const HMODULE user = LoadLibraryExW(L"user32.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
   if (user == NULL) return denied();
   const Open open = (Open)(uintptr_t)GetProcAddress(user, "OpenClipboard");
   return open == NULL ? NO_REASON : answer(open(NULL));
}

/* Its own cage */
static long attack_environment(void)
{
   long count = 0;
   wchar_t *const all = GetEnvironmentStringsW();
   for (wchar_t *variable = all; variable != NULL && *variable != 0; variable += wcslen(variable) + 1)
      if (*variable != L'=') ++count;
   return count;
}
/* Pipes and files that it holds. */
static long attack_handles(void)
{
   long count = 0;
   for (uintptr_t number = 4; number < 4096; number += 4) {
      DWORD flags = 0;
      const HANDLE handle = (HANDLE)number;
      if (GetHandleInformation(handle, &flags) && GetFileType(handle) == FILE_TYPE_PIPE) ++count;
   }
   return count;
}
static long attack_answer(void) { return 42; }
static long attack_nothing(void)
{
   char *const piece = malloc(8 << 20);
   if (piece == NULL) return -1;
   memset(piece, 1, 8 << 20);
   free(piece);
   return 16;
}

/* Its own end */
static long attack_null_pointer(void) { return *(volatile long *)0; }
static long attack_abort(void) { abort(); }
static long attack_exit(void) { exit(7); }
static long attack_terminate(void)
{
   TerminateProcess(GetCurrentProcess(), 9);
   return 0;
}
static long attack_illegal(void) { __builtin_trap(); }
static long attack_raise(void)
{
   RaiseException(0xE0001234, EXCEPTION_NONCONTINUABLE, 0, NULL);
   return 0;
}
static volatile long deepest = 0x7FFFFFFF;
static long descend(long depth)
{
   volatile char frame[4096];
   if (depth > deepest) return 0;
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
   Sleep(INFINITE);
   return 0;
}
static long attack_memory(void)
{
   for (;;) {
      char *const piece = malloc(1 << 20);
      if (piece == NULL) abort();
      memset(piece, 1, 1 << 20);
   }
}

/* On the channel: the one pipe that the process holds. */
static HANDLE channel(void)
{
   for (uintptr_t number = 4; number < 4096; number += 4) {
      DWORD flags = 0;
      const HANDLE handle = (HANDLE)number;
      if (GetHandleInformation(handle, &flags) && GetFileType(handle) == FILE_TYPE_PIPE) return handle;
   }
   return NULL;
}
static long write_channel(const char *bytes, DWORD size)
{
   OVERLAPPED writing;
   DWORD written = 0;
   memset(&writing, 0, sizeof writing);
   writing.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
   const HANDLE end = channel();
   if (!WriteFile(end, bytes, size, NULL, &writing) && GetLastError() != ERROR_IO_PENDING) return denied();
   return answer(GetOverlappedResult(end, &writing, &written, TRUE));
}
static long attack_garbage(void)
{
   char garbage[64];
   memset(garbage, 0xFF, sizeof garbage);
   if (write_channel(garbage, sizeof garbage) != 0) return denied();
   return attack_loop();
}
static long attack_half_frame(void)
{
   if (write_channel("\x10\0\0\0\x21" "ab", 7) != 0) return denied();
   return attack_terminate();
}
static long attack_half_frame_and_stay(void)
{
   if (write_channel("\x10\0\0\0\x21" "ab", 7) != 0) return denied();
   return attack_loop();
}
static long attack_half_header(void)
{
   if (write_channel("\x10\0", 2) != 0) return denied();
   return attack_null_pointer();
}
static long attack_close_channel(void)
{
   CloseHandle(channel());
   return attack_loop();
}

#define ROW(name) {#name, attack_##name}
static const struct {
   const char *name;
   long (*run)(void);
} attacks[] = {
   ROW(read_system_file), ROW(read_users), ROW(read_beside), ROW(write_beside), ROW(change_itself), ROW(write_root),
   ROW(read_disk), ROW(open_pipe), ROW(load_library), ROW(write_registry), ROW(read_registry), ROW(connect),
   ROW(start_program), ROW(read_console), ROW(write_console), ROW(end_console), ROW(debug_console), ROW(writable_code),
   ROW(new_code), ROW(much_memory), ROW(clipboard), ROW(environment), ROW(handles), ROW(answer), ROW(nothing),
   ROW(null_pointer), ROW(abort), ROW(exit), ROW(terminate), ROW(illegal), ROW(raise), ROW(stack), ROW(loop), ROW(sleep),
   ROW(memory), ROW(garbage), ROW(half_frame), ROW(half_frame_and_stay), ROW(half_header), ROW(close_channel),
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

long msp_plugin_entry(void);
long msp_plugin_entry(void) { return attack_now("call:"); }
