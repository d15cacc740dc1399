# Toolchain: Windows x86-64 from Debian, with mingw-w64 (the posix threads flavour, for std::thread).
# What it is linked with comes from a small tree made of Debian's own packages.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
# GNU's takes a minute for an archive of forty megabytes, LLVM's a second.
find_program(MSP_LLVM_AR llvm-ar)
find_program(MSP_LLVM_RANLIB llvm-ranlib)
if(MSP_LLVM_AR AND MSP_LLVM_RANLIB)
  set(CMAKE_AR ${MSP_LLVM_AR})
  set(CMAKE_RANLIB ${MSP_LLVM_RANLIB})
endif()

if(NOT DEFINED MSP_WINDOWS_PACKAGES)
  set(MSP_WINDOWS_PACKAGES ${CMAKE_BINARY_DIR}/windows-packages)
  execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/mingw-w64-packages.sh ${MSP_WINDOWS_PACKAGES}
                  COMMAND_ERROR_IS_FATAL ANY)
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MSP_WINDOWS_PACKAGES)

set(CMAKE_FIND_ROOT_PATH ${MSP_WINDOWS_PACKAGES} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Programs start without the compiler's own libraries beside them, and LLVM's linker makes them in a second instead of
# half a minute. Plugins are linked as their authors' will be, with the compiler's own linker.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -B${MSP_WINDOWS_PACKAGES}/bin")

# Programs of the build run under Wine, which keeps what it makes in the build tree and needs no screen.
find_program(MSP_WINE NAMES wine64 wine PATHS /usr/lib/wine)
if(MSP_WINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR
      env WINEDEBUG=-all WINEPREFIX=${MSP_WINDOWS_PACKAGES}/wine "WINEDLLOVERRIDES=mscoree,mshtml=" ${MSP_WINE})
endif()
