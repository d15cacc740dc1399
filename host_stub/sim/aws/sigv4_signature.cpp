#include "sim/aws/sigv4_signature.hpp"

#include <algorithm>

#include "sim/digests.hpp"
#include "sim/form.hpp"

namespace msp::sim::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::vector<std::string> split(std::string_view text, char at) {
   std::vector<std::string> parts;
   while (true) {
      const std::size_t end = std::min(text.find(at), text.size());
      parts.emplace_back(text.substr(0, end));
      if (end == text.size()) return parts;
      text.remove_prefix(end + 1);
   }
}

// Without blanks at its ends, and with runs of them as one.
std::string squeezed(std::string_view value) {
   std::string result;
   for (const std::string& word : words(value)) result += (result.empty() ? "" : " ") + word;
   return result;
}

std::string canonical_path(const Request& request) {
   std::string path;
   for (const std::string& segment : split(request.path, '/')) path += percent_encoded(segment) + '/';
   path.pop_back();
   return path.empty() ? "/" : path;
}

std::string canonical_query(const Request& request) {
   std::vector<std::pair<std::string, std::string>> pairs;
   for (const auto& [name, value] : Form(request.query).pairs())
      pairs.emplace_back(percent_encoded(name), percent_encoded(value));
   std::sort(pairs.begin(), pairs.end());
   std::string query;
   for (const auto& [name, value] : pairs) query += (query.empty() ? "" : "&") + name + '=' + value;
   return query;
}

std::string canonical_header(const Request& request, const std::string& name) {
   std::string values;
   for (const auto& [each, value] : request.headers)
      if (equal_ignoring_case(each, name)) values += (values.empty() ? "" : ",") + squeezed(value);
   return name + ':' + values + '\n';
}

std::string canonical_request(const Request& request, const Credential& credential) {
   std::string text = request.method + '\n' + canonical_path(request) + '\n' + canonical_query(request) + '\n';
   std::string names;
   for (const std::string& name : credential.signed_headers) {
      text += canonical_header(request, name);
      names += (names.empty() ? "" : ";") + name;
   }
   return text + '\n' + names + '\n' + host::hex(sha256(request.body));
}

}  // namespace

bool Credential::signs(std::string_view header) const {
   return std::find(signed_headers.begin(), signed_headers.end(), to_lower(header)) != signed_headers.end();
}

std::optional<Credential> read_credential(std::string_view authorization) {
   if (!authorization.starts_with(kAlgorithm) || authorization.size() == kAlgorithm.size()) return std::nullopt;
   Credential credential;
   std::vector<std::string> scope;
   for (const std::string& part : split(authorization.substr(kAlgorithm.size() + 1), ',')) {
      const std::string field = squeezed(part);
      const std::size_t equals = std::min(field.find('='), field.size());
      const std::string name = field.substr(0, equals);
      const std::string value = field.substr(std::min(field.size(), equals + 1));
      if (name == "Credential") scope = split(value, '/');
      if (name == "SignedHeaders") credential.signed_headers = split(value, ';');
      if (name == "Signature") credential.signature = value;
   }
   if (scope.size() != 5 || scope[4] != "aws4_request" || credential.signed_headers.empty() ||
       credential.signature.empty() ||
       !std::is_sorted(credential.signed_headers.begin(), credential.signed_headers.end()))
      return std::nullopt;
   credential.access_key_id = scope[0];
   credential.day = scope[1];
   credential.region = scope[2];
   credential.service = scope[3];
   return credential;
}

std::string signature_of(const Request& request, const Credential& credential, const std::string& secret) {
   const std::string scope = credential.day + '/' + credential.region + '/' + credential.service + "/aws4_request";
   const std::string to_sign = std::string(kAlgorithm) + '\n' + request.header("X-Amz-Date").value_or("") + '\n' +
                               scope + '\n' + host::hex(sha256(canonical_request(request, credential)));
   std::string key = "AWS4" + secret;
   for (const std::string& part : split(scope, '/')) key = hmac(DigestKind::sha256, key, part);
   return host::hex(hmac(DigestKind::sha256, key, to_sign));
}

}  // namespace msp::sim::aws
