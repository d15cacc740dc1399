#include "sim/autotask/autotask_records.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/autotask/autotask_answers.hpp"

namespace msp::sim::autotask {
namespace {

using rapidjson::Value;

constexpr const char* kTenant = R"({
   "Companies": [
      { "id": 0, "companyName": "Example MSP", "companyType": 1, "isActive": true },
      { "id": 175, "companyName": "Adventure Bakery", "companyType": 1, "isActive": true },
      { "id": 176, "companyName": "Blue Lighthouse Law", "companyType": 1, "isActive": true },
      { "id": 177, "companyName": "Cedar Street Dental", "companyType": 1, "isActive": false }
   ],
   "Tickets": [
      { "id": 8001, "ticketNumber": "T20260105.0001", "title": "Printer is offline", "companyID": 175, "status": 1, "priority": 2 },
      { "id": 8002, "ticketNumber": "T20260106.0001", "title": "New starter needs a laptop", "companyID": 176, "status": 5, "priority": 3 },
      { "id": 8003, "ticketNumber": "T20260107.0001", "title": "Antivirus alert on CSD-PC4", "companyID": 177, "status": 1, "priority": 1 }
   ],
   "Contracts": [ { "id": 3001, "contractName": "Managed security", "companyID": 175, "status": 1 } ],
   "Services": [ { "id": 51, "name": "Endpoint protection", "unitPrice": 4.5, "isActive": true } ],
   "ContractServices": [ { "id": 4001, "contractID": 3001, "serviceID": 51 } ],
   "ContractServiceUnits": [ { "id": 4501, "contractID": 3001, "serviceID": 51, "units": 12 } ]
})";

std::string text_of(const Value& value) {
   rapidjson::StringBuffer buffer;
   rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
   value.Accept(writer);
   return buffer.GetString();
}

std::string id_answer(std::uint64_t id) { return "{\"itemId\":" + std::to_string(id) + '}'; }

// A member under exactly that name; nullptr if there is none.
const Value* member_of(const Value& object, const char* name) {
   const auto found = object.FindMember(name);
   return found == object.MemberEnd() ? nullptr : &found->value;
}

// A field of an item; names match without regard to case, as on the platform.
const Value* field_of(const Value& item, const std::string& name) {
   for (const auto& member : item.GetObject())
      if (equal_ignoring_case(member.name.GetString(), name)) return &member.value;
   return nullptr;
}

bool contains(const Value& value, const Value& part, bool at_start) {
   if (!value.IsString() || !part.IsString()) return false;
   const std::size_t place = to_lower(value.GetString()).find(to_lower(part.GetString()));
   return at_start ? place == 0 : place != std::string::npos;
}

// Whether the item satisfies one filter; nothing if the operator is unknown.
std::optional<bool> satisfies(const Value& item, const std::string& operation, const std::string& field,
                              const Value& wanted) {
   const Value* value = field_of(item, field);
   const std::string name = to_lower(operation);
   if (name == "exist") return value != nullptr && !value->IsNull();
   if (name == "noteq") return value == nullptr || *value != wanted;
   const bool have_numbers = value != nullptr && value->IsNumber() && wanted.IsNumber();
   if (name == "eq") return value != nullptr && *value == wanted;
   if (name == "gt") return have_numbers && value->GetDouble() > wanted.GetDouble();
   if (name == "gte") return have_numbers && value->GetDouble() >= wanted.GetDouble();
   if (name == "lt") return have_numbers && value->GetDouble() < wanted.GetDouble();
   if (name == "lte") return have_numbers && value->GetDouble() <= wanted.GetDouble();
   if (name == "contains") return value != nullptr && contains(*value, wanted, false);
   if (name == "beginswith") return value != nullptr && contains(*value, wanted, true);
   return std::nullopt;
}

// The sentence that says why a filter cannot be used; empty if it can.
std::string complaint_about(const Value& filter) {
   if (!filter.IsObject()) return "Unable to parse the query: each filter must be an object.";
   const Value* operation = member_of(filter, "op");
   if (operation == nullptr || !operation->IsString()) return "Unable to parse the query: a filter needs an op.";
   const Value* field = member_of(filter, "field");
   if (field == nullptr || !field->IsString()) return "Unable to parse the query: a filter needs a field.";
   static const Value anything;
   const Value no_item(rapidjson::kObjectType);
   if (!satisfies(no_item, operation->GetString(), "", anything))
      return std::string("Unsupported operator: ") + operation->GetString() + '.';
   return "";
}

bool satisfies_all(const Value& item, const Value& filters) {
   static const Value missing;
   return std::all_of(filters.Begin(), filters.End(), [&](const Value& filter) {
      const Value* wanted = member_of(filter, "value");
      return *satisfies(item, filter["op"].GetString(), filter["field"].GetString(),
                        wanted == nullptr ? missing : *wanted);
   });
}

Reply page(const std::string& items, std::size_t count) {
   return Reply::json("{\"items\":[" + items + "],\"pageDetails\":{\"count\":" + std::to_string(count) +
                      R"(,"requestCount":500,"prevPageUrl":null,"nextPageUrl":null}})");
}

}  // namespace

struct Records::Store {
   // The list of the entity's items, made if there is none.
   Value& list(std::string_view entity) {
      const std::string name(entity);
      if (!tenant.HasMember(name)) {
         Value key(name, tenant.GetAllocator());
         tenant.AddMember(key, Value(rapidjson::kArrayType), tenant.GetAllocator());
      }
      return tenant[name];
   }

   Value* find(std::string_view entity, std::uint64_t id) {
      for (Value& item : list(entity).GetArray())
         if (item["id"].GetUint64() == id) return &item;
      return nullptr;
   }

   rapidjson::Document tenant;
   std::uint64_t next_id = 9001;
};

Records::Records() : store_(std::make_unique<Store>()) { store_->tenant.Parse(kTenant); }
Records::~Records() = default;

Reply Records::nothing() { return page("", 0); }
Reply Records::no_item() { return Reply::json(R"({"item":null})"); }

Reply Records::query(std::string_view entity, const std::string& search, bool is_restricted) const {
   rapidjson::Document wanted;
   wanted.Parse(search);
   if (wanted.HasParseError() || !wanted.IsObject())
      return errors("Unable to parse the query: it is not a JSON object.");
   const Value* filter = member_of(wanted, "filter");
   if (filter == nullptr || !filter->IsArray() || filter->Empty())
      return errors("Unable to parse the query: a filter is needed.");
   for (const Value& each : filter->GetArray())
      if (const std::string complaint = complaint_about(each); !complaint.empty()) return errors(complaint);

   std::size_t limit = is_restricted ? 1 : 500;
   if (const Value* most = member_of(wanted, "MaxRecords"); most != nullptr && most->IsUint())
      limit = std::min<std::size_t>(limit, most->GetUint());

   const std::scoped_lock lock(mutex_);
   std::string items;
   std::size_t count = 0;
   for (const Value& item : store_->list(entity).GetArray()) {
      if (count == limit) break;
      if (!satisfies_all(item, *filter)) continue;
      items += (count++ == 0 ? "" : ",") + text_of(item);
   }
   return page(items, count);
}

Reply Records::item(std::string_view entity, std::string_view id) const {
   if (id.size() > 18 || id.find_first_not_of("0123456789") != std::string_view::npos)
      return Reply::json(R"({"Message":"The request is invalid."})", 400);
   const std::scoped_lock lock(mutex_);
   const Value* found = store_->find(entity, std::stoull(std::string(id)));
   return found == nullptr ? no_item() : Reply::json("{\"item\":" + text_of(*found) + '}');
}

Reply Records::create(std::string_view entity, const std::string& body) {
   const std::scoped_lock lock(mutex_);
   auto& memory = store_->tenant.GetAllocator();
   rapidjson::Document item(&memory);
   item.Parse(body);
   if (item.HasParseError() || !item.IsObject()) return errors("The item must be a JSON object.");
   const std::uint64_t id = store_->next_id++;
   item.RemoveMember("id");
   item.AddMember("id", id, memory);
   store_->list(entity).PushBack(static_cast<Value&>(item), memory);
   return Reply::json(id_answer(id));
}

Reply Records::update(std::string_view entity, const std::string& body) {
   const std::scoped_lock lock(mutex_);
   auto& memory = store_->tenant.GetAllocator();
   rapidjson::Document changes(&memory);
   changes.Parse(body);
   if (changes.HasParseError() || !changes.IsObject()) return errors("The item must be a JSON object.");
   const Value* id = member_of(changes, "id");
   Value* item = id != nullptr && id->IsUint64() ? store_->find(entity, id->GetUint64()) : nullptr;
   if (item == nullptr) return errors("The id in the body matches no item.");
   for (const auto& change : std::as_const(changes).GetObject()) {
      item->RemoveMember(change.name);
      item->AddMember(Value(change.name, memory), Value(change.value, memory), memory);
   }
   return Reply::json(id_answer((*item)["id"].GetUint64()));
}

}  // namespace msp::sim::autotask
