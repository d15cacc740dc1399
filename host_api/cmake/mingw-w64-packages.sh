#!/usr/bin/env bash
# mingw-w64-packages.sh DIR - makes DIR a tree in which a cross build finds what it needs: the headers of Boost, RapidJSON,
# spdlog, fmt and CLI11, which do not differ between systems, and, built from Debian's sources, libcurl with Windows' own
# TLS, SQLiteCpp with SQLite, libsodium, libpsl, utf8proc and OpenSSL. On Windows itself vcpkg provides all of this (vcpkg.json).
set -euo pipefail
tree=$1
mkdir -p "$tree"/{bin,include} "$tree"/lib/cmake/{CLI11,CURL,RapidJSON,SQLiteCpp,spdlog}
for library in boost rapidjson spdlog fmt CLI; do
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
cat >"$tree/lib/cmake/CLI11/CLI11Config.cmake" <<'CMAKE'
get_filename_component(cli11_include "${CMAKE_CURRENT_LIST_DIR}/../../../include" ABSOLUTE)
if(NOT TARGET CLI11::CLI11)
  add_library(CLI11::CLI11 INTERFACE IMPORTED)
  target_include_directories(CLI11::CLI11 SYSTEM INTERFACE ${cli11_include})
endif()
CMAKE
cat >"$tree/lib/cmake/SQLiteCpp/SQLiteCppConfig.cmake" <<'CMAKE'
get_filename_component(sqlitecpp_tree "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET SQLiteCpp)
  add_library(SQLiteCpp STATIC IMPORTED)
  set_target_properties(SQLiteCpp PROPERTIES
    IMPORTED_LOCATION ${sqlitecpp_tree}/lib/libSQLiteCpp.a
    INTERFACE_INCLUDE_DIRECTORIES ${sqlitecpp_tree}/include
    INTERFACE_LINK_LIBRARIES ${sqlitecpp_tree}/lib/libsqlite3.a)
endif()
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

target=x86_64-w64-mingw32
compiler=$target-gcc-posix

# The part of libcurl that a host needs: HTTP with compression, and Schannel for TLS.
if [ ! -f "$tree/lib/libcurl.a" ]; then
   fetch_source curl
   sources=$(echo "$tree"/src/curl-*/)
   mkdir -p "$sources/lib/$target"
   CFLAGS=-O1 CPPFLAGS=-DHTTP_ONLY make --silent -C "$sources/lib" -f Makefile.mk -j "$(nproc)" libcurl.a \
      CFG=-schannel-sspi-ipv6-zlib ZLIB_PATH=/usr/$target TRIPLET=$target CC=$compiler AR=$target-ar
   cp -r "$sources/include/curl" "$tree/include/"
   cp "$sources/lib/libcurl.a" "$tree/lib/"
fi

# SQLiteCpp brings SQLite with it.
if [ ! -f "$tree/lib/libSQLiteCpp.a" ]; then
   fetch_source sqlitecpp
   sources=$(echo "$tree"/src/sqlitecpp-*/)
   objects=$tree/objects/sqlitecpp
   mkdir -p "$objects"
   $compiler -O1 -w -c "$sources/sqlite3/sqlite3.c" -o "$objects/sqlite3.o" &
   for source in "$sources"/src/*.cpp; do
      $target-g++-posix -O1 -w -I"$sources/include" -I"$sources/sqlite3" -c "$source" -o "$objects/$(basename "$source").o"
   done
   wait $!
   cp -r "$sources/include/SQLiteCpp" "$sources/sqlite3/sqlite3.h" "$tree/include/"
   $target-ar rcs "$tree/lib/libsqlite3.a" "$objects/sqlite3.o"
   $target-ar rcs "$tree/lib/libSQLiteCpp.a" "$objects"/*.cpp.o
fi

# libsodium's own build wants tools of another age; all that it decides is said here.
if [ ! -f "$tree/lib/libsodium.a" ]; then
   fetch_source libsodium
   sources=$(echo "$tree"/src/libsodium-*/)/src/libsodium
   objects=$tree/objects/libsodium
   mkdir -p "$objects"
   cp "$sources/../../builds/msvc/version.h" "$sources/include/sodium/"
   (cd "$sources" && find . -name '*.c' -print0 | xargs -0 -P "$(nproc)" -I{} sh -c '"$@" -o "$0/$(echo {} | tr / _)_.o"' \
      "$objects" $compiler -O1 -w -DCONFIGURED=1 -DSODIUM_STATIC -DNATIVE_LITTLE_ENDIAN=1 -DHAVE_TI_MODE=1 \
      -Iinclude -Iinclude/sodium -c {})
   cp -r "$sources"/include/sodium* "$tree/include/"
   $target-ar rcs "$tree/lib/libsodium.a" $(find "$objects" -name '*.o')
fi

if [ ! -f "$tree/lib/libutf8proc.a" ]; then
   fetch_source utf8proc
   sources=$(echo "$tree"/src/utf8proc-*/)
   $compiler -O1 -w -DUTF8PROC_STATIC -c "$sources/utf8proc.c" -o "$tree/objects/utf8proc.o"
   sed 's/#ifdef UTF8PROC_STATIC/#if 1/' "$sources/utf8proc.h" >"$tree/include/utf8proc.h"
   $target-ar rcs "$tree/lib/libutf8proc.a" "$tree/objects/utf8proc.o"
fi

# The public suffix list comes with Debian's package publicsuffix, as text.
if [ ! -f "$tree/lib/libpsl.a" ]; then
   fetch_source libpsl
   sources=$(echo "$tree"/src/libpsl-*/)
   mkdir -p "$tree/objects/libpsl"
   python3 "$sources/src/psl-make-dafsa" --output-format=cxx+ /usr/share/publicsuffix/public_suffix_list.dat \
      "$sources/src/suffixes_dafsa.h"
   sed -E 's/@LIBPSL_VERSION_NUMBER@/0x001502/; s/@LIBPSL_VERSION(_[A-Z]+)?@/0/; 1i #define PSL_STATIC' \
      "$sources/include/libpsl.h.in" >"$tree/include/libpsl.h"
   for source in psl lookup_string_in_fixed_set; do
      $compiler -O1 -w -DENABLE_BUILTIN '-DPACKAGE_VERSION="0.21"' -I"$tree/include" -I"$sources/src" \
         -c "$sources/src/$source.c" -o "$tree/objects/libpsl/$source.o"
   done
   $target-ar rcs "$tree/lib/libpsl.a" "$tree"/objects/libpsl/*.o
fi

# OpenSSL, for the certificate that the page is served with and for the simulators; without what nobody here speaks.
if [ ! -f "$tree/lib/libssl.a" ]; then
   fetch_source openssl/bookworm
   sources=$(echo "$tree"/src/openssl-*/)
   (cd "$sources" &&
      ./Configure mingw64 --cross-compile-prefix=$target- CC=gcc-posix -O1 -w no-shared no-tests no-module no-engine \
         no-legacy no-dso no-comp no-ui-console no-capieng no-asm no-dtls no-srp no-srtp no-psk no-ct no-cmp no-cms no-ts \
         no-aria no-bf no-blake2 no-camellia no-cast no-gost no-idea no-mdc2 no-rc2 no-rc4 no-seed no-siphash no-sm2 \
         no-sm3 no-sm4 no-whirlpool >/dev/null &&
      make --silent -j "$(nproc)" build_generated libcrypto.a libssl.a)
   cp -r "$sources/include/openssl" "$tree/include/"
   cp "$sources/libcrypto.a" "$sources/libssl.a" "$tree/lib/"
fi
