#include "contract/call.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <limits>

#include "base/cancellable_wait.hpp"
#include "base/text.hpp"
#include "contract/batch.hpp"

namespace msp::host {

struct Call::Table {
   static Call& of(const msp_call* call) noexcept { return *static_cast<Call*>(call->host_data); }

   static const char* MSP_CDECL setting(const msp_call* call, const char* id) noexcept {
      return of(call).value(id, false);
   }
   static const char* MSP_CDECL secret(const msp_call* call, const char* id) noexcept {
      return of(call).value(id, true);
   }
   static std::uint32_t MSP_CDECL remaining_ms(const msp_call* call) noexcept { return of(call).remaining_ms(); }
   static void MSP_CDECL progress(const msp_call* call, const char* text) noexcept { of(call).progress(text); }
   template <class Report>
   static void MSP_CDECL report(const msp_call* call, const Report* report) noexcept {
      of(call).report(report);
   }

   static void MSP_CDECL send(const msp_host*, const msp_call* call, const msp_http_request* requests,
                              std::uint32_t count, const msp_http_response** responses) noexcept {
      if (responses == nullptr) return;
      std::fill_n(responses, count, &late_response());
      if (call != nullptr && count > 0) of(call).send(requests, count, responses);
   }

   static const char* MSP_CDECL redirect_uri(const msp_host*, const msp_call* call) noexcept {
      return call == nullptr ? nullptr : of(call).redirect_uri();
   }
   static const msp_visited* MSP_CDECL visit(const msp_host*, const msp_call* call, const msp_visit* visit) noexcept {
      return call == nullptr ? &late_visited() : of(call).visit(visit);
   }
   static msp_result MSP_CDECL keep_secret(const msp_host*, const msp_call* call, const char* field,
                                           const char* value) noexcept {
      return call == nullptr ? MSP_OUT_OF_BOUNDS : of(call).keep_secret(field, value);
   }

   static msp_result MSP_CDECL sign(const msp_host*, const msp_call* call, const char* field, std::int32_t algorithm,
                                    const void* data, std::uint64_t size, std::uint8_t* out, std::uint64_t out_size,
                                    std::uint64_t* signature_size) noexcept {
      if (call == nullptr || out == nullptr || signature_size == nullptr || (data == nullptr && size > 0) ||
          size > MSP_SIGN_DATA_MAX)
         return MSP_OUT_OF_BOUNDS;
      std::vector<std::uint8_t> signature;
      const auto bytes = std::span(static_cast<const std::byte*>(data), static_cast<std::size_t>(size));
      if (const msp_result result = of(call).sign(field, algorithm, bytes, signature); result != MSP_DONE)
         return result;
      if (signature.size() > out_size) return MSP_OUT_OF_BOUNDS;
      std::copy(signature.begin(), signature.end(), out);
      *signature_size = signature.size();
      return MSP_DONE;
   }
   static msp_result MSP_CDECL thumbprint(const msp_host*, const msp_call* call, const char* field, std::uint8_t* out,
                                          std::uint64_t out_size) noexcept {
      if (call == nullptr || out == nullptr || out_size < MSP_THUMBPRINT_SIZE) return MSP_OUT_OF_BOUNDS;
      std::vector<std::uint8_t> digest;
      if (const msp_result result = of(call).thumbprint(field, digest); result != MSP_DONE) return result;
      std::copy(digest.begin(), digest.end(), out);
      return MSP_DONE;
   }

   template <bool in_query>
   static void MSP_CDECL add_signature(const msp_call* call, const msp_pair* pair) noexcept {
      if (call != nullptr) of(call).add_signature(pair, in_query);
   }

   static std::uint32_t MSP_CDECL wait(const msp_call* call, std::uint32_t ms) noexcept { return of(call).wait(ms); }

   static msp_call make(Call* call) noexcept {
      return {.struct_size = sizeof(msp_call),
              .flags = call->terms_.flags,
              .host_data = call,
              .setting = setting,
              .secret = secret,
              .remaining_ms = remaining_ms,
              .wait = wait,
              .progress = progress,
              .report_finding = report<msp_finding>,
              .report_permission = report<msp_grant>,
              .report_identity = report<msp_identity>,
              .report_session = report<msp_session>,
              .language = call->terms_.language.c_str()};
   }
};

Call::Call(LoadedPlugin& plugin, const CheckedSettings& settings, const AllowedHosts& hosts, KnownSecrets& secrets,
           HttpSend send, Terms terms)
    : plugin_(plugin),
      terms_(std::move(terms)),
      table_(Table::make(this)),
      reports_(terms_.operation, plugin.manifest, hosts, plugin.runtime->redactor, secrets, settings.values(),
               terms_.now),
      values_(settings.values()),
      known_(secrets),
      http_(plugin.manifest, hosts, secrets, std::move(send)),
      browser_(plugin.manifest, http_, secrets, terms_.browser),
      deadline_(terms_.deadline),
      person_left_(terms_.person_timeout),
      signing_(make_signing()) {
   for (const auto& [id, secret] : settings.secrets()) secrets_.emplace(id, secret.copy());
}

std::unique_ptr<const Call::Signing> Call::make_signing() const {
   if (!terms_.to_sign) return nullptr;
   const RequestToSign& given = *terms_.to_sign;
   auto signing = std::make_unique<Signing>();
   for (const auto& [name, value] : given.headers)
      signing->headers.push_back({name.c_str(), value.view().data(), 0, 0});  // followed by a NUL
   signing->request = {.struct_size = sizeof(msp_http_request),
                       .header_count = static_cast<std::uint32_t>(signing->headers.size()),
                       .method = given.method.c_str(),
                       .url = given.url.c_str(),
                       .headers = signing->headers.data(),
                       .body = given.body.empty() ? nullptr : given.body.view().data(),
                       .body_size = given.body.size()};
   signing->table = {.struct_size = sizeof(msp_signing),
                     .reserved = 0,
                     .session = given.session.empty() ? nullptr : given.session.c_str(),
                     .request = &signing->request,
                     .add_header = Table::add_signature<false>,
                     .add_parameter = Table::add_signature<true>};
   return signing;
}

const char* Call::value(const char* field_id, bool secret) noexcept try {
   if (ended_) {
      note_late_use();
      return nullptr;
   }
   if (field_id == nullptr) {
      note_wrong_question("asked for a field without naming it");
      return nullptr;
   }
   const std::string_view id(field_id);
   const Field* field = plugin_.manifest.field(id);
   if (field == nullptr || (field->kind == FieldKind::secret) != secret) {
      note_wrong_question("asked for the " + std::string(secret ? "secret " : "setting ") +
                          (field == nullptr ? reports_.quoted(id) : in_quotes(id)) +
                          (field == nullptr ? ", which its manifest does not name"
                           : secret         ? ", which is no secret field"
                                            : ", which is a secret field"));
      return nullptr;
   }
   if (secret && field->signs) {
      note_wrong_question("asked for the secret " + in_quotes(id) + ", which the host alone uses (msp.sign/1)");
      return nullptr;
   }
   if (secret) {
      const auto found = secrets_.find(id);
      return found == secrets_.end() ? nullptr : found->second.view().data();  // followed by a NUL
   }
   const auto found = values_.find(id);
   return found == values_.end() ? nullptr : found->second.c_str();
} catch (...) {  // no memory to tell about it
   return nullptr;
}

void Call::note_wrong_question(std::string_view what) {
   const std::lock_guard lock(mutex_);
   if (open_) reports_.add_wrong_question(what);
}

std::uint32_t Call::remaining_ms() const noexcept {
   if (ended_ || terms_.cancel.stop_requested()) return 0;
   const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline() - Clock::now()).count();
   return static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<std::uint32_t>::max()));
}

std::uint32_t Call::wait(std::uint32_t ms) const noexcept try {
   std::mutex mutex;
   std::condition_variable_any never;
   std::unique_lock lock(mutex);
   const auto until = std::min(deadline(), Clock::now() + std::chrono::milliseconds(ms));
   if (!ended_) wait_until(never, lock, terms_.cancel, until, [] { return false; });
   return remaining_ms();
} catch (...) {  // no memory to hear of a cancel
   return remaining_ms();
}

// Told under the lock: after close() nobody is there to listen any more.
void Call::progress(const char* sentence) noexcept try {
   const std::lock_guard lock(mutex_);
   if (!open_) return note_late_use();
   auto shown = reports_.shown(sentence, 200);
   plugin_.runtime->log(MSP_LOG_DEBUG, plugin_.manifest.id, shown);
   if (terms_.on_progress && !shown.empty()) terms_.on_progress(shown);
} catch (...) {  // a sentence that cannot be told changes nothing
}

template <class Report>
void Call::report(const Report* report) noexcept try {
   const std::lock_guard lock(mutex_);
   if (!open_) return note_late_use();
   reports_.add(report);
} catch (...) {  // out of memory: the missing report makes the operation fail
}

// Rule P28: whoever signs asks nobody.
bool Call::refuses_while_signing(std::string_view what) {
   if (terms_.operation != Operation::sign) return false;
   const std::lock_guard lock(mutex_);
   if (open_) reports_.add_defect("P28", std::string(what) + " while it signed a request");
   return true;
}

void Call::add_signature(const msp_pair* pair, bool in_query) noexcept try {
   const std::lock_guard lock(mutex_);
   if (!open_) return note_late_use();
   reports_.add_signature(pair, in_query);
} catch (...) {  // out of memory: the platform rejects a request that is not signed
}

void Call::send(const msp_http_request* requests, std::uint32_t count, const msp_http_response** responses) noexcept
    try {
   if (ended_) return note_late_use();
   if (refuses_while_signing("sent a request"))
      return http_.refuse(count, responses, "sent a request while it signed one", "P28");
   http_.send(requests, count, responses, deadline(), terms_.cancel);
} catch (...) {  // out of memory: the answers stay the refusals that they were
}

const char* Call::redirect_uri() noexcept try {
   if (ended_) return note_late_use(), nullptr;
   return browser_.redirect_uri();
} catch (...) {  // out of memory
   return nullptr;
}

// While a person signs in, the operation's own time stands still. What a code takes is not known, so its end counts.
const msp_visited* Call::visit(const msp_visit* visit) noexcept try {
   if (ended_) return note_late_use(), &late_visited();
   if (refuses_while_signing("sent a person to the platform")) return &late_visited();
   const auto start = Clock::now();
   const auto left = deadline() - start;
   const auto until = start + person_left_;
   deadline_ = until + left;
   const msp_visited* visited = browser_.visit(visit, until, terms_.cancel);
   const auto now = Clock::now();
   auto taken = now - start;
   if (visited->outcome == MSP_ACCEPTED && visit->user_code != nullptr) {
      taken = person_left_;
      if (visit->expires_in_s > 0) taken = std::min<Clock::duration>(taken, std::chrono::seconds(visit->expires_in_s));
   }
   deadline_ = start + taken + left;
   person_left_ -= std::min(taken, person_left_);
   return visited;
} catch (...) {  // out of memory
   return &late_visited();
}

msp_result Call::keep_secret(const char* field_id, const char* value) noexcept try {
   if (ended_) return note_late_use(), MSP_UNABLE;
   if (refuses_while_signing("kept a secret")) return MSP_UNABLE;
   if (field_id == nullptr) return MSP_OUT_OF_BOUNDS;
   const std::string_view id(field_id);
   const Field* field = plugin_.manifest.field(id);
   if (field == nullptr || !field->kept) {
      note_wrong_question("kept a secret under " + reports_.quoted(id) + ", which its manifest does not mark as kept");
      return MSP_UNSUPPORTED;
   }
   const std::string_view given(value == nullptr ? "" : value,
                                value == nullptr ? 0 : strnlen(value, field->max_length + 1));
   if (given.size() > field->max_length || !is_storable(*field, given)) return MSP_OUT_OF_BOUNDS;
   known_.add(given);
   const std::lock_guard lock(mutex_);
   if (!open_) return MSP_UNABLE;
   if (terms_.keep) {
      if (auto kept = terms_.keep(field->id, SecretBytes(given)); !kept) {
         reports_.note(kept.finding());
         return MSP_UNABLE;
      }
   }
   const auto before = secrets_.find(id);
   if (before != secrets_.end()) {
      replaced_.push_back(std::move(before->second));
      secrets_.erase(before);
   }
   if (!given.empty()) secrets_.emplace(field->id, SecretBytes(given));
   return MSP_DONE;
} catch (...) {  // out of memory
   return MSP_UNABLE;
}

// Null: the manifest does not mark the field, or it is empty.
const SecretBytes* Call::signing_key(const char* field_id) {
   const std::string_view id(field_id == nullptr ? "" : field_id);
   const Field* field = plugin_.manifest.field(id);
   if (field == nullptr || !field->signs) {
      note_wrong_question("wanted a signature by " + reports_.quoted(id) +
                          ", which its manifest does not mark as \"signs\"");
      return nullptr;
   }
   const auto found = secrets_.find(id);
   return found == secrets_.end() ? nullptr : &found->second;
}

msp_result Call::no_signature(const char* field_id, SigningFault fault) {
   if (fault == SigningFault::other_kind) return MSP_UNSUPPORTED;
   Finding finding{"input.invalid", "This is no private key that can be read.",
                   "Enter the whole key file, the lines with BEGIN and END, too."};
   if (fault == SigningFault::encrypted_key)
      finding = {"input.invalid", "This private key is protected by a passphrase.",
                 "Enter it without one: \"openssl pkey -in KEY -out KEY.open\" takes the passphrase away."};
   if (fault == SigningFault::refused)
      finding = {"host.internal", "This machine could not sign with the private key.", "Try again."};
   finding.field = field_id;
   note(std::move(finding));
   return MSP_UNABLE;
}

msp_result Call::sign(const char* field_id, std::int32_t algorithm, std::span<const std::byte> data,
                      std::vector<std::uint8_t>& signature) noexcept try {
   if (ended_) return note_late_use(), MSP_UNABLE;
   if (algorithm < MSP_RS256 || algorithm > MSP_EDDSA) return MSP_UNSUPPORTED;
   const SecretBytes* key = signing_key(field_id);
   if (key == nullptr) return MSP_OUT_OF_BOUNDS;
   Signature made = host::sign(static_cast<SignatureAlgorithm>(algorithm), key->view(), data);
   if (made.fault) return no_signature(field_id, *made.fault);
   signature = std::move(made.bytes);
   return MSP_DONE;
} catch (...) {  // out of memory
   return MSP_UNABLE;
}

msp_result Call::thumbprint(const char* field_id, std::vector<std::uint8_t>& digest) noexcept try {
   if (ended_) return note_late_use(), MSP_UNABLE;
   const SecretBytes* key = signing_key(field_id);
   if (key == nullptr) return MSP_OUT_OF_BOUNDS;
   const auto made = certificate_thumbprint(key->view());
   if (!made) {
      Finding finding{"input.invalid", "There is no certificate beside the private key.",
                      "Enter both: the certificate's lines with BEGIN and END, and the key's."};
      finding.field = field_id;
      note(std::move(finding));
      return MSP_UNABLE;
   }
   digest.assign(made->begin(), made->end());
   return MSP_DONE;
} catch (...) {  // out of memory
   return MSP_UNABLE;
}

void Call::note_late_use() noexcept {
   if (!late_use_noted_.exchange(true)) plugin_.runtime->log_late_use(plugin_.manifest.id);
}

void Call::note(Finding finding) {
   const std::lock_guard lock(mutex_);
   reports_.note(std::move(finding));
}

OperationReport Call::close(msp_outcome outcome, std::optional<Interruption> interruption) {
   const std::lock_guard lock(mutex_);
   open_ = false;
   return reports_.finish(outcome, std::move(interruption), http_.last_problem());
}

void Call::end() noexcept {
   ended_ = true;
   for (auto& [id, value] : values_) wipe(value);
   // Wiped where they are: a plugin that kept a pointer against the rules reads an empty string.
   for (auto& [id, secret] : secrets_) wipe(const_cast<char*>(secret.view().data()), secret.size());
   for (SecretBytes& value : replaced_) wipe(const_cast<char*>(value.view().data()), value.size());
   http_.clear();
   browser_.clear();
}

const msp_browser& browser_table() noexcept {
   static constexpr msp_browser table = {.struct_size = sizeof(msp_browser),
                                         .reserved = 0,
                                         .redirect_uri = Call::Table::redirect_uri,
                                         .visit = Call::Table::visit};
   return table;
}

const msp_keep& keep_table() noexcept {
   static constexpr msp_keep table = {
       .struct_size = sizeof(msp_keep), .reserved = 0, .keep_secret = Call::Table::keep_secret};
   return table;
}

const msp_sign& sign_table() noexcept {
   static constexpr msp_sign table = {.struct_size = sizeof(msp_sign),
                                      .reserved = 0,
                                      .sign = Call::Table::sign,
                                      .thumbprint = Call::Table::thumbprint};
   return table;
}

const msp_http& http_table() noexcept {
   static constexpr msp_http table = {.struct_size = sizeof(msp_http), .reserved = 0, .send = Call::Table::send};
   return table;
}

}  // namespace msp::host
