#include "sim/autotask/autotask_service.hpp"

#include <algorithm>

#include "sim/autotask/autotask_answers.hpp"

namespace msp::sim::autotask {
namespace {

constexpr std::string_view kRoot = "/atservicesrest/";
constexpr std::string_view kVersion = "v1.0/";

// Empty body and a misleading challenge: all that the platform ever says about a refused sign-in.
Reply unauthorized(const Request& request) {
   Reply reply;
   reply.status = 401;
   reply.headers = {{"WWW-Authenticate", "Basic Realm=\"" + request.host() + "\""}};
   return reply;
}

Reply not_found() {
   return Reply::html("<html><head><title>404 - File or directory not found.</title></head></html>", 404);
}

Reply method_not_allowed() {
   return Reply::json(R"({"Message":"The requested resource does not support that http method."})", 405);
}

std::string_view verb(Operation operation) {
   switch (operation) {
      case Operation::create:
         return "create";
      case Operation::remove:
         return "delete";
      case Operation::query:
         return "query";
      case Operation::update:
         break;
   }
   return "update";
}

}  // namespace

Service::Service(Scenario scenario) : scenario_(std::move(scenario)), accounts_(scenario_.users.size()) {
   for (const User& user : scenario_.users) {
      users_.emplace(to_lower(user.login), &user);
      tenants_.try_emplace(scenario_.tenant_of(user));
   }
}

Reply Service::answer(const Request& request) {
   // The platform's own spelling varies (atservicesrest, ATServicesRest), so case cannot matter.
   const std::string path = to_lower(request.path);
   if (!path.starts_with(kRoot)) return not_found();
   std::string_view rest = std::string_view(path).substr(kRoot.size());
   if (rest == "versioninformation") return Reply::json(R"({"apiVersions":["V1.0","V2.0"]})");
   if (!rest.starts_with(kVersion)) return not_found();
   rest.remove_prefix(kVersion.size());
   if (rest == "zoneinformation") return zone_information(request);

   const SignIn signed_in = sign_in(request);
   if (signed_in.user == nullptr) return signed_in.refusal;
   const std::string endpoint(rest.substr(0, rest.find('/')));
   const auto thread =
       take_thread(scenario_.tenant_of(*signed_in.user), request.header("ApiIntegrationCode").value_or(""), endpoint);
   if (!thread) {
      return errors("Itgenatr005: The thread threshold of " + std::to_string(scenario_.thread_limit) +
                        " threads has been exceeded for this tracking identifier and object endpoint.",
                    scenario_.over_thread_limit == Scenario::OverLimit::status_429 ? 429 : 500);
   }
   Reply reply = route(request, signed_in, rest);
   reply.under_way = thread;
   return reply;
}

const User* Service::find_user(std::string_view login) const {
   const auto found = users_.find(to_lower(login));
   return found == users_.end() ? nullptr : found->second;
}

const Zone& Service::zone_of(const User& user, const Account& account) const {
   const bool has_moved = !user.moves_to.empty() && account.accepted >= user.moves_after;
   return scenario_.zone(has_moved ? user.moves_to : user.zone);
}

Reply Service::zone_information(const Request& request) const {
   const User* user = find_user(request.query_value("user").value_or(""));
   if (user == nullptr) return errors("Zone information could not be determined");
   const std::scoped_lock lock(mutex_);
   const Zone& zone = zone_of(*user, account_of(*user));
   return autotask::zone_information(zone, user->ci != 0 ? user->ci : zone.ci);
}

Service::SignIn Service::sign_in(const Request& request) {
   SignIn refused{.refusal = unauthorized(request)};
   const User* user = find_user(request.header("UserName").value_or(""));
   if (user == nullptr) return refused;

   const std::scoped_lock lock(mutex_);
   Account& account = account_of(*user);
   const bool is_wrong_zone = zone_of(*user, account).host() != request.host();
   if (is_wrong_zone && scenario_.wrong_zone == Scenario::WrongZone::empty_401) return refused;

   const bool is_locked = scenario_.lock_after != 0 && account.wrong_secrets >= scenario_.lock_after;
   if (is_locked || user->state != User::State::active) return refused;
   if (request.header("Secret") != user->secret) {
      ++account.wrong_secrets;
      return refused;
   }
   account.wrong_secrets = 0;
   if (!user->api_only) return refused;

   const auto& codes = user->integration_codes;
   if (std::find(codes.begin(), codes.end(), request.header("ApiIntegrationCode").value_or("")) == codes.end()) {
      if (scenario_.wrong_code == Scenario::WrongCode::envelope_500)
         refused.refusal = errors("IntegrationCode is invalid.");
      return refused;
   }
   ++account.accepted;
   ++tenant_of(*user).requests;
   return {.user = user, .is_wrong_zone = is_wrong_zone};
}

std::shared_ptr<const void> Service::take_thread(unsigned tenant, const std::string& code,
                                                 const std::string& endpoint) {
   const std::scoped_lock lock(mutex_);
   std::size_t& under_way = threads_[{tenant, code, endpoint}];
   if (under_way >= scenario_.thread_limit) return nullptr;
   ++under_way;
   return {&under_way, [this](std::size_t* taken) {
              const std::scoped_lock again(mutex_);
              --*taken;
           }};
}

Reply Service::route(const Request& request, const SignIn& signed_in, std::string_view path) {
   const bool is_read = request.method == "GET" || path.ends_with("/query");
   if (is_read && request.header("ImpersonationResourceId"))
      return errors("Impersonation is not supported for this operation.");
   if (path == "thresholdinformation") {
      const std::scoped_lock lock(mutex_);
      return threshold_information(tenant_of(*signed_in.user).requests);
   }
   if (path == "entityinformation") {
      if (scenario_.one_shot == Scenario::OneShot::absent) return not_found();
      return request.method == "GET" ? one_shot_information(scenario_, *signed_in.user) : method_not_allowed();
   }
   const std::size_t slash = std::min(path.find('/'), path.size());
   const Entity* entity = find_entity(path.substr(0, slash));
   if (entity == nullptr) return not_found();
   return route_entity(request, signed_in, *entity, path.substr(std::min(path.size(), slash + 1)));
}

Reply Service::route_entity(const Request& request, const SignIn& signed_in, const Entity& entity,
                            std::string_view rest) {
   const auto access = [&](Operation operation) { return access_of(*signed_in.user, entity, operation); };
   const auto refuses = [&](Operation operation) { return access(operation) == Access::none; };
   Records& records = tenant_of(*signed_in.user).records;
   const auto lacks = [&](Operation operation) { return access(operation) == Access::not_offered; };

   if (request.method == "GET" && rest == "entityinformation")
      return entity_information(scenario_, *signed_in.user, entity);

   if (rest == "query" && (request.method == "GET" || request.method == "POST")) {
      if (lacks(Operation::query)) return method_not_allowed();
      if (refuses(Operation::query)) return denied(Operation::query);
      if (signed_in.is_wrong_zone) return Records::nothing();
      const std::string search = request.method == "GET" ? request.query_value("search").value_or("") : request.body;
      return records.query(entity.plural, search, access(Operation::query) == Access::restricted);
   }
   if (request.method == "GET" && !rest.empty()) {
      if (refuses(Operation::query)) return denied(Operation::query);
      return signed_in.is_wrong_zone ? Records::no_item() : records.item(entity.plural, rest);
   }
   if (request.method == "POST" && rest.empty()) {
      if (lacks(Operation::create)) return method_not_allowed();
      return refuses(Operation::create) ? denied(Operation::create) : records.create(entity.plural, request.body);
   }
   if (request.method == "PATCH" && rest.empty()) {
      if (lacks(Operation::update)) return method_not_allowed();
      return refuses(Operation::update) ? denied(Operation::update) : records.update(entity.plural, request.body);
   }
   return rest.empty() || request.method == "DELETE" ? method_not_allowed() : not_found();
}

Reply Service::denied(Operation operation) const {
   return errors("The logged in Resource does not have the adequate permissions to " + std::string(verb(operation)) +
                     " this entity type.",
                 scenario_.denied == Scenario::Denied::status_403 ? 403 : 500);
}

}  // namespace msp::sim::autotask
