#include "sealed_store.hpp"

#include "store/finding_error.hpp"

namespace msp::console::test {

SealedStore::SealedStore(const std::filesystem::path& data_dir, const std::filesystem::path& credentials)
    : store(data_dir), keys(data_dir, credentials), vault(store, keys, [] { return std::int64_t{1}; }) {}

// Everything that is saved tells of `secret`, so that halves of two savings show.
void SealedStore::save(Store::Change& change, IntegrationRecord& record, const std::string& secret) {
   auto sealer = vault.sealer(change);
   if (!sealer) throw FindingError(sealer.finding());
   record.values["server"] = {"https://" + secret + ".example", false, 1};
   record.values["user_name"] = {record.name, false, 1};
   for (const char* field : {"password", "code"}) {
      record.secrets[field] = sealer.value().seal(record, field, host::SecretBytes(secret + " " + field));
   }
   change.replace_settings(record);
   change.add_baseline(record.id, {1, "add", "", "accepted", secret, "1.0.0", "ab", "", "{}"});
}

std::int64_t SealedStore::add(const std::string& name, const std::string& secret) {
   IntegrationRecord record;
   record.name = name;
   record.platform = "kaseya_vsa";
   record.identity = {"1", "", name, ""};
   Store::Change change(store);
   record.id = change.insert(record);
   save(change, record, secret);
   change.commit();
   return record.id;
}

void SealedStore::edit(std::int64_t id, const std::string& secret) {
   Store::Change change(store);
   auto record = store.integration(id);
   if (!record) return;
   change.update(*record);
   save(change, *record, secret);
   change.commit();
}

void SealedStore::remove(std::int64_t id) {
   Store::Change change(store);
   change.remove(id);
   change.commit();
}

std::string SealedStore::open(std::int64_t id, const std::string& field) {
   const auto record = store.integration(id);
   if (!record) return "no such integration";
   if (!record->secrets.contains(field)) return "no such secret";
   auto opened = vault.open(*record, field);
   return opened ? std::string(opened.value().view()) : opened.finding().code + ": " + opened.finding().summary;
}

std::optional<std::string> SealedStore::first_flaw() {
   const Store::Change quiet(store);  // what is read belongs together
   return first_flaw_while_nobody_writes();
}

std::optional<std::string> SealedStore::first_flaw_while_nobody_writes() {
   for (const IntegrationRecord& record : store.integrations()) {
      const auto flaw = [&](const std::string& what) { return "\"" + record.name + "\": " + what; };
      if (!record.last_check) return flaw("no check");
      const std::string& secret = record.last_check->codes;
      const auto server = record.values.find("server");
      if (server == record.values.end() || server->second.value != "https://" + secret + ".example") {
         return flaw("another address than at its last check");
      }
      for (const char* field : {"password", "code"}) {
         const std::string opened = open(record.id, field);
         if (opened != secret + " " + field) return flaw(opened);
      }
      const auto baseline = store.baseline(record.id);
      if (!baseline || baseline->codes != secret) return flaw("another baseline than its last check");
      if (static_cast<std::int64_t>(store.checks(record.id).size()) != record.revision)
         return flaw("a gap in its history");
   }
   return {};
}

}  // namespace msp::console::test
