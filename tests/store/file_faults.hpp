// file_faults.hpp - what can happen to a database while it is written, at exactly one of its writes. POSIX only.
#pragma once

namespace msp::console::test {

enum class FileFault {
   kill,       // the process dies in the middle of the write
   disk_full,  // this write and all later ones find no space
};

// From now on, in this process, the `at`-th change that SQLite makes to any file meets the fault; the first is 1.
void plan_file_fault(int at, FileFault fault);
void no_file_faults();

// Whether it was met.
bool met_file_fault();

}  // namespace msp::console::test
