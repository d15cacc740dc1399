// GET checks · POST checks (202; checks without saving) · GET checks/{id} (now) · GET checks/{id}?after=N (waits for
// what follows) · DELETE checks/{id} (cancels) · POST checks/{id}/dismiss (its end was seen)
#include <charconv>

#include "store/clock.hpp"
#include "web/answers.hpp"
#include "web/api.hpp"
#include "words/json_members.hpp"

namespace msp::console {
namespace {

using Writer = CompactWriter;

void fill_event(Writer& writer, const CheckedOne& one) {
   text(writer, "event", "checked");
   number(writer, "integration", one.integration);
   text(writer, "name", one.name);
   text(writer, "platform", one.platform);
   text(writer, "state", one.state);
   text(writer, "group", one.group);
   text(writer, "words", one.words);
   text(writer, "reason", one.reason);
   flag(writer, "tried", one.tried);
   number(writer, "of", one.of);
}

void fill_event(Writer& writer, const host::CheckEvent& event) {
   switch (event.kind) {
      case host::CheckEvent::Kind::step_started:
         text(writer, "event", "step_started");
         text(writer, "step", event.step);
         break;
      case host::CheckEvent::Kind::progress:
         text(writer, "event", "progress");
         text(writer, "step", event.step);
         text(writer, "sentence", event.sentence);
         break;
      case host::CheckEvent::Kind::step_ended:
         text(writer, "event", "step_ended");
         text(writer, "step", event.step);
         text(writer, "status", host::name(event.status));
         number(writer, "ms", event.elapsed.count());
         break;
   }
}

void fill_check(Writer& writer, const CheckProgress& check) {
   text(writer, "id", check.id);
   text(writer, "purpose", name(check.subject.purpose));
   text(writer, "platform", check.subject.platform);
   text(writer, "name", check.subject.name);
   check.subject.integration ? number(writer, "integration", check.subject.integration) : null(writer, "integration");
   text(writer, "state", check.ended ? "ended" : "running");
   flag(writer, "saved", check.result.saved);
   flag(writer, "dismissed", check.dismissed);
   text(writer, "headline", check.result.words.headline);
   text(writer, "started_at", iso_time(check.started_at));
   number(writer, "elapsed_ms", check.elapsed.count());
}

void fill_details(Writer& writer, const CheckProgress& check) {
   object(writer, "settings", [&] {
      for (const auto& [field, value] : check.subject.settings) text(writer, field.c_str(), value);
   });
   objects(writer, "events", check.events, [&](const CheckMoment& moment) {
      std::visit([&](const auto& event) { fill_event(writer, event); }, moment);
   });
   number(writer, "next", check.next);
   text(writer, "consequence", check.result.words.consequence);
   check.ended ? document(writer, "result", check.result.document) : null(writer, "result");
}

HttpResponse check_answer(int status, const host::Result<CheckProgress>& check) {
   if (!check) return error_answer(404, check.finding());
   return json_answer(status, document<Writer>([&](Writer& writer) {
                         fill_check(writer, check.value());
                         fill_details(writer, check.value());
                      }));
}

std::string list_document(const std::vector<CheckProgress>& checks) {
   return document<Writer>([&](Writer& writer) {
      objects(writer, "checks", checks, [&](const CheckProgress& check) { fill_check(writer, check); });
   });
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
   HttpResponse response = json_answer(202, "{\"id\":\"" + id.value() + "\"}\n");
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
   if (path.size() > 1) return no_such_thing("check");
   if (request.method == "GET") {
      const auto after = request.query.find("after");
      return check_answer(200,
                          after == request.query.end() ? jobs_.look(id) : jobs_.watch(id, read_number(after->second)));
   }
   return request.method == "DELETE" ? check_answer(200, jobs_.cancel(id)) : no_such_method("GET, DELETE");
}

}  // namespace msp::console
