// msp/sdk/sigv4.hpp - AWS Signature Version 4: the header that signs one request.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/sdk/digest.hpp"
#include "msp/sdk/secret.hpp"
#include "msp/sdk/text.hpp"

namespace msp::sdk {

// One request, as it will be sent.
struct SigV4Request {
   using Pairs = std::vector<std::pair<std::string, std::string>>;

   std::string method;
   std::string path = "/";  // as it is sent, with its escapes
   Pairs query;             // names and values as they are meant, without escapes
   Pairs headers;           // those that are signed: "Host" and "X-Amz-Date" at least
   std::string_view body;
};

struct SigV4Key {
   std::string_view access_key_id;
   std::string_view secret_access_key;
   std::string_view region;   // "us-east-1"
   std::string_view service;  // "iam"
};

// The lines that are hashed. For a path that is sent with escapes, services but S3 sign the escapes escaped again.
inline std::string sigv4_canonical_request(const Digest& digest, const SigV4Request& request) {
   SigV4Request::Pairs query;
   for (const auto& [name, value] : request.query) query.emplace_back(percent_encode(name), percent_encode(value));
   std::sort(query.begin(), query.end());
   SigV4Request::Pairs headers;
   for (const auto& [name, value] : request.headers) {
      std::string squeezed;  // runs of blanks as one
      for (const char c : trim(value))
         if (c != ' ' || squeezed.back() != ' ') squeezed += c;
      headers.emplace_back(to_lower(name), std::move(squeezed));
   }
   std::stable_sort(headers.begin(), headers.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

   std::string lines = request.method + '\n';
   std::string_view path = request.path;
   for (std::size_t at = 0; at < path.size(); ++at) {
      if (path[at] == '/') lines += '/';
      const std::size_t end = std::min(path.find('/', at), path.size());
      if (end == at) continue;
      lines += percent_encode(path.substr(at, end - at));
      at = end - 1;
   }
   lines += '\n';
   for (std::size_t i = 0; i < query.size(); ++i) lines += (i == 0 ? "" : "&") + query[i].first + '=' + query[i].second;
   lines += '\n';
   std::string names;
   for (std::size_t i = 0; i < headers.size(); ++i) {
      const auto& [name, value] = headers[i];
      if (i > 0 && headers[i - 1].first == name) {  // several values of one header
         lines.back() = ',';
         lines += value + '\n';
         continue;
      }
      lines += name + ':' + value + '\n';
      names += (names.empty() ? "" : ";") + name;
   }
   lines += '\n' + names + '\n';
   lines += digest.sha256_hex(request.body).view();
   return lines;
}

// The value of "Authorization" for a request whose "X-Amz-Date" is `date`, such as "20150830T123600Z". [call-thread]
inline Secret sigv4_authorization(const Digest& digest, const SigV4Request& request, const SigV4Key& key,
                                  std::string_view date) {
   const std::string canonical = sigv4_canonical_request(digest, request);
   const std::string_view day = date.substr(0, 8);
   const std::string scope =
       std::string(day) + '/' + std::string(key.region) + '/' + std::string(key.service) + "/aws4_request";
   const std::string to_sign = "AWS4-HMAC-SHA256\n" + std::string(date) + '\n' + scope + '\n' +
                               std::string(digest.sha256_hex(canonical).view());
   Secret signing = Secret::join({"AWS4", key.secret_access_key});
   for (const std::string_view part : {day, key.region, key.service, std::string_view("aws4_request")})
      signing = digest.hmac_sha256(signing.view(), part);
   // The names stand in the line before the body's digest.
   const std::size_t names_end = canonical.rfind('\n');
   const std::size_t names_start = canonical.rfind('\n', names_end - 1) + 1;
   return Secret::join({"AWS4-HMAC-SHA256 Credential=", key.access_key_id, "/", scope,
                        ", SignedHeaders=", std::string_view(canonical).substr(names_start, names_end - names_start),
                        ", Signature=", digest.hmac_sha256_hex(signing.view(), to_sign).view()});
}

}  // namespace msp::sdk
