#include "bare_client.hpp"

#include <curl/curl.h>

#include <stdexcept>

namespace msp::bench {
namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

List make_list(const std::vector<std::string>& items) {
   curl_slist* list = nullptr;
   for (const std::string& item : items) list = curl_slist_append(list, item.c_str());
   return {list, &curl_slist_free_all};
}

std::size_t append(char* data, std::size_t size, std::size_t count, void* body) {
   static_cast<std::string*>(body)->append(data, size * count);
   return size * count;
}

void expect_200(const CURLMsg& message) {
   long status = 0;
   char* url = nullptr;
   curl_easy_getinfo(message.easy_handle, CURLINFO_RESPONSE_CODE, &status);
   curl_easy_getinfo(message.easy_handle, CURLINFO_EFFECTIVE_URL, &url);
   if (message.data.result != CURLE_OK || status != 200)
      throw std::runtime_error(std::string(url) + ": " + curl_easy_strerror(message.data.result) + ", status " +
                               std::to_string(status));
}

}  // namespace

struct BareClient::State {
   std::filesystem::path ca_file;
   List connect_to;
   std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi{curl_multi_init(), &curl_multi_cleanup};
};

BareClient::BareClient(std::filesystem::path ca_file, const std::vector<std::string>& connect_to)
    : state_(new State{std::move(ca_file), make_list(connect_to)}) {}

BareClient::~BareClient() = default;

std::vector<std::string> BareClient::get(const std::vector<BareRequest>& requests) {
   CURLM* multi = state_->multi.get();
   std::vector<std::string> bodies(requests.size());
   std::vector<List> headers;
   std::vector<Easy> easies;
   for (std::size_t i = 0; i < requests.size(); ++i) {
      CURL* easy = easies.emplace_back(curl_easy_init(), &curl_easy_cleanup).get();
      curl_easy_setopt(easy, CURLOPT_URL, requests[i].url.c_str());
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.emplace_back(make_list(requests[i].headers)).get());
      curl_easy_setopt(easy, CURLOPT_CAINFO, state_->ca_file.c_str());
      curl_easy_setopt(easy, CURLOPT_CONNECT_TO, state_->connect_to.get());
      curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &append);
      curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bodies[i]);
      curl_multi_add_handle(multi, easy);
   }
   int running = 0;
   do {
      curl_multi_perform(multi, &running);
      if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
   } while (running > 0);

   int left = 0;
   while (const CURLMsg* message = curl_multi_info_read(multi, &left)) expect_200(*message);
   for (const Easy& easy : easies) curl_multi_remove_handle(multi, easy.get());
   return bodies;
}

}  // namespace msp::bench
