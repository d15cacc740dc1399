#include <windows.h>

#include <array>
#include <stdexcept>
#include <thread>

#include "author/child.hpp"

namespace msp::author {
namespace {

constexpr std::size_t kMostOutput = std::size_t{64} << 10U;

// As CommandLineToArgvW reads it back.
std::wstring command_line(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
   std::wstring line = L'"' + program.wstring() + L'"';
   for (const std::string& argument : arguments) {
      line += L" \"";
      std::size_t backslashes = 0;
      for (const wchar_t each : std::filesystem::path(argument).wstring()) {
         if (each == L'"') line.append(backslashes + 1, L'\\');
         backslashes = each == L'\\' ? backslashes + 1 : 0;
         line += each;
      }
      line.append(backslashes, L'\\');
      line += L'"';
   }
   return line;
}

PROCESS_INFORMATION start(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                          HANDLE output) {
   STARTUPINFOW setup{};
   setup.cb = sizeof setup;
   if (output != nullptr) {
      setup.dwFlags = STARTF_USESTDHANDLES;
      setup.hStdOutput = setup.hStdError = output;
   }
   std::wstring line = command_line(program, arguments);
   PROCESS_INFORMATION child{};
   if (!::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &setup, &child))
      throw std::runtime_error("\"" + program.string() + "\" cannot be started.");
   ::CloseHandle(child.hThread);
   return child;
}

}  // namespace

ChildResult run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                      std::chrono::milliseconds limit) {
   SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
   HANDLE reading = nullptr;
   HANDLE writing = nullptr;
   if (!::CreatePipe(&reading, &writing, &inherited, 0)) throw std::runtime_error("No pipe could be made.");
   ::SetHandleInformation(reading, HANDLE_FLAG_INHERIT, 0);
   PROCESS_INFORMATION child{};
   try {
      child = start(program, arguments, writing);
   } catch (...) {
      ::CloseHandle(reading);
      ::CloseHandle(writing);
      throw;
   }
   ::CloseHandle(writing);
   ChildResult result;
   std::thread reader([&] {
      std::array<char, 4096> part{};
      for (DWORD size = 0; ::ReadFile(reading, part.data(), part.size(), &size, nullptr) && size > 0;)
         result.output.append(part.data(), std::min<std::size_t>(size, kMostOutput - result.output.size()));
   });
   result.in_time = ::WaitForSingleObject(child.hProcess, static_cast<DWORD>(limit.count())) == WAIT_OBJECT_0;
   if (!result.in_time) ::TerminateProcess(child.hProcess, 1);
   ::WaitForSingleObject(child.hProcess, INFINITE);
   reader.join();
   ::CloseHandle(reading);
   DWORD code = 0;
   ::GetExitCodeProcess(child.hProcess, &code);
   ::CloseHandle(child.hProcess);
   if (code >= 0xC0000000)
      result.ended_by = "exception " + std::to_string(code);
   else
      result.exit_code = static_cast<int>(code);
   return result;
}

int run_in_front(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
   const PROCESS_INFORMATION child = start(program, arguments, nullptr);
   ::WaitForSingleObject(child.hProcess, INFINITE);
   DWORD code = 0;
   ::GetExitCodeProcess(child.hProcess, &code);
   ::CloseHandle(child.hProcess);
   return static_cast<int>(code);
}

}  // namespace msp::author
