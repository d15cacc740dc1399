#include "words/remark_words.hpp"

namespace msp::console {

std::string remark_words(const host::Remarks& remarks) {
   std::string text;
   const auto count = [&](int number, const std::string& what) {
      if (number > 0) text += (text.empty() ? "" : ", ") + std::to_string(number) + " " + what;
   };
   count(remarks.unverified, "to confirm");
   count(remarks.restricted, "restricted");
   count(remarks.missing_optional, "optional missing");
   if (remarks.deprecated > 0) text += std::string(text.empty() ? "" : ", ") + "sign-in method to replace";
   count(remarks.other, remarks.other == 1 ? "warning" : "warnings");
   return text;
}

}  // namespace msp::console
