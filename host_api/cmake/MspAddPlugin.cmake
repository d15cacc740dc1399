# msp_add_plugin(<target> MANIFEST <file> SOURCES <file>... [OUTPUT_DIRECTORY <dir>])
#
# Builds <target>.so (on Windows <target>.dll): the plugin in one file, ready to be dropped into a console's plugin
# directory, hardened as the console itself is (MspHardening.cmake). It embeds the manifest, exports exactly the two symbols of msp/plugin.h, and refuses to link when a symbol
# is missing. Sources may be C, C++ or both. Link further libraries with target_link_libraries(<target> PRIVATE ...).
# OUTPUT_DIRECTORY is ${CMAKE_BINARY_DIR}/plugins unless given.

include(${CMAKE_CURRENT_LIST_DIR}/MspHardening.cmake)

function(msp_add_plugin target)
  cmake_parse_arguments(PARSE_ARGV 1 plugin "" "MANIFEST;OUTPUT_DIRECTORY" "SOURCES")
  if(NOT plugin_MANIFEST OR NOT plugin_SOURCES OR plugin_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: msp_add_plugin(<target> MANIFEST <file> SOURCES <file>... [OUTPUT_DIRECTORY <dir>])")
  endif()
  if(NOT plugin_OUTPUT_DIRECTORY)
    set(plugin_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  endif()
  cmake_path(ABSOLUTE_PATH plugin_MANIFEST NORMALIZE)

  # The generated source is valid C and C++; it takes a language that is switched on here: another directory's is none.
  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${target}_manifest.c)
  if(NOT DEFINED CMAKE_C_COMPILE_OBJECT)
    set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${target}_manifest.cpp)
  endif()
  # Where the author's command is installed, a manifest that is wrong fails the build.
  set(judge "")
  if(MSP_PLUGIN_PROGRAM)
    set(judge COMMAND ${MSP_PLUGIN_PROGRAM} manifest ${plugin_MANIFEST})
  endif()
  add_custom_command(
    OUTPUT ${embedded}
    ${judge}
    COMMAND ${CMAKE_COMMAND} -D INPUT=${plugin_MANIFEST} -D OUTPUT=${embedded} -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/MspEmbedManifest.cmake
    DEPENDS ${plugin_MANIFEST} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/MspEmbedManifest.cmake
    COMMENT "Embedding the manifest of ${target}"
    VERBATIM)

  add_library(${target} MODULE ${plugin_SOURCES} ${embedded})
  target_link_libraries(${target} PRIVATE msp::abi)
  msp_hardening(hardened_compile hardened_link)
  target_compile_options(${target} PRIVATE ${hardened_compile})
  target_link_options(${target} PRIVATE ${hardened_link})
  set_target_properties(${target} PROPERTIES
    PREFIX ""
    LIBRARY_OUTPUT_DIRECTORY ${plugin_OUTPUT_DIRECTORY}
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)

  if(WIN32)
    # Nothing of the compiler's may have to lie beside the plugin.
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/msp_plugin.def)
    if(MINGW)
      target_link_options(${target} PRIVATE -static -static-libgcc -static-libstdc++)
    endif()
  else()
    # Hidden visibility alone leaks the standard library's templates; the version script does not.
    set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/msp_plugin.map)
    target_link_options(${target} PRIVATE "LINKER:--version-script=${exports}" LINKER:-z,nodelete)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${exports})
    # A sanitizer's own symbols are found in the program only when it runs.
    if(NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
      target_link_options(${target} PRIVATE LINKER:-z,defs)
    endif()
  endif()
endfunction()
