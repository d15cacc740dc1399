#!/usr/bin/env bash
# mingw-w64-packages.sh DIR - makes DIR a tree in which a cross build finds what it needs: the headers of Boost, RapidJSON,
# spdlog and fmt, which do not differ between systems, and libcurl with Windows' own TLS, built from Debian's sources.
# On Windows itself vcpkg provides all of this (vcpkg.json).
set -euo pipefail
tree=$1
mkdir -p "$tree"/{bin,include} "$tree"/lib/cmake/{CURL,RapidJSON,spdlog}
for library in boost rapidjson spdlog fmt; do
   ln -sfn "/usr/include/$library" "$tree/include/$library"
done

cat >"$tree/lib/cmake/RapidJSON/RapidJSONConfig.cmake" <<'CMAKE'
get_filename_component(RAPIDJSON_INCLUDE_DIRS "${CMAKE_CURRENT_LIST_DIR}/../../../include" ABSOLUTE)
CMAKE
cat >"$tree/lib/cmake/spdlog/spdlogConfig.cmake" <<'CMAKE'
get_filename_component(spdlog_include "${CMAKE_CURRENT_LIST_DIR}/../../../include" ABSOLUTE)
if(NOT TARGET spdlog::spdlog)
  add_library(spdlog::spdlog INTERFACE IMPORTED)
  target_include_directories(spdlog::spdlog SYSTEM INTERFACE ${spdlog_include})
  target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)
endif()
CMAKE
cat >"$tree/lib/cmake/CURL/CURLConfig.cmake" <<'CMAKE'
get_filename_component(curl_tree "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET CURL::libcurl)
  add_library(CURL::libcurl STATIC IMPORTED)
  set_target_properties(CURL::libcurl PROPERTIES
    IMPORTED_LOCATION ${curl_tree}/lib/libcurl.a
    INTERFACE_INCLUDE_DIRECTORIES ${curl_tree}/include
    INTERFACE_COMPILE_DEFINITIONS CURL_STATICLIB
    INTERFACE_LINK_LIBRARIES "ws2_32;crypt32;bcrypt;advapi32;z")
endif()
set(CURL_FOUND TRUE)
CMAKE

# Debian's compiler for Windows knows no -fuse-ld, but looks here (-B) for the program that links.
printf '#!/bin/sh\nexec ld.lld "$@"\n' >"$tree/bin/collect2"
chmod +x "$tree/bin/collect2"

# fetch_source PACKAGE: unpacks Debian's source package into $tree/src. The computer's own package sources are asked, as
# sources of sources and with lists of our own, so that its package management stays as it is.
fetch_source() {
   local apt=$tree/apt
   if [ ! -d "$apt" ]; then
      mkdir -p "$apt"/{parts,lists,cache} "$tree/src"
      for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
         [ ! -f "$list" ] || sed -E 's/^Types:.*/Types: deb-src/; s/^deb /deb-src /' "$list" >"$apt/parts/$(basename "$list")"
      done
   fi
   local options=(-qq -o "Dir::Etc::SourceList=$apt/none" -o "Dir::Etc::SourceParts=$apt/parts"
      -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "APT::Sandbox::User=")
   [ -f "$apt/updated" ] || apt-get "${options[@]}" update
   touch "$apt/updated"
   (cd "$tree/src" && apt-get "${options[@]}" source "$1" >/dev/null)
}

# The part of libcurl that a host needs: HTTP with compression, and Schannel for TLS.
if [ ! -f "$tree/lib/libcurl.a" ]; then
   fetch_source curl
   sources=$(echo "$tree"/src/curl-*/)
   mkdir -p "$sources/lib/x86_64-w64-mingw32"
   CFLAGS=-O1 CPPFLAGS=-DHTTP_ONLY make --silent -C "$sources/lib" -f Makefile.mk -j "$(nproc)" libcurl.a \
      CFG=-schannel-sspi-ipv6-zlib ZLIB_PATH=/usr/x86_64-w64-mingw32 TRIPLET=x86_64-w64-mingw32 CC=x86_64-w64-mingw32-gcc-posix AR=x86_64-w64-mingw32-ar
   cp -r "$sources/include/curl" "$tree/include/"
   cp "$sources/lib/libcurl.a" "$tree/lib/"
fi
