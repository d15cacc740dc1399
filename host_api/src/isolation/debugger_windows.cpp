#include <windows.h>

#include "isolation/debugger.hpp"
#include "isolation/handle.hpp"

namespace msp::isolation {

void wait_for_debugger(pid_t process, const std::stop_token& unwanted) {
   const Handle opened(::OpenProcess(PROCESS_QUERY_INFORMATION | SYNCHRONIZE, FALSE, static_cast<DWORD>(process)));
   BOOL attached = FALSE;
   while (opened && !unwanted.stop_requested() && ::CheckRemoteDebuggerPresent(opened.get(), &attached) && !attached &&
          ::WaitForSingleObject(opened.get(), 100) == WAIT_TIMEOUT) {
   }
}

}  // namespace msp::isolation
