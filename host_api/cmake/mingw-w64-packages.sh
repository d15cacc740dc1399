#!/usr/bin/env bash
# mingw-w64-packages.sh DIR - makes DIR a tree in which a cross build finds what does not differ between systems:
# the headers of Boost, RapidJSON, spdlog, fmt and libcurl, and an import library for libcurl.dll.
# On Windows itself vcpkg provides all of this (vcpkg.json).
set -euo pipefail
tree=$1
mkdir -p "$tree"/include "$tree"/lib/cmake/{RapidJSON,spdlog}
for library in boost rapidjson spdlog fmt; do
   ln -sfn "/usr/include/$library" "$tree/include/$library"
done
ln -sfn /usr/include/x86_64-linux-gnu/curl "$tree/include/curl"

{
   echo "LIBRARY libcurl-x64.dll"
   echo EXPORTS
   nm -D --defined-only /usr/lib/x86_64-linux-gnu/libcurl.so | sed -nE 's/.* T (curl_[a-z_0-9]+)(@.*)?$/   \1/p'
} >"$tree/lib/libcurl.def"
x86_64-w64-mingw32-dlltool -d "$tree/lib/libcurl.def" -l "$tree/lib/libcurl.dll.a"

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
