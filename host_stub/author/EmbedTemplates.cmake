# cmake -D DIRECTORY=templates -D OUTPUT=templates.cpp -P EmbedTemplates.cmake: writes every file as bytes.
file(GLOB_RECURSE files RELATIVE ${DIRECTORY} ${DIRECTORY}/*)
set(arrays "")
set(list "")
set(number 0)
foreach(file ${files})
  file(READ ${DIRECTORY}/${file} bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(REPLACE "'\\x0a'," "'\\x0a',\n   " bytes "${bytes}")
  string(APPEND arrays "constexpr char kFile${number}[] = {\n   ${bytes}};\n")
  string(APPEND list "   {\"${file}\", {kFile${number}, sizeof kFile${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Made of templates/ by EmbedTemplates.cmake.
#include \"author/templates.hpp\"

namespace msp::author {
namespace {

${arrays}
constexpr TemplateFile kFiles[] = {
${list}};

}  // namespace

std::span<const TemplateFile> template_files() { return kFiles; }

}  // namespace msp::author
")
