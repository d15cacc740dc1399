// GET checks · POST checks (202; checks without saving) · GET checks/{id} (now) · GET checks/{id}?after=N (waits for
// what follows) · DELETE checks/{id} (cancels) · POST checks/{id}/dismiss (its end was seen) · POST checks/{id}/return
// (the address that a sign-in ended at)
#include <charconv>

#include "msp/host/json_writer.hpp"
#include "store/clock.hpp"
#include "web/answers.hpp"
#include "web/api.hpp"
#include "web/request_json.hpp"

namespace msp::console {
namespace {

using Writer = host::JsonWriter;

void fill_event(Writer& writer, const CheckedOne& one) {
   writer.text("event", "checked");
   writer.number("integration", one.integration);
   writer.text("name", one.name);
   writer.text("platform", one.platform);
   writer.text("state", one.state);
   writer.text("group", one.group);
   writer.text("words", one.words);
   writer.text("reason", one.reason);
   writer.flag("tried", one.tried);
   writer.number("of", one.of);
}

void fill_event(Writer& writer, const SignInWanted& wanted) {
   writer.text("event", wanted.url.empty() ? "sign_in_over" : "sign_in");
   if (wanted.url.empty()) return;
   writer.text("url", wanted.url);
   writer.text("host", wanted.host);
   wanted.user_code.empty() ? writer.null("user_code") : writer.text("user_code", wanted.user_code);
}

void fill_event(Writer& writer, const host::CheckEvent& event) {
   switch (event.kind) {
      case host::CheckEvent::Kind::step_started:
         writer.text("event", "step_started");
         writer.text("step", event.step);
         break;
      case host::CheckEvent::Kind::progress:
         writer.text("event", "progress");
         writer.text("step", event.step);
         writer.text("sentence", event.sentence);
         break;
      case host::CheckEvent::Kind::step_ended:
         writer.text("event", "step_ended");
         writer.text("step", event.step);
         writer.text("status", host::name(event.status));
         writer.number("ms", event.elapsed.count());
         break;
   }
}

void fill_check(Writer& writer, const CheckProgress& check) {
   writer.text("id", check.id);
   writer.text("purpose", name(check.subject.purpose));
   writer.text("platform", check.subject.platform);
   writer.text("name", check.subject.name);
   check.subject.integration ? writer.number("integration", check.subject.integration) : writer.null("integration");
   writer.text("state", check.ended ? "ended" : "running");
   writer.flag("saved", check.result.saved);
   writer.flag("dismissed", check.dismissed);
   writer.text("headline", check.result.words.headline);
   writer.text("started_at", iso_time(check.started_at));
   writer.number("elapsed_ms", check.elapsed.count());
}

void fill_details(Writer& writer, const CheckProgress& check) {
   writer.object("settings", [&] {
      for (const auto& [field, value] : check.subject.settings) writer.text(field, value);
   });
   writer.objects("events", check.events, [&](const CheckMoment& moment) {
      std::visit([&](const auto& event) { fill_event(writer, event); }, moment);
   });
   writer.number("next", check.next);
   writer.text("consequence", check.result.words.consequence);
   check.ended ? writer.document("result", check.result.document) : writer.null("result");
}

HttpResponse check_answer(int status, const host::Result<CheckProgress>& check) {
   if (!check) return error_answer(404, check.finding());
   return json_answer(status, host::json_document(
                                  [&](Writer& writer) {
                                     fill_check(writer, check.value());
                                     fill_details(writer, check.value());
                                  },
                                  host::JsonLayout::compact));
}

std::string list_document(const std::vector<CheckProgress>& checks) {
   return host::json_document(
       [&](Writer& writer) {
          writer.objects("checks", checks, [&](const CheckProgress& check) { fill_check(writer, check); });
       },
       host::JsonLayout::compact);
}

std::size_t read_number(std::string_view text) {
   std::size_t number = 0;
   std::from_chars(text.data(), text.data() + text.size(), number);
   return number;
}

}  // namespace

HttpResponse Api::started(const host::Result<std::string>& id) {
   if (!id) {
      HttpResponse response = error_answer(429, id.finding());
      response.headers.emplace_back("Retry-After", "60");
      return response;
   }
   HttpResponse response = json_answer(
       202, host::json_document([&](Writer& writer) { writer.text("id", id.value()); }, host::JsonLayout::compact));
   response.headers.emplace_back("Location", "/api/v1/checks/" + id.value());
   return response;
}

HttpResponse Api::checks(HttpRequest& request, Words path) {
   if (path.empty()) {
      if (request.method == "GET") return json_answer(200, list_document(jobs_.list()));
      if (request.method == "POST") return start_adding(request, Purpose::try_out);
      return no_such_method("GET, POST");
   }
   const std::string id(path[0]);
   if (path.size() == 2 && path[1] == "dismiss") {
      return request.method == "POST" ? check_answer(200, jobs_.dismiss(id)) : no_such_method("POST");
   }
   // Where a browser cannot come back to this console, a person brings the address that it ended at.
   if (path.size() == 2 && path[1] == "return") {
      if (request.method != "POST") return no_such_method("POST");
      auto address = read_text(std::move(request.body), "address");
      if (!address) return error_answer(400, address.finding());
      if (auto taken = jobs_.take_back(address.value().view()); !taken) return error_answer(400, taken.finding());
      return check_answer(200, jobs_.look(id));
   }
   if (path.size() > 1) return no_such_thing("check");
   if (request.method == "GET") {
      const auto after = request.query.find("after");
      return check_answer(200,
                          after == request.query.end() ? jobs_.look(id) : jobs_.watch(id, read_number(after->second)));
   }
   return request.method == "DELETE" ? check_answer(200, jobs_.cancel(id)) : no_such_method("GET, DELETE");
}

}  // namespace msp::console
