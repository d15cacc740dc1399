#include <windows.h>

#include <psapi.h>

#include <array>
#include <string>
#include <system_error>
#include <vector>

#include "isolation/app_container_windows.hpp"
#include "isolation/killed_windows.hpp"
#include "isolation/runner_process.hpp"

namespace msp::isolation {
namespace {

// The runner asks for strict handles by itself, once it has looked at what it was given.
constexpr DWORD64 kMitigations = PROCESS_CREATION_MITIGATION_POLICY_BOTTOM_UP_ASLR_ALWAYS_ON |
                                 PROCESS_CREATION_MITIGATION_POLICY_WIN32K_SYSTEM_CALL_DISABLE_ALWAYS_ON |
                                 PROCESS_CREATION_MITIGATION_POLICY_EXTENSION_POINT_DISABLE_ALWAYS_ON |
                                 PROCESS_CREATION_MITIGATION_POLICY_PROHIBIT_DYNAMIC_CODE_ALWAYS_ON |
                                 PROCESS_CREATION_MITIGATION_POLICY_FONT_DISABLE_ALWAYS_ON |
                                 PROCESS_CREATION_MITIGATION_POLICY_IMAGE_LOAD_NO_REMOTE_ALWAYS_ON |
                                 PROCESS_CREATION_MITIGATION_POLICY_IMAGE_LOAD_NO_LOW_LABEL_ALWAYS_ON |
                                 PROCESS_CREATION_MITIGATION_POLICY_IMAGE_LOAD_PREFER_SYSTEM32_ALWAYS_ON;

// Ends with the console, whose handle is the only one; one process, no windows, no more memory and time than allowed.
Handle make_job(const RunnerLimits& limits) {
   Handle job(::CreateJobObjectW(nullptr, nullptr));
   JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit{};
   limit.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
                                            JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION |
                                            JOB_OBJECT_LIMIT_PROCESS_MEMORY | JOB_OBJECT_LIMIT_PROCESS_TIME;
   limit.BasicLimitInformation.ActiveProcessLimit = 1;
   limit.BasicLimitInformation.PerProcessUserTimeLimit.QuadPart = LONGLONG{limits.cpu_seconds} * 10'000'000;
   limit.ProcessMemoryLimit = static_cast<SIZE_T>(limits.memory_bytes);
   if (!::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limit, sizeof limit)) return {};
   JOBOBJECT_BASIC_UI_RESTRICTIONS windows{JOB_OBJECT_UILIMIT_DESKTOP | JOB_OBJECT_UILIMIT_DISPLAYSETTINGS |
                                           JOB_OBJECT_UILIMIT_EXITWINDOWS | JOB_OBJECT_UILIMIT_GLOBALATOMS |
                                           JOB_OBJECT_UILIMIT_HANDLES | JOB_OBJECT_UILIMIT_READCLIPBOARD |
                                           JOB_OBJECT_UILIMIT_SYSTEMPARAMETERS | JOB_OBJECT_UILIMIT_WRITECLIPBOARD};
   ::SetInformationJobObject(job.get(), JobObjectBasicUIRestrictions, &windows, sizeof windows);
   return job;
}

// This user without privileges, without an administrator's rights, and with low integrity: what such a process may
// write is next to nothing; what its user may read it may read.
Handle reduced_token() {
   HANDLE own = nullptr;
   if (!::OpenProcessToken(::GetCurrentProcess(),
                           TOKEN_DUPLICATE | TOKEN_QUERY | TOKEN_ASSIGN_PRIMARY | TOKEN_ADJUST_DEFAULT, &own)) {
      return {};
   }
   const Handle of_console(own);
   alignas(SID) std::array<BYTE, SECURITY_MAX_SID_SIZE> administrators{};
   auto size = static_cast<DWORD>(administrators.size());
   ::CreateWellKnownSid(WinBuiltinAdministratorsSid, nullptr, administrators.data(), &size);
   SID_AND_ATTRIBUTES disabled{administrators.data(), 0};
   HANDLE reduced = nullptr;
   if (!::CreateRestrictedToken(of_console.get(), DISABLE_MAX_PRIVILEGE, 1, &disabled, 0, nullptr, 0, nullptr,
                                &reduced)) {
      return {};
   }
   Handle result(reduced);
   alignas(SID) std::array<BYTE, SECURITY_MAX_SID_SIZE> low{};
   size = static_cast<DWORD>(low.size());
   ::CreateWellKnownSid(WinLowLabelSid, nullptr, low.data(), &size);
   TOKEN_MANDATORY_LABEL label{{low.data(), SE_GROUP_INTEGRITY}};
   ::SetTokenInformation(result.get(), TokenIntegrityLevel, &label, sizeof label);
   return result;
}

// The values must outlive it.
class Attributes {
 public:
   explicit Attributes(DWORD count) {
      SIZE_T size = 0;
      ::InitializeProcThreadAttributeList(nullptr, count, 0, &size);
      memory_.resize(size);
      initialized_ = ::InitializeProcThreadAttributeList(get(), count, 0, &size) != FALSE;
   }
   ~Attributes() {
      if (initialized_) ::DeleteProcThreadAttributeList(get());
   }
   Attributes(const Attributes&) = delete;
   Attributes& operator=(const Attributes&) = delete;

   bool add(DWORD_PTR attribute, void* value, SIZE_T size) {
      return initialized_ && ::UpdateProcThreadAttribute(get(), 0, attribute, value, size, nullptr, nullptr) != FALSE;
   }
   [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST get() {
      return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
   }

 private:
   std::vector<std::byte> memory_;
   bool initialized_ = false;
};

// What a system may not offer. The runner looks for itself what it has got.
struct Wanted {
   bool container;
   bool mitigations;
};
constexpr Wanted kAttempts[] = {{true, true}, {true, false}, {false, true}, {false, false}};

struct Inheritance {
   HANDLE channel;
   HANDLE nowhere;
   HANDLE job;
};

bool create(const RunnerProgram& program, const Inheritance& given, const Wanted& wanted, PROCESS_INFORMATION& made) {
   Attributes attributes(6);
   std::array<HANDLE, 2> handles{given.channel, given.nowhere};
   std::array<HANDLE, 1> jobs{given.job};
   if (!attributes.add(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles.data(), sizeof handles) ||
       !attributes.add(PROC_THREAD_ATTRIBUTE_JOB_LIST, jobs.data(), sizeof jobs)) {
      return false;
   }
   SECURITY_CAPABILITIES container{runner_container().get(), nullptr, 0, 0};
   DWORD without_common_rights = PROCESS_CREATION_ALL_APPLICATION_PACKAGES_OPT_OUT;
   if (wanted.container &&
       (!runner_container() ||
        !attributes.add(PROC_THREAD_ATTRIBUTE_SECURITY_CAPABILITIES, &container, sizeof container) ||
        !attributes.add(PROC_THREAD_ATTRIBUTE_ALL_APPLICATION_PACKAGES_POLICY, &without_common_rights,
                        sizeof without_common_rights))) {
      return false;
   }
   DWORD64 mitigations = kMitigations;
   DWORD children = PROCESS_CREATION_CHILD_PROCESS_RESTRICTED;
   if (wanted.mitigations &&
       (!attributes.add(PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY, &mitigations, sizeof mitigations) ||
        !attributes.add(PROC_THREAD_ATTRIBUTE_CHILD_PROCESS_POLICY, &children, sizeof children))) {
      return false;
   }
   STARTUPINFOEXW start{};
   start.StartupInfo.cb = sizeof start;
   start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
   start.StartupInfo.hStdInput = start.StartupInfo.hStdOutput = start.StartupInfo.hStdError = given.nowhere;
   start.lpAttributeList = attributes.get();

   std::wstring command = L"msp-plugin-runner " + std::to_wstring(reinterpret_cast<std::uintptr_t>(given.channel));
   std::array<wchar_t, 2> environment{};
   std::array<wchar_t, MAX_PATH> directory{};
   ::GetSystemDirectoryW(directory.data(), static_cast<UINT>(directory.size()));
   constexpr DWORD kFlags =
       CREATE_SUSPENDED | EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT | DETACHED_PROCESS;
   if (wanted.container) {
      return ::CreateProcessW(program.path().c_str(), command.data(), nullptr, nullptr, TRUE, kFlags,
                              environment.data(), directory.data(), &start.StartupInfo, &made) != FALSE;
   }
   const Handle token = reduced_token();
   return token &&
          ::CreateProcessAsUserW(token.get(), program.path().c_str(), command.data(), nullptr, nullptr, TRUE, kFlags,
                                 environment.data(), directory.data(), &start.StartupInfo, &made) != FALSE;
}

thread_local DWORD refusal = 0;

std::optional<StartedRunner> refused() {
   refusal = ::GetLastError();
   return std::nullopt;
}

bool is_in(HANDLE process, HANDLE job) {
   BOOL found = FALSE;
   return ::IsProcessInJob(process, job, &found) && found;
}

}  // namespace

void RunnerProcess::kill() noexcept { ::TerminateProcess(handle_.get(), kKilled); }

std::optional<ProcessEnd> RunnerProcess::wait(Deadline deadline) {
   std::unique_lock lock(mutex_);
   gone_.wait_until(lock, deadline, [this] { return end_.has_value(); });
   return end_;
}

bool RunnerProcess::reap() {
   if (::WaitForSingleObject(handle_.get(), 0) != WAIT_OBJECT_0) return false;
   ProcessEnd end;
   DWORD code = 0;
   if (::GetExitCodeProcess(handle_.get(), &code)) end.status = static_cast<int>(code);
   PROCESS_MEMORY_COUNTERS memory{};
   if (::K32GetProcessMemoryInfo(handle_.get(), &memory, sizeof memory)) end.peak_bytes = memory.PeakPagefileUsage;
   const std::lock_guard lock(mutex_);
   end_ = end;
   gone_.notify_all();
   return true;
}

std::string why_not_started() { return std::system_category().message(static_cast<int>(refusal)); }

// A job and a list of what is inherited are the least: without them the process could outlive the console, or hold what
// leads into it.
std::optional<StartedRunner> start_process(const RunnerProgram& program, const SealedPlugin& /*plugin*/,
                                           const RunnerLimits& limits) {
   Handle job = make_job(limits);
   auto channel = make_channel_pair();
   const Handle nowhere(::CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                      OPEN_EXISTING, 0, nullptr));
   if (!job || !channel || !nowhere) return refused();
   for (HANDLE inherited : {channel->runner.get(), nowhere.get()}) {
      if (!::SetHandleInformation(inherited, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT)) return refused();
   }
   const Inheritance given{channel->runner.get(), nowhere.get(), job.get()};
   PROCESS_INFORMATION made{};
   bool created = false;
   for (const Wanted& wanted : kAttempts) {
      created = create(program, given, wanted, made);
      if (created) break;
   }
   if (!created) return refused();
   Handle process(made.hProcess);
   const Handle thread(made.hThread);
   if ((!is_in(process.get(), job.get()) && !::AssignProcessToJobObject(job.get(), process.get())) ||
       ::ResumeThread(thread.get()) == static_cast<DWORD>(-1)) {
      auto none = refused();
      ::TerminateProcess(process.get(), kKilled);
      return none;
   }
   return StartedRunner{std::make_shared<RunnerProcess>(static_cast<pid_t>(made.dwProcessId), std::move(process)),
                        Channel(std::move(channel->console), Channel::Side::console), std::move(job)};
}

}  // namespace msp::isolation
