#include <sys/mman.h>
#include <unistd.h>

#include <new>

#include "test_support/guarded_memory.hpp"

namespace test_support {

GuardedMemory::GuardedMemory(std::size_t size) {
   const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
   const std::size_t usable = (size + page - 1) / page * page;
   pages_size_ = usable + page;
   void* pages = ::mmap(nullptr, pages_size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
   if (pages == MAP_FAILED) throw std::bad_alloc();
   pages_ = static_cast<std::byte*>(pages);
   data_ = pages_ + (usable - size);
   if (::mprotect(pages_ + usable, page, PROT_NONE) != 0) throw std::bad_alloc();
}

GuardedMemory::~GuardedMemory() { ::munmap(pages_, pages_size_); }

}  // namespace test_support
