// autotask_records.hpp - the data of the simulated Autotask.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "sim/wire/http_message.hpp"

namespace msp::sim::autotask {

// A small tenant's data, kept in memory: enough to query, create and update something in a demonstration. [any-thread]
class Records {
 public:
   Records();
   ~Records();

   // `{"items":[...],"pageDetails":{...}}` for `{"filter":[{"op":"eq","field":"id","value":1}],"MaxRecords":10}`.
   // Filters are joined by "and"; operators: eq, noteq, gt, gte, lt, lte, beginsWith, contains, exist.
   // A restricted user sees the first item only.
   Reply query(std::string_view entity, const std::string& search, bool is_restricted) const;

   Reply item(std::string_view entity, std::string_view id) const;
   Reply create(std::string_view entity, const std::string& body);
   Reply update(std::string_view entity, const std::string& body);

   static Reply nothing();  // a query that found nothing
   static Reply no_item();  // `{"item":null}`

 private:
   struct Store;
   mutable std::mutex mutex_;
   std::unique_ptr<Store> store_;
};

}  // namespace msp::sim::autotask
