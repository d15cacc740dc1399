// GET checks · POST checks (202; checks without saving) · GET checks/{id} (now) · GET checks/{id}?after=N (waits for
// what follows) DELETE checks/{id} (cancels)
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>

#include "answers.hpp"
#include "api.hpp"
#include "clock.hpp"
#include "msp/host/text.hpp"

namespace msp::console {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void text(Writer& writer, const char* key, std::string_view value) {
   writer.Key(key);
   writer.String(host::clean_text(value, 65'536));
}

void write_event(Writer& writer, const CheckedOne& one) {
   writer.StartObject();
   text(writer, "event", "checked");
   writer.Key("integration");
   writer.Int64(one.integration);
   text(writer, "name", one.name);
   text(writer, "platform", one.platform);
   text(writer, "state", one.state);
   text(writer, "reason", one.reason);
   writer.Key("tried");
   writer.Bool(one.tried);
   writer.Key("of");
   writer.Uint64(one.of);
   writer.EndObject();
}

void write_event(Writer& writer, const host::CheckEvent& event) {
   writer.StartObject();
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
         writer.Key("ms");
         writer.Int64(event.elapsed.count());
         break;
   }
   writer.EndObject();
}

void write_check(Writer& writer, const CheckProgress& check, bool details) {
   writer.StartObject();
   text(writer, "id", check.id);
   text(writer, "purpose", name(check.subject.purpose));
   text(writer, "platform", check.subject.platform);
   text(writer, "name", check.subject.name);
   writer.Key("integration");
   check.subject.integration ? writer.Int64(check.subject.integration) : writer.Null();
   text(writer, "state", check.ended ? "ended" : "running");
   text(writer, "started_at", iso_time(check.started_at));
   writer.Key("elapsed_ms");
   writer.Int64(check.elapsed.count());
   if (details) {
      writer.Key("settings");
      writer.StartObject();
      for (const auto& [field, value] : check.subject.settings) text(writer, field.c_str(), value);
      writer.EndObject();
      writer.Key("events");
      writer.StartArray();
      for (const CheckMoment& moment : check.events) {
         std::visit([&](const auto& event) { write_event(writer, event); }, moment);
      }
      writer.EndArray();
      writer.Key("next");
      writer.Uint64(check.next);
      text(writer, "headline", check.result.words.headline);
      text(writer, "consequence", check.result.words.consequence);
      writer.Key("result");
      if (check.ended)
         writer.RawValue(check.result.document.data(), check.result.document.size(), rapidjson::kObjectType);
      else
         writer.Null();
   }
   writer.EndObject();
}

HttpResponse check_answer(int status, const host::Result<CheckProgress>& check) {
   if (!check) return error_answer(404, check.problem());
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   write_check(writer, check.value(), true);
   return json_answer(status, std::string(buffer.GetString(), buffer.GetSize()) + "\n");
}

std::string list_document(const std::vector<CheckProgress>& checks) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   writer.StartObject();
   writer.Key("checks");
   writer.StartArray();
   for (const CheckProgress& check : checks) write_check(writer, check, false);
   writer.EndArray();
   writer.EndObject();
   return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

std::size_t read_number(std::string_view text) {
   std::size_t number = 0;
   std::from_chars(text.data(), text.data() + text.size(), number);
   return number;
}

}  // namespace

HttpResponse Api::started(const host::Result<std::string>& id) {
   if (!id) {
      HttpResponse response = error_answer(429, id.problem());
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
   if (path.size() > 1) return no_such_thing("check");
   const std::string id(path[0]);
   if (request.method == "GET") {
      const auto after = request.query.find("after");
      return check_answer(200,
                          after == request.query.end() ? jobs_.look(id) : jobs_.watch(id, read_number(after->second)));
   }
   return request.method == "DELETE" ? check_answer(200, jobs_.cancel(id)) : no_such_method("GET, DELETE");
}

}  // namespace msp::console
