// GET integrations · POST integrations (202, a check) · GET|PATCH (202, a check)|DELETE integrations/{id}
// POST integrations/{id}/check|sign-in (202, a check) · POST integrations/{id}/enable|disable
// POST integrations/check (202, a check of all)
#include <algorithm>
#include <charconv>
#include <memory>

#include "web/answers.hpp"
#include "web/api.hpp"
#include "web/request_json.hpp"
#include "words/check_counts.hpp"
#include "words/documents.hpp"

namespace msp::console {
namespace {

std::optional<std::int64_t> read_id(std::string_view word) {
   std::int64_t id = 0;
   const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
   if (error != std::errc() || end != word.data() + word.size() || id <= 0) return {};
   return id;
}

CheckResult ended(const CheckedIntegration& checked, Purpose purpose) {
   CheckResult result(checked.to_json(), words_for(checked, purpose));
   result.saved = checked.integration.saved;
   return result;
}

}  // namespace

HttpResponse Api::integrations(HttpRequest& request, Words path) {
   if (path.empty()) {
      if (request.method == "GET") return json_answer(200, integrations_document(console_.integrations().list()));
      if (request.method == "POST") return start_adding(request, Purpose::add);
      return no_such_method("GET, POST");
   }
   if (path[0] == "check" && path.size() == 1) {
      return request.method == "POST" ? start_check_of_all(languages(request)) : no_such_method("POST");
   }
   const auto id = read_id(path[0]);
   return id ? integration(request, *id, path.subspan(1)) : no_such_thing("integration");
}

HttpResponse Api::integration(HttpRequest& request, std::int64_t id, Words path) {
   Integrations& integrations = console_.integrations();
   const auto view = integrations.find(id);
   if (!view || path.size() > 1) return no_such_thing("integration");
   if (path.empty()) {
      if (request.method == "GET") return json_answer(200, integration_document(integrations.details(*view)));
      if (request.method == "PATCH") return start_edit(request, *view);
      if (request.method != "DELETE") return no_such_method("GET, PATCH, DELETE");
      host::CheckOptions options;
      options.languages = languages(request);
      const SignedOut signed_out = integrations.sign_out(id, options);
      if (!integrations.remove(id)) return no_such_thing("integration");
      return json_answer(200, removed_document(view->record, signed_out));
   }
   if (path[0] == "check" || path[0] == "sign-in") {
      const Purpose purpose = path[0] == "check" ? Purpose::check : Purpose::sign_in;
      return request.method == "POST" ? start_check(*view, purpose, languages(request)) : no_such_method("POST");
   }
   if (path[0] != "enable" && path[0] != "disable") return no_such_thing("page of the API");
   if (request.method != "POST") return no_such_method("POST");
   if (!integrations.set_enabled(id, path[0] == "enable")) return no_such_thing("integration");
   const auto changed = integrations.find(id);
   return changed ? json_answer(200, integration_document(integrations.details(*changed)))
                  : no_such_thing("integration");
}

// A secret that is sent as a plain setting would be shown again with the check that it was typed for.
host::Result<void> Api::secret_among_settings(const std::string& platform, const host::Settings& settings) {
   const auto plugin = console_.plugins().find(platform);
   if (!plugin || !plugin.value().entry.serving_manifest) return {};
   for (const host::Field& field : plugin.value().entry.serving_manifest->fields) {
      if (field.kind != host::FieldKind::secret || settings.values.count(field.id) == 0) continue;
      return host::Finding{"request.invalid", "\"" + field.label + "\" is a secret and was sent as a plain setting.",
                           "Send \"" + field.id + "\" under \"secrets\"."};
   }
   return {};
}

// What a check is shown with when somebody looks at it again: all but what is asked for each time.
std::map<std::string, std::string, std::less<>> Api::shown_again(const std::string& platform,
                                                                 const host::Settings& settings) {
   auto values = settings.values;
   const auto plugin = console_.plugins().find(platform);
   if (!plugin || !plugin.value().entry.serving_manifest) return values;
   for (const host::Field& field : plugin.value().entry.serving_manifest->fields)
      if (field.once) values.erase(field.id);
   return values;
}

HttpResponse Api::start_adding(HttpRequest& request, Purpose purpose) {
   auto read_by = languages(request);
   auto read = read_settings(std::move(request.body));
   if (!read) return error_answer(400, read.finding());
   auto draft = std::make_shared<NewIntegration>();
   draft->platform = read.value().platform.value_or("");
   draft->name = read.value().name;
   draft->settings = std::move(read.value().settings);
   if (const auto fits = secret_among_settings(draft->platform, draft->settings); !fits) {
      return error_answer(400, fits.finding());
   }
   CheckSubject subject{purpose, 0, draft->platform, draft->name.value_or(""),
                        shown_again(draft->platform, draft->settings)};
   return started(jobs_.start(std::move(subject), [this, purpose, draft, read_by](host::CheckOptions options) {
      options.languages = read_by;
      return ended(console_.integrations().add(std::move(*draft), options, purpose == Purpose::add), purpose);
   }));
}

HttpResponse Api::start_edit(HttpRequest& request, const IntegrationView& integration) {
   auto read_by = languages(request);
   auto read = read_settings(std::move(request.body));
   if (!read) return error_answer(400, read.finding());
   if (read.value().platform.value_or(integration.record.platform) != integration.record.platform) {
      return error_answer(400, {"request.invalid", "An integration's platform cannot be changed.",
                                "Add a new integration for the other platform."});
   }
   auto edit = std::make_shared<Edit>();
   edit->name = read.value().name;
   edit->settings = std::move(read.value().settings);
   if (const auto fits = secret_among_settings(integration.record.platform, edit->settings); !fits) {
      return error_answer(400, fits.finding());
   }
   const std::int64_t id = integration.record.id;
   CheckSubject subject{Purpose::edit, id, integration.record.platform, edit->name.value_or(integration.record.name),
                        shown_again(integration.record.platform, edit->settings)};
   return started(jobs_.start(std::move(subject), [this, id, edit, read_by](host::CheckOptions options) {
      options.languages = read_by;
      return ended(console_.integrations().edit(id, std::move(*edit), options), Purpose::edit);
   }));
}

HttpResponse Api::start_check(const IntegrationView& integration, Purpose purpose, const host::Languages& languages) {
   const std::int64_t id = integration.record.id;
   CheckSubject subject{purpose, id, integration.record.platform, integration.record.name, {}};
   return started(jobs_.start(std::move(subject), [this, id, purpose, languages](host::CheckOptions options) {
      options.languages = languages;
      Integrations& all = console_.integrations();
      return ended(purpose == Purpose::check ? all.check(id, options) : all.sign_in(id, options), purpose);
   }));
}

HttpResponse Api::start_check_of_all(const host::Languages& languages) {
   return started(jobs_.start_all([this, languages](host::CheckOptions options, const CheckJobs::Tell& tell) {
      options.languages = languages;
      CheckCounts counts;
      const CheckAllResult result =
          console_.integrations().check_all({options}, [&](const CheckedIntegration& checked, std::size_t enabled) {
             counts.add(checked);
             tell({checked.integration.id, checked.integration.name, checked.integration.platform,
                   std::string(name(state_after(checked.report))), std::string(name(group_of(checked))),
                   state_words(checked), reason_of(checked), enabled, checked.tried});
          });
      CheckWords words{counts.sentence(result.enabled, options.cancel.stop_requested()), counts.advice()};
      return CheckResult(result.problem ? error_document(*result.problem) : "{}", std::move(words));
   }));
}

}  // namespace msp::console
