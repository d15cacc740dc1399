# find_package(msp): msp::abi, msp::sdk, msp::plugin_test and msp_add_plugin(), which need nothing but RapidJSON's headers.
# find_package(msp COMPONENTS host) adds msp::host, the library that a console loads plugins with.
include(CMakeFindDependencyMacro)
get_filename_component(msp_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET msp::abi)
  add_library(msp::abi INTERFACE IMPORTED)
  set_target_properties(msp::abi PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${msp_prefix}/include")

  find_dependency(RapidJSON)
  add_library(msp::sdk INTERFACE IMPORTED)
  set_target_properties(msp::sdk PROPERTIES INTERFACE_COMPILE_FEATURES cxx_std_17
    INTERFACE_COMPILE_DEFINITIONS RAPIDJSON_HAS_STDSTRING=1 INTERFACE_LINK_LIBRARIES msp::abi
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${RAPIDJSON_INCLUDE_DIRS}")

  add_library(msp::plugin_test INTERFACE IMPORTED)
  set_target_properties(msp::plugin_test PROPERTIES INTERFACE_LINK_LIBRARIES msp::sdk)
endif()

if("host" IN_LIST msp_FIND_COMPONENTS AND NOT TARGET msp::host)
  find_dependency(Threads)
  find_dependency(spdlog)
  find_dependency(CURL)
  find_library(msp_psl psl REQUIRED)
  add_library(msp::host STATIC IMPORTED)
  set_target_properties(msp::host PROPERTIES IMPORTED_LOCATION "${msp_prefix}/lib/libmsp_host.a"
    IMPORTED_LINK_INTERFACE_LANGUAGES CXX INTERFACE_COMPILE_FEATURES cxx_std_20)
  set(msp_libraries msp::abi spdlog::spdlog CURL::libcurl ${msp_psl} Threads::Threads)
  if(WIN32)
    list(APPEND msp_libraries bcrypt crypt32 advapi32)
  else()
    find_dependency(OpenSSL)
    list(APPEND msp_libraries OpenSSL::SSL OpenSSL::Crypto ${CMAKE_DL_LIBS})
  endif()
  set_property(TARGET msp::host PROPERTY INTERFACE_LINK_LIBRARIES ${msp_libraries})
  set(msp_host_FOUND TRUE)
endif()
foreach(component ${msp_FIND_COMPONENTS})
  if(NOT component STREQUAL "host")
    set(msp_FOUND FALSE)
    set(msp_NOT_FOUND_MESSAGE "msp has no component \"${component}\"; it has \"host\".")
    return()
  endif()
endforeach()

# The author's command, which judges manifests while a plugin is built. That of another system runs where its programs
# can (CMAKE_CROSSCOMPILING_EMULATOR).
set(msp_plugin_program "${msp_prefix}/bin/msp-plugin${CMAKE_EXECUTABLE_SUFFIX}")
if(EXISTS "${msp_plugin_program}" AND NOT CMAKE_CROSSCOMPILING)
  set(MSP_PLUGIN_PROGRAM "${msp_plugin_program}")
elseif(EXISTS "${msp_plugin_program}" AND CMAKE_CROSSCOMPILING_EMULATOR)
  set(MSP_PLUGIN_PROGRAM ${CMAKE_CROSSCOMPILING_EMULATOR} "${msp_plugin_program}")
endif()
include("${CMAKE_CURRENT_LIST_DIR}/MspAddPlugin.cmake")
