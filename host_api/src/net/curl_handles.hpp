// curl_handles.hpp - libcurl's handles, owned.
#pragma once

#include <curl/curl.h>

#include <cstring>
#include <memory>

#include "msp/host/secret.hpp"

namespace msp::host {

template <auto release>
struct CurlRelease {
   template <class Handle>
   void operator()(Handle* handle) const noexcept {
      release(handle);
   }
};

// A request's headers hold secrets, so their texts are wiped first.
struct CurlWipeAndRelease {
   void operator()(curl_slist* list) const noexcept {
      for (const curl_slist* item = list; item; item = item->next) wipe(item->data, std::strlen(item->data));
      curl_slist_free_all(list);
   }
};

using CurlEasy = std::unique_ptr<CURL, CurlRelease<curl_easy_cleanup>>;
using CurlMulti = std::unique_ptr<CURLM, CurlRelease<curl_multi_cleanup>>;
using CurlShare = std::unique_ptr<CURLSH, CurlRelease<curl_share_cleanup>>;
using CurlUrl = std::unique_ptr<CURLU, CurlRelease<curl_url_cleanup>>;
using CurlText = std::unique_ptr<char, CurlRelease<curl_free>>;
using CurlList = std::unique_ptr<curl_slist, CurlWipeAndRelease>;

}  // namespace msp::host
