#include "isolation/app_container_windows.hpp"

#include <windows.h>

#include <aclapi.h>

#include "isolation/module_function_windows.hpp"

namespace msp::isolation {
namespace {

constexpr const wchar_t* kName = L"msp-plugin-runner";
constexpr DWORD kRead = FILE_GENERIC_READ | FILE_GENERIC_EXECUTE;

struct FreeLocal {
   void operator()(void* memory) const noexcept { ::LocalFree(memory); }
};
using Local = std::unique_ptr<void, FreeLocal>;

bool is_allowed(const ACL* list, PSID who) {
   for (DWORD i = 0; list != nullptr && i < list->AceCount; ++i) {
      void* entry = nullptr;
      if (!::GetAce(const_cast<ACL*>(list), i, &entry)) return false;
      auto& ace = *static_cast<ACCESS_ALLOWED_ACE*>(entry);
      if (ace.Header.AceType == ACCESS_ALLOWED_ACE_TYPE && (ace.Mask & kRead) == kRead &&
          ::EqualSid(&ace.SidStart, who) != 0) {
         return true;
      }
   }
   return false;
}

}  // namespace

void FreeSid::operator()(void* sid) const noexcept { ::FreeSid(sid); }

const Sid& runner_container() {
   using Derive = HRESULT(WINAPI*)(PCWSTR, PSID*);
   static const Sid container = [] {
      PSID sid = nullptr;
      const auto derive = module_function<Derive>(L"userenv.dll", "DeriveAppContainerSidFromAppContainerName");
      return Sid(derive != nullptr && SUCCEEDED(derive(kName, &sid)) ? sid : nullptr);
   }();
   return container;
}

void let_runners_read(void* file) {
   const PSID who = runner_container().get();
   PACL list = nullptr;
   PSECURITY_DESCRIPTOR descriptor = nullptr;
   if (who == nullptr || ::GetSecurityInfo(file, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr, &list,
                                           nullptr, &descriptor) != ERROR_SUCCESS) {
      return;
   }
   const Local owned(descriptor);
   if (is_allowed(list, who)) return;
   EXPLICIT_ACCESSW access{};
   access.grfAccessPermissions = kRead;
   access.grfAccessMode = GRANT_ACCESS;
   access.grfInheritance = NO_INHERITANCE;
   access.Trustee.TrusteeForm = TRUSTEE_IS_SID;
   access.Trustee.TrusteeType = TRUSTEE_IS_UNKNOWN;
   access.Trustee.ptstrName = static_cast<LPWSTR>(who);
   PACL longer = nullptr;
   if (::SetEntriesInAclW(1, &access, list, &longer) != ERROR_SUCCESS) return;
   const Local owned_too(longer);
   ::SetSecurityInfo(file, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr, longer, nullptr);
}

}  // namespace msp::isolation
