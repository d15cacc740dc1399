// templates.hpp - the files of templates/, in the program.
#pragma once

#include <span>
#include <string_view>

namespace msp::author {

struct TemplateFile {
   std::string_view path;  // "cpp/manifest.json"
   std::string_view text;
};

std::span<const TemplateFile> template_files();

}  // namespace msp::author
