# A port of this source tree: vcpkg install msp --overlay-ports=host_api/install/vcpkg
get_filename_component(SOURCE_PATH "${CURRENT_PORT_DIR}/../../../.." ABSOLUTE)

vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}" OPTIONS -DMSP_BUILD_TESTS=OFF -DMSP_BUILD_BENCH=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME msp CONFIG_PATH lib/cmake/msp)
vcpkg_fixup_pkgconfig()
vcpkg_copy_tools(TOOL_NAMES msp-console msp-plugin msp-sim AUTO_CLEAN)
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
