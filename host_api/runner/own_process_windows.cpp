// The console has started this process suspended, with everything below in force. What is told to it is what this
// process finds, not what the console has asked for.
#include "own_process.hpp"

#include <windows.h>

#include <ntsecapi.h>

#include <array>
#include <cwchar>
#include <string>
#include <string_view>

#include "not_confined.hpp"

namespace msp::runner {
namespace {

using isolation::Channel;
using isolation::Handle;

constexpr DWORD kLessPrivileged = 46;  // TokenIsLessPrivilegedAppContainer, which older headers do not have

// No window and no other program says that this process has crashed; its exit code does.
LONG WINAPI end_by(EXCEPTION_POINTERS* exception) {
   ::TerminateProcess(::GetCurrentProcess(), exception->ExceptionRecord->ExceptionCode);
   return EXCEPTION_EXECUTE_HANDLER;
}

bool is_wine() { return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr; }

// The console starts no process without a job that ends with it. What else the job limits is asked for here.
void report_job(Layers& layers) {
   BOOL in_job = FALSE;
   if (!::IsProcessInJob(::GetCurrentProcess(), nullptr, &in_job) || !in_job) {
      throw NotConfined("This process is in no job, so nothing ends it together with the console.");
   }
   layers.active("job", "ends with the console");
   JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
   ::QueryInformationJobObject(nullptr, JobObjectExtendedLimitInformation, &limits, sizeof limits, nullptr);
   const DWORD flags = limits.BasicLimitInformation.LimitFlags;
   const std::pair<const char*, DWORD> of_job[] = {{"one_process", JOB_OBJECT_LIMIT_ACTIVE_PROCESS},
                                                   {"memory_limit", JOB_OBJECT_LIMIT_PROCESS_MEMORY},
                                                   {"time_limit", JOB_OBJECT_LIMIT_PROCESS_TIME}};
   for (const auto& [name, flag] : of_job) {
      if ((flags & flag) != 0) {
         layers.active(name);
      } else {
         layers.absent(name, "The system knows no such limit of a job.");
      }
   }
}

// The console gives none, but the system adds some. Through the C library, which has a copy of its own.
void forget_environment(Layers& layers) {
   wchar_t* const all = ::GetEnvironmentStringsW();
   for (const wchar_t* variable = all; variable != nullptr && *variable != 0; variable += std::wcslen(variable) + 1) {
      const std::wstring_view text = variable;
      const auto end = text.find(L'=');
      if (end == 0 || end == std::wstring_view::npos) continue;
      const std::wstring name(text.substr(0, end));
      ::_wputenv((name + L'=').c_str());
      ::SetEnvironmentVariableW(name.c_str(), nullptr);
   }
   ::FreeEnvironmentStringsW(all);
   layers.active("environment", "none");
}

DWORD token_number(const Handle& token, DWORD what) {
   DWORD value = 0;
   DWORD size = 0;
   ::GetTokenInformation(token.get(), static_cast<TOKEN_INFORMATION_CLASS>(what), &value, sizeof value, &size);
   return value;
}

bool has_low_integrity(const Handle& token) {
   alignas(TOKEN_MANDATORY_LABEL) std::array<BYTE, sizeof(TOKEN_MANDATORY_LABEL) + SECURITY_MAX_SID_SIZE> bytes{};
   DWORD size = 0;
   if (!::GetTokenInformation(token.get(), TokenIntegrityLevel, bytes.data(), static_cast<DWORD>(bytes.size()), &size))
      return false;
   PSID level = reinterpret_cast<TOKEN_MANDATORY_LABEL*>(bytes.data())->Label.Sid;
   return *::GetSidSubAuthority(level, *::GetSidSubAuthorityCount(level) - 1U) <= SECURITY_MANDATORY_LOW_RID;
}

void report_token(Layers& layers) {
   HANDLE own = nullptr;
   if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &own)) {
      throw NotConfined("This process cannot see its own rights.");
   }
   const Handle token(own);
   if (token_number(token, TokenIsAppContainer) == 0) {
      layers.absent("app_container", "The system starts no process in one.");
   } else if (token_number(token, kLessPrivileged) == 0) {
      layers.active("app_container", "an ordinary one");
   } else {
      layers.active("app_container", "less privileged, without capabilities");
   }
   if (has_low_integrity(token)) {
      layers.active("low_integrity");
   } else {
      layers.absent("low_integrity", "The system does not lower the integrity of a process.");
   }
}

struct Mitigation {
   const char* name;
   PROCESS_MITIGATION_POLICY policy;
   DWORD flags;  // of the policy's structure, which all have them first
};
constexpr Mitigation kMitigations[] = {
    {"no_child_processes", ProcessChildProcessPolicy, 1},
    {"no_new_code", ProcessDynamicCodePolicy, 1},
    {"no_window_calls", ProcessSystemCallDisablePolicy, 1},
    {"no_extension_points", ProcessExtensionPointDisablePolicy, 1},
    {"strict_handles", ProcessStrictHandleCheckPolicy, 3},
    {"no_foreign_fonts", ProcessFontDisablePolicy, 1},
    {"no_remote_libraries", ProcessImageLoadPolicy, 7},
};

// Once more from inside: a system may know some of them, and not the attribute that sets them all.
void report_mitigations(Layers& layers) {
   for (const Mitigation& mitigation : kMitigations) {
      DWORD flags = mitigation.flags;
      ::SetProcessMitigationPolicy(mitigation.policy, &flags, sizeof flags);
      flags = 0;
      ::GetProcessMitigationPolicy(::GetCurrentProcess(), mitigation.policy, &flags, sizeof flags);
      if ((flags & mitigation.flags) == mitigation.flags) {
         layers.active(mitigation.name);
      } else {
         layers.absent(mitigation.name, "The system does not offer it.");
      }
   }
}

}  // namespace

// Its number is the last word of the command line.
std::optional<Channel> inherited_channel(Layers& layers) {
   const std::wstring_view command = ::GetCommandLineW();
   const auto space = command.rfind(L' ');
   if (space == std::wstring_view::npos) return std::nullopt;
   const auto number = std::wcstoull(command.data() + space + 1, nullptr, 10);
   const HANDLE given = reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(number));
   if (given == nullptr || ::GetFileType(given) != FILE_TYPE_PIPE) return std::nullopt;
   ::SetHandleInformation(given, HANDLE_FLAG_INHERIT, 0);
   layers.active("handles", "the channel, and one that leads nowhere");
   return Channel(Handle(given), Channel::Side::runner);
}

void confine(const isolation::Start& /*start*/, Layers& layers) {
   ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
   ::SetUnhandledExceptionFilter(end_by);
   forget_environment(layers);
   report_job(layers);
   report_token(layers);
   report_mitigations(layers);
   if (is_wine())
      layers.absent("enforcement", "This is Wine: it takes limits of a job or of a token, and holds nobody to them.");
   // While the system may still have to load something for it.
   std::array<char, 1> random{};
   fill_random(random.data(), random.size());
}

// Nothing of the console's is counted to this process.
std::uint64_t peak_bytes() { return 0; }

// The code of no library runs any more, as it would with ExitProcess.
void end_process(int code) noexcept {
   ::TerminateProcess(::GetCurrentProcess(), static_cast<UINT>(code));
   for (;;) ::Sleep(INFINITE);
}

bool fill_random(void* bytes, std::size_t size) noexcept {
   return ::RtlGenRandom(bytes, static_cast<ULONG>(size)) != FALSE;
}

}  // namespace msp::runner
