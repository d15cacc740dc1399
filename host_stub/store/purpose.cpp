#include "store/purpose.hpp"

namespace msp::console {

std::string_view name(Purpose purpose) noexcept {
   switch (purpose) {
      case Purpose::add:
         return "add";
      case Purpose::try_out:
         return "try_out";
      case Purpose::check:
         return "check";
      case Purpose::edit:
         return "edit";
      case Purpose::check_all:
         return "check_all";
      case Purpose::sign_in:
         return "sign_in";
   }
   return "";
}

}  // namespace msp::console
