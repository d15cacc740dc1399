#include <windows.h>
// after windows.h
#include <psapi.h>
#include <tlhelp32.h>

#include <cstring>
#include <stdexcept>

#include "author/own_process.hpp"

namespace msp::author {
namespace {

std::size_t threads() {
   const HANDLE all = ::CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
   if (all == INVALID_HANDLE_VALUE) return 0;
   std::size_t count = 0;
   THREADENTRY32 entry{};
   entry.dwSize = sizeof entry;
   for (BOOL found = ::Thread32First(all, &entry); found; found = ::Thread32Next(all, &entry))
      if (entry.th32OwnerProcessID == ::GetCurrentProcessId()) ++count;
   ::CloseHandle(all);
   return count;
}

}  // namespace

ProcessUse process_use() {
   DWORD handles = 0;
   ::GetProcessHandleCount(::GetCurrentProcess(), &handles);
   PROCESS_MEMORY_COUNTERS_EX memory{};
   ::GetProcessMemoryInfo(::GetCurrentProcess(), reinterpret_cast<PROCESS_MEMORY_COUNTERS*>(&memory), sizeof memory);
   return {threads(), handles, memory.PrivateUsage};
}

std::chrono::nanoseconds waited_for_processor() { return {}; }

GuardedCopy::GuardedCopy(const void* from, std::size_t size) {
   constexpr std::size_t kPage = 4096;
   const std::size_t whole = (size + kPage - 1) / kPage * kPage;
   size_ = whole + kPage;
   pages_ = ::VirtualAlloc(nullptr, size_, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
   if (pages_ == nullptr) throw std::runtime_error("There is no memory for the check.");
   char* end = static_cast<char*>(pages_) + whole;
   DWORD before = 0;
   ::VirtualProtect(end, kPage, PAGE_NOACCESS, &before);
   address_ = end - size;
   std::memcpy(address_, from, size);
}

GuardedCopy::~GuardedCopy() { ::VirtualFree(pages_, 0, MEM_RELEASE); }

}  // namespace msp::author
