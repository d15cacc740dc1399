// GET plugins · GET plugins/{id} · POST plugins/{id}/enable {"sha256"} · POST plugins/{id}/disable|release
// POST plugins/{id}/isolation {"isolation"}
#include "msp/host/ascii.hpp"
#include "web/answers.hpp"
#include "web/api.hpp"
#include "web/request_json.hpp"
#include "words/documents.hpp"

namespace msp::console {
namespace {

HttpResponse refused(const host::Finding& problem) {
   return error_answer(problem.code == "plugin.missing" ? 404 : 409, problem);
}

}  // namespace

HttpResponse Api::plugins(HttpRequest& request, Words path) {
   if (path.empty()) {
      if (request.method != "GET") return no_such_method("GET");
      return json_answer(200, plugins_document(console_.plugins().list()));
   }
   const std::string id = host::percent_decoded(path[0]);
   if (path.size() > 2) return no_such_thing("plugin");
   if (path.size() == 1) {
      if (request.method != "GET") return no_such_method("GET");
      const auto plugin = console_.plugins().find(id);
      if (!plugin) return refused(plugin.finding());
      const PluginView view = console_.plugins().with_details(plugin.value());
      return json_answer(200, plugin_document(view, console_.presets(), languages(request)));
   }
   if (path[1] != "enable" && path[1] != "disable" && path[1] != "release" && path[1] != "isolation")
      return no_such_thing("page of the API");
   if (request.method != "POST") return no_such_method("POST");
   if (path[1] == "disable") {
      const auto approval = console_.plugins().disable(id);
      if (!approval) return refused(approval.finding());
   } else if (path[1] == "release") {
      const auto released = console_.plugins().release(id);
      if (!released) return refused(released.finding());
   } else if (path[1] == "isolation") {
      const auto where = read_text(std::move(request.body), "isolation");
      if (!where) return error_answer(400, where.finding());
      const bool own = where.value().view() == host::name(host::Isolation::process);
      if (!own && where.value().view() != host::name(host::Isolation::in_process)) {
         return error_answer(400, {"request.invalid", "A plugin runs in a \"process\" of its own or \"in_process\".",
                                   "Say one of these two."});
      }
      const auto changed =
          console_.plugins().set_isolation(id, own ? host::Isolation::process : host::Isolation::in_process);
      if (!changed) return refused(changed.finding());
   } else {
      // Exactly what the administrator was shown is approved, even if the file was replaced since.
      const auto sha256 = read_text(std::move(request.body), "sha256");
      if (!sha256) return error_answer(400, sha256.finding());
      const auto enabled = console_.plugins().enable(id, sha256.value().view());
      if (!enabled) return refused(enabled.finding());
   }
   return json_answer(200, plugins_document(console_.plugins().list()));
}

}  // namespace msp::console
