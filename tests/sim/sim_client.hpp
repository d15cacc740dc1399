#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

namespace msp::sim {

// What came back, or curl's code for why nothing did.
struct ClientAnswer {
   CURLcode code = CURLE_OK;
   long status = 0;
   std::string body;
   std::string headers;  // the answer's header lines as they came
};

// The smallest client that sees what an integration would: curl, one connection cache, one CA file.
class SimClient {
 public:
   SimClient(std::string ca_pem, const std::vector<std::string>& connect_to) : ca_pem_(std::move(ca_pem)) {
      for (const std::string& each : connect_to)
         connect_to_.reset(curl_slist_append(connect_to_.release(), each.c_str()));
   }

   ClientAnswer get(const std::string& url, const std::vector<std::string>& headers = {}) {
      return send("GET", url, headers, "");
   }

   ClientAnswer send(const std::string& method, const std::string& url, const std::vector<std::string>& headers,
                     const std::string& body) {
      CURL* curl = curl_.get();
      curl_easy_reset(curl);
      ClientAnswer answer;
      List lines;
      for (const std::string& each : headers) lines.reset(curl_slist_append(lines.release(), each.c_str()));
      curl_blob ca{ca_pem_.data(), ca_pem_.size(), CURL_BLOB_NOCOPY};
      curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &ca);
      curl_easy_setopt(curl, CURLOPT_CONNECT_TO, connect_to_.get());
      curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
      curl_easy_setopt(curl, CURLOPT_PROXY, "");
      curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
      curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
      curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
      curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
      if (!body.empty()) curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body.c_str());
      curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
      curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &SimClient::append);
      curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
      curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &SimClient::append);
      curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer.headers);
      answer.code = curl_easy_perform(curl);
      curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
      return answer;
   }

   long timeout_ms = 20'000;

 private:
   struct Free {
      void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
      void operator()(curl_slist* list) const { curl_slist_free_all(list); }
   };
   using List = std::unique_ptr<curl_slist, Free>;

   static std::size_t append(const char* data, std::size_t size, std::size_t count, void* text) {
      static_cast<std::string*>(text)->append(data, size * count);
      return size * count;
   }

   std::unique_ptr<CURL, Free> curl_{curl_easy_init()};
   std::string ca_pem_;
   List connect_to_;
};

}  // namespace msp::sim
