#include <windows.h>

#include <new>

#include "test_support/guarded_memory.hpp"

namespace test_support {

GuardedMemory::GuardedMemory(std::size_t size) {
   SYSTEM_INFO system{};
   GetSystemInfo(&system);
   const std::size_t page = system.dwPageSize;
   const std::size_t usable = (size + page - 1) / page * page;
   pages_size_ = usable + page;
   pages_ = static_cast<std::byte*>(VirtualAlloc(nullptr, pages_size_, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE));
   if (pages_ == nullptr) throw std::bad_alloc();
   data_ = pages_ + (usable - size);
   DWORD before = 0;
   if (!VirtualProtect(pages_ + usable, page, PAGE_NOACCESS, &before)) throw std::bad_alloc();
}

GuardedMemory::~GuardedMemory() { VirtualFree(pages_, 0, MEM_RELEASE); }

}  // namespace test_support
