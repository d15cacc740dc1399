#include "bare_client.hpp"

#include <curl/curl.h>

#include <memory>
#include <stdexcept>

namespace msp::bench {
namespace {

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

List make_list(const std::vector<std::string>& items) {
   curl_slist* list = nullptr;
   for (const std::string& item : items) list = curl_slist_append(list, item.c_str());
   return {list, &curl_slist_free_all};
}

std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

}  // namespace

void get_in_turn(const std::vector<BareRequest>& requests, const std::filesystem::path& ca_file,
                 const std::vector<std::string>& connect_to) {
   const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
   const List connect_list = make_list(connect_to);
   curl_easy_setopt(curl.get(), CURLOPT_CAINFO, ca_file.c_str());
   curl_easy_setopt(curl.get(), CURLOPT_CONNECT_TO, connect_list.get());
   curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &discard);
   for (const BareRequest& request : requests) {
      const List headers = make_list(request.headers);
      curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
      curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
      const CURLcode result = curl_easy_perform(curl.get());
      long status = 0;
      curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
      if (result != CURLE_OK || status != 200)
         throw std::runtime_error(request.url + ": " + curl_easy_strerror(result));
   }
}

}  // namespace msp::bench
