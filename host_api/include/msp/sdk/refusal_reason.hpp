// msp/sdk/refusal_reason.hpp - whether a platform's own words say why it refused a sign-in.
#pragma once

#include <initializer_list>
#include <string_view>

#include "msp/sdk/text.hpp"

namespace msp::sdk {

enum class Reason {
   none,     // no words, several possibilities, or only that the sign-in is refused
   stated,   // a reason that has no code of its own
   locked,   // unmistakably: the user is locked
   expired,  // unmistakably: the password, token or user has expired
};

inline const char* code_of(Reason reason) noexcept {
   if (reason == Reason::locked) return "auth.locked";
   return reason == Reason::expired ? "auth.expired" : "auth.rejected";
}

// Reads English, as platforms' interfaces speak it; words in another language are a stated reason. [any-thread]
inline Reason reason_of(std::string_view words) {
   const std::string_view text = trim(words);
   const auto holds_one_of = [&](std::initializer_list<std::string_view> parts) {
      for (const std::string_view part : parts)
         if (contains_ignoring_case(text, part)) return true;
      return false;
   };
   if (text.empty() || holds_one_of({" or ", " may ", " might ", "possibl", " could be ", " whether ", " if "}))
      return Reason::none;

   const bool one_word = text.find(' ') == std::string_view::npos;
   const bool about_the_user =
       one_word || holds_one_of({"account", "user", "login", "logon", "password", "token", "credential", "resource"});
   const bool about_something_else = holds_one_of({"session", "licen", "trial", "subscription", "certificate"});
   if (about_the_user && !about_something_else && !holds_one_of({" not ", "n't ", "unlocked", "blocked"})) {
      const bool locked = holds_one_of({"locked"});
      if (const bool expired = holds_one_of({"expired"}); locked != expired)
         return locked ? Reason::locked : Reason::expired;
   }
   if (holds_one_of({"locked", "expired", "disabled", "inactive", "revoked", "suspended", "address", "scope"}))
      return Reason::stated;
   const bool only_refused =
       one_word || holds_one_of({"denied", "unauthori", "not authori", "forbidden"}) ||
       (holds_one_of({"invalid", "incorrect", "wrong", "bad ", "fail"}) &&
        holds_one_of({"credential", "password", "user", "login", "logon", "sign-in", "authenti", "token"}));
   return only_refused ? Reason::none : Reason::stated;
}

}  // namespace msp::sdk
