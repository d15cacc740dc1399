#include <windows.h>

#include <array>
#include <functional>
#include <stdexcept>
#include <thread>

#include "test_support/process.hpp"

namespace test_support {
namespace {

std::string quoted(const std::string& argument) {
   std::string text = "\"";
   std::size_t slashes = 0;
   for (const char letter : argument) {
      if (letter == '"') text.append(slashes + 1, '\\');
      slashes = letter == '\\' ? slashes + 1 : 0;
      text += letter;
   }
   return text.append(slashes, '\\') + '"';
}

struct Pipe {
   HANDLE read = nullptr;
   HANDLE write = nullptr;
};

Pipe make_pipe(bool child_reads) {
   SECURITY_ATTRIBUTES inherit{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
   Pipe pipe;
   if (!::CreatePipe(&pipe.read, &pipe.write, &inherit, 0)) throw std::runtime_error("No pipe could be made.");
   ::SetHandleInformation(child_reads ? pipe.write : pipe.read, HANDLE_FLAG_INHERIT, 0);
   return pipe;
}

void read_all(HANDLE end, std::string& text) {
   std::array<char, 4096> buffer;
   DWORD size = 0;
   while (::ReadFile(end, buffer.data(), static_cast<DWORD>(buffer.size()), &size, nullptr) && size > 0) {
      text.append(buffer.data(), size);
   }
   ::CloseHandle(end);
}

}  // namespace

struct Process::State {
   PROCESS_INFORMATION process{};
   bool ended = false;
   ProcessResult result;
   std::vector<std::thread> pumps;
};

Process::Process(const ProcessSetup& setup) : state_(std::make_unique<State>()) {
   const Pipe input = make_pipe(true);
   const Pipe output = make_pipe(false);
   const Pipe error = make_pipe(false);
   std::string command = quoted(setup.program);
   for (const std::string& argument : setup.arguments) command += " " + quoted(argument);
   std::string environment;
   for (const auto& [name, value] : setup.environment) environment += name + "=" + value + '\0';
   environment += '\0';

   STARTUPINFOA startup{};
   startup.cb = sizeof startup;
   startup.dwFlags = STARTF_USESTDHANDLES;
   startup.hStdInput = input.read;
   startup.hStdOutput = output.write;
   startup.hStdError = error.write;
   const BOOL started = ::CreateProcessA(nullptr, command.data(), nullptr, nullptr, TRUE, CREATE_NEW_PROCESS_GROUP,
                                         environment.data(), nullptr, &startup, &state_->process);
   for (HANDLE end : {input.read, output.write, error.write}) ::CloseHandle(end);
   if (!started) throw std::runtime_error("The program cannot be started: " + setup.program);
   state_->pumps.emplace_back([end = input.write, text = setup.input] {
      DWORD size = 0;
      ::WriteFile(end, text.data(), static_cast<DWORD>(text.size()), &size, nullptr);
      ::CloseHandle(end);
   });
   state_->pumps.emplace_back(read_all, output.read, std::ref(state_->result.out));
   state_->pumps.emplace_back(read_all, error.read, std::ref(state_->result.err));
}

Process::~Process() {
   if (state_->process.hProcess && !state_->ended) {
      ::TerminateProcess(state_->process.hProcess, 1);
      wait();
   }
}

void Process::interrupt() { ::GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, state_->process.dwProcessId); }

ProcessResult Process::wait() {
   ::WaitForSingleObject(state_->process.hProcess, INFINITE);
   state_->ended = true;
   for (std::thread& pump : state_->pumps) pump.join();
   state_->pumps.clear();
   DWORD code = 0;
   ::GetExitCodeProcess(state_->process.hProcess, &code);
   state_->result.exit_code = static_cast<int>(code);
   ::CloseHandle(state_->process.hThread);
   ::CloseHandle(state_->process.hProcess);
   return state_->result;
}

}  // namespace test_support
