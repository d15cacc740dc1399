#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "author/own_process.hpp"

namespace msp::author {
namespace {

std::size_t entries(const char* directory) {
   std::error_code error;
   const std::filesystem::directory_iterator begin(directory, error);
   return error ? 0 : static_cast<std::size_t>(std::distance(begin, std::filesystem::directory_iterator()));
}

}  // namespace

ProcessUse process_use() {
   return {entries("/proc/self/task"), entries("/proc/self/fd"), static_cast<std::size_t>(::mallinfo2().uordblks)};
}

std::chrono::nanoseconds waited_for_processor() {
   std::ifstream file("/proc/thread-self/schedstat");
   long long on = 0, ready = 0;
   return file >> on >> ready ? std::chrono::nanoseconds(ready) : std::chrono::nanoseconds(0);
}

GuardedCopy::GuardedCopy(const void* from, std::size_t size) {
   const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
   const std::size_t whole = (size + page - 1) / page * page;
   size_ = whole + page;
   pages_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
   if (pages_ == MAP_FAILED) throw std::runtime_error("There is no memory for the check.");
   char* end = static_cast<char*>(pages_) + whole;
   ::mprotect(end, page, PROT_NONE);
   address_ = end - size;
   std::memcpy(address_, from, size);
}

GuardedCopy::~GuardedCopy() { ::munmap(pages_, size_); }

}  // namespace msp::author
