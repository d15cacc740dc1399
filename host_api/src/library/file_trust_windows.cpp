#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <array>
#include <memory>
#include <system_error>

#include "base/handles_windows.hpp"
#include "base/plugin_defect.hpp"
#include "library/file_trust.hpp"
#include "msp/host/trusted_path.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr DWORD kChangeRights = FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_ATTRIBUTES | FILE_WRITE_EA |
                                FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL;

Handle open_existing(const fs::path& path, DWORD access, DWORD flags) {
   void* handle = CreateFileW(path.c_str(), access, kShareAll, nullptr, OPEN_EXISTING, flags, nullptr);
   return Handle(handle == INVALID_HANDLE_VALUE ? nullptr : handle);
}

std::string reason(DWORD error) { return std::system_category().message(static_cast<int>(error)); }

bool is_current_user(PSID sid) {
   void* token = nullptr;
   if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
   const Handle owned(token);
   alignas(TOKEN_USER) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> buffer{};
   DWORD size = 0;
   if (!GetTokenInformation(token, TokenUser, buffer.data(), static_cast<DWORD>(buffer.size()), &size)) return false;
   return EqualSid(sid, reinterpret_cast<const TOKEN_USER*>(buffer.data())->User.Sid) != 0;
}

bool is_trusted_installer(PSID sid) {
   PSID installer = nullptr;
   if (!ConvertStringSidToSidW(L"S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", &installer))
      return false;
   const Local<void> owned(installer);
   return EqualSid(sid, installer) != 0;
}

bool is_trusted(PSID sid) {
   return is_current_user(sid) || IsWellKnownSid(sid, WinLocalSystemSid) ||
          IsWellKnownSid(sid, WinBuiltinAdministratorsSid) || IsWellKnownSid(sid, WinCreatorOwnerSid) ||
          IsWellKnownSid(sid, WinCreatorOwnerRightsSid) || is_trusted_installer(sid);
}

// Whether an entry of the access list lets somebody else change the thing. Entries that only pass on to children count
// for the children.
bool lets_others_change(const ACCESS_ALLOWED_ACE& ace) {
   if (ace.Header.AceType != ACCESS_ALLOWED_ACE_TYPE || (ace.Header.AceFlags & INHERIT_ONLY_ACE) != 0) return false;
   PSID sid = const_cast<DWORD*>(&ace.SidStart);
   return (ace.Mask & kChangeRights) != 0 && !is_trusted(sid);
}

// `what` is "file" or "directory".
Result<void> others_can_change(HANDLE handle, const std::string& what) {
   PSID owner = nullptr;
   PACL list = nullptr;
   PSECURITY_DESCRIPTOR descriptor = nullptr;
   const DWORD error = GetSecurityInfo(handle, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                                       &owner, nullptr, &list, nullptr, &descriptor);
   if (error != ERROR_SUCCESS) {
      return plugin_defect("The rights of the " + what + " cannot be read: " + reason(error) + ".",
                           "Let the console's user read them.");
   }
   const Local<void> owned(descriptor);
   if (!is_trusted(owner)) {
      return plugin_defect("The " + what + " belongs to another user, who could change it at any time.",
                           "Make the administrators or the console's user its owner.");
   }
   bool others = list == nullptr;  // no list at all: everybody may do everything
   for (DWORD i = 0; !others && i < list->AceCount; ++i) {
      void* ace = nullptr;
      others = !GetAce(list, i, &ace) || lets_others_change(*static_cast<const ACCESS_ALLOWED_ACE*>(ace));
   }
   if (!others) return {};
   return plugin_defect("The " + what + " can be changed by other users.",
                        "In its properties, under Security, leave the right to change it to the administrators and the "
                        "console's user.");
}

Finding cannot_open(DWORD error) {
   return plugin_defect("The file cannot be read: " + reason(error) + ".", "Let the console's user read it.");
}

}  // namespace

Result<std::string> read_trusted_file(const fs::path& file, std::size_t max_bytes) {
   const Handle opened = open_existing(file, GENERIC_READ | READ_CONTROL, FILE_FLAG_OPEN_REPARSE_POINT);
   if (!opened) {
      if (fs::is_directory(file))
         return plugin_defect("It is not a regular file.", "Remove it from the plugin directory.");
      return cannot_open(GetLastError());
   }
   BY_HANDLE_FILE_INFORMATION information{};
   if (!GetFileInformationByHandle(opened.get(), &information)) return cannot_open(GetLastError());
   if ((information.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
      return plugin_defect("The file is a symbolic link, and links are not followed.",
                           "Put the plugin's library itself into the plugin directory.");
   }
   if (auto done = others_can_change(opened.get(), "file"); !done) return done.finding();
   const std::uint64_t size = (std::uint64_t{information.nFileSizeHigh} << 32U) | information.nFileSizeLow;
   if (size > max_bytes) {
      return plugin_defect(
          "The file is longer than the " + std::to_string(max_bytes) + " bytes that a plugin may have.",
          "Drop the plugin's library itself into the plugin directory.");
   }
   std::string bytes(static_cast<std::size_t>(size), '\0');
   std::size_t filled = 0;
   while (filled < bytes.size()) {
      DWORD count = 0;
      if (!ReadFile(opened.get(), bytes.data() + filled, static_cast<DWORD>(bytes.size() - filled), &count, nullptr)) {
         return cannot_open(GetLastError());
      }
      if (count == 0) break;
      filled += count;
   }
   bytes.resize(filled);
   return bytes;
}

Result<void> distrust_directory(const fs::path& directory) {
   std::error_code error;
   const fs::file_status status = fs::status(directory, error);
   if (status.type() == fs::file_type::not_found) {
      return plugin_defect("The directory does not exist.", "Make it: mkdir \"" + directory.string() + "\"");
   }
   if (status.type() != fs::file_type::directory) {
      return plugin_defect("It is not a directory.", "Name the directory that holds the plugins.");
   }
   const Handle opened = open_existing(directory, READ_CONTROL, FILE_FLAG_BACKUP_SEMANTICS);
   if (!opened) {
      return plugin_defect("The directory cannot be read: " + reason(GetLastError()) + ".",
                           "Let the console's user read it.");
   }
   return others_can_change(opened.get(), "directory");
}

Result<void> distrust_way_to(const fs::path& /*path*/) { return {}; }

std::optional<FileMark> mark_of(const fs::path& file) {
   const Handle opened = open_existing(file, FILE_READ_ATTRIBUTES, FILE_FLAG_OPEN_REPARSE_POINT);
   BY_HANDLE_FILE_INFORMATION information{};
   FILE_BASIC_INFO times{};
   if (!opened || !GetFileInformationByHandle(opened.get(), &information) ||
       !GetFileInformationByHandleEx(opened.get(), FileBasicInfo, &times, sizeof times)) {
      return std::nullopt;
   }
   const auto wide = [](DWORD high, DWORD low) { return (std::uint64_t{high} << 32U) | low; };
   return FileMark{information.dwVolumeSerialNumber, wide(information.nFileIndexHigh, information.nFileIndexLow),
                   wide(information.nFileSizeHigh, information.nFileSizeLow), times.LastWriteTime.QuadPart,
                   times.ChangeTime.QuadPart};
}

}  // namespace msp::host
