# "cpack -G DEB", "cpack -G TGZ" and, of the Windows build, "cpack -G ZIP", in a build tree.
set(CPACK_PACKAGE_NAME msp)
set(CPACK_PACKAGE_VENDOR "MSP platform plugins")
set(CPACK_PACKAGE_CONTACT "The MSP platform plugins authors <msp-plugins@example.org>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Platform plugins for MSP consoles")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGE_FILE_NAME msp-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL dev console plugins)
set(CPACK_VERBATIM_VARIABLES ON)

# The archives hold everything below one directory; each .deb is a component.
set(CPACK_ARCHIVE_COMPONENT_INSTALL OFF)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "https://msp-plugins.example.org/")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
if(NOT WIN32)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
endif()

set(CPACK_DEBIAN_CONSOLE_PACKAGE_NAME msp-console)
set(CPACK_COMPONENT_CONSOLE_DESCRIPTION "console for platform plugins
 Connects to the platforms that managed-service providers work with, through
 one plugin for each: on the command line and as a page in the browser. Credentials
 and their permission level are checked before anything is saved.")
set(CPACK_DEBIAN_CONSOLE_PACKAGE_RECOMMENDS msp-plugins)

set(CPACK_DEBIAN_PLUGINS_PACKAGE_NAME msp-plugins)
set(CPACK_COMPONENT_PLUGINS_DESCRIPTION "platform plugins for Autotask and Kaseya VSA
 One library for each platform, which a console loads once an administrator has
 approved it. Each says which hosts it may talk to and which rights it needs.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libmsp-host-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS rapidjson-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "libcurl4-openssl-dev, libpsl-dev, libspdlog-dev, libssl-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS msp-console)
set(CPACK_COMPONENT_DEV_DESCRIPTION "kit for authors of platform plugins and for consoles
 The contract as C headers, an SDK in C++17, the library that a console loads
 plugins with, simulators of platforms, and msp-plugin, which makes, checks and
 tries plugins.")

# What Debian wants beside each package.
if(UNIX)
  find_program(MSP_GZIP gzip)
  file(READ ${PROJECT_SOURCE_DIR}/LICENSE license)
  string(REGEX REPLACE "^MIT License\n\n" "" license "${license}")
  string(REGEX REPLACE "\n\n" "\n.\n" license "${license}")
  string(REGEX REPLACE "\n" "\n " license "${license}")
  file(CONFIGURE OUTPUT copyright CONTENT
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: msp\n\nFiles: *\nCopyright: 2026 The MSP platform plugins authors\nLicense: Expat\n @license@\n" @ONLY)
  foreach(pair "console;msp-console" "plugins;msp-plugins" "dev;libmsp-host-dev")
    list(GET pair 0 component)
    list(GET pair 1 package)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/copyright DESTINATION share/doc/${package} COMPONENT ${component})
    if(MSP_GZIP)
      file(CONFIGURE OUTPUT ${package}/changelog CONTENT
        "${package} (@PROJECT_VERSION@) unstable; urgency=medium\n\n  * See CHANGELOG.md of the project.\n\n -- @CPACK_PACKAGE_CONTACT@  Sat, 28 Nov 2026 00:00:00 +0000\n" @ONLY)
      execute_process(COMMAND ${MSP_GZIP} -9nkf ${CMAKE_CURRENT_BINARY_DIR}/${package}/changelog COMMAND_ERROR_IS_FATAL ANY)
      install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${package}/changelog.gz DESTINATION share/doc/${package} COMPONENT ${component})
    endif()
  endforeach()
endif()
include(CPack)
