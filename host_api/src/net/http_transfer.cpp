#include "net/http_transfer.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <utility>

#include "base/text.hpp"

namespace msp::host {
namespace {

constexpr std::size_t kHeaderBytesMax = 65536;

void append(CurlList& list, const char* line) {
   // On failure the old list is still there and still owned.
   if (curl_slist* longer = curl_slist_append(list.get(), line)) {
      static_cast<void>(list.release());
      list.reset(longer);
   } else {
      throw std::bad_alloc();
   }
}

// Appends without leaving a copy behind in memory that the string gives up.
void append_wiped(std::string& text, std::string_view piece) {
   if (text.size() + piece.size() > text.capacity()) {
      std::string larger;
      larger.reserve(std::max(text.size() + piece.size(), text.capacity() * 2));
      larger = text;
      wipe(text);
      text.swap(larger);
   }
   text += piece;
}

// "HTTP/1.1 200 OK" or "HTTP/2 200".
bool is_status_line(std::string_view line) { return line.starts_with("HTTP/"); }

bool is_interim(int status) { return status >= 100 && status < 200; }
bool is_refusal(int status) { return status == 401 || status == 403; }
bool is_status(int status) { return status >= 200 && status <= 599; }

// "HTTP/1.1 401 No": 401. 0: it is no status line.
int status_of_line(std::string_view line) {
   const auto blank = line.find(' ');
   if (!is_status_line(line) || blank == std::string_view::npos) return 0;
   int status = 0;
   const auto [end, error] = std::from_chars(line.data() + blank + 1, line.data() + line.size(), status);
   const bool ends = end == line.data() + line.size() || *end == ' ' || *end == '\r' || *end == '\n';
   return error == std::errc() && ends ? status : 0;
}

std::string bytes_in_words(std::size_t count) {
   constexpr std::size_t kMebibyte = 1u << 20;
   return count % kMebibyte == 0 ? std::to_string(count / kMebibyte) + " MiB" : std::to_string(count) + " bytes";
}

// The status of an HTTP/2 answer that libcurl has read and not handed over, because its stream was reset in the same
// moment. 0: none.
int status_not_handed_over(CURL* easy) {
   curl_header* status = nullptr;
   if (!easy || curl_easy_header(easy, ":status", 0, CURLH_PSEUDO, -1, &status) != CURLHE_OK) return 0;
   if (curl_easy_header(easy, ":status", status->amount - 1, CURLH_PSEUDO, -1, &status) != CURLHE_OK) return 0;
   int number = 0;
   const std::string_view digits(status->value);
   std::from_chars(digits.data(), digits.data() + digits.size(), number);
   return number;
}

// The headers of the answer in their order, without interim answers, trailers and what a proxy said.
decltype(HttpResponse::headers) headers_of(CURL* easy) {
   decltype(HttpResponse::headers) headers;
   for (curl_header* each = nullptr; (each = curl_easy_nextheader(easy, CURLH_HEADER, -1, each)) != nullptr;)
      headers.emplace_back(each->name,
                           SecretBytes(trim(each->value)));  // libcurl leaves the line's end on an empty value
   return headers;
}

// False, and nothing taken, when less is left.
bool take_from(std::atomic<std::size_t>& left, std::size_t size) {
   std::size_t known = left.load();
   while (size <= known)
      if (left.compare_exchange_weak(known, known - size)) return true;
   return false;
}

long number(CURL* easy, CURLINFO which) {
   long value = 0;
   return curl_easy_getinfo(easy, which, &value) == CURLE_OK ? value : 0;
}

}  // namespace

HttpTransfer::HttpTransfer(HttpRequest& request, std::string host, OnRefusal on_refusal)
    : host_(std::move(host)),
      method_(request.method),
      url_(std::move(request.url)),
      on_refusal_(std::move(on_refusal)),
      request_body_(std::move(request.body)),
      body_max_(request.body_max),
      bodies_left_(std::move(request.bodies_left)) {
   bool has_content_type = false;
   for (auto& [name, value] : request.headers) {
      has_content_type = has_content_type || to_lower(name) == "content-type";
      // libcurl takes "Name:" for "leave it out" and "Name;" for an empty value.
      std::string line;
      line.reserve(name.size() + 2 + value.size());
      line += name;
      line += value.empty() ? ";" : ": ";
      line += value.view();
      append(headers_, line.c_str());
      wipe(line);
      value = SecretBytes();
   }
   append(headers_, "Expect:");                               // would cost a round trip before the body
   if (!has_content_type) append(headers_, "Content-Type:");  // libcurl would claim it were a form
}

HttpTransfer::~HttpTransfer() {
   wipe(body_);
   wipe(url_);  // a session may have its key in the query
}

CURL* HttpTransfer::prepare(const TransferSetup& setup) {
   easy_.reset(curl_easy_init());
   CURL* easy = easy_.get();
   if (!easy) return nullptr;
   const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };

   set(CURLOPT_URL, url_.c_str());
   set(CURLOPT_PROTOCOLS_STR, "https");
   set(CURLOPT_FOLLOWLOCATION, 0L);
   set(CURLOPT_HTTPHEADER, headers_.get());
   set(CURLOPT_USERAGENT, setup.options.user_agent.c_str());
   set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
   if (method_ == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
   } else {
      // An empty body still has a length to state where the method means one.
      if (!request_body_.empty() || method_ == "POST" || method_ == "PUT" || method_ == "PATCH") {
         set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_body_.size()));
         set(CURLOPT_POSTFIELDS, request_body_.view().data());  // not copied
      }
      set(CURLOPT_CUSTOMREQUEST, method_.c_str());
   }

   // Without PIPEWAIT: a first batch opens its connections side by side instead of waiting to hear whether the first
   // one speaks HTTP/2. Later requests share a connection that does.
   set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
   set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
   set(CURLOPT_SSL_VERIFYPEER, 1L);
   set(CURLOPT_SSL_VERIFYHOST, 2L);
   setup.trust->apply(easy, watch_);
   set(CURLOPT_SHARE, setup.share.get());

   if (setup.options.proxy) set(CURLOPT_PROXY, setup.options.proxy->c_str());
   if (setup.connect_to) set(CURLOPT_CONNECT_TO, setup.connect_to.get());
   set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(setup.options.connect_timeout.count()));

   set(CURLOPT_MAXAGE_CONN, 60L);  // servers hang up after a minute or two, which is no time to be sending

   set(CURLOPT_NOSIGNAL, 1L);
   set(CURLOPT_QUICK_EXIT, 1L);  // a cancelled transfer does not wait for its name look-up
   set(CURLOPT_PREREQFUNCTION, &HttpTransfer::on_ready_to_send);
   set(CURLOPT_PREREQDATA, static_cast<void*>(this));
   set(CURLOPT_ERRORBUFFER, error_.data());
   set(CURLOPT_HEADERFUNCTION, &HttpTransfer::on_header);
   set(CURLOPT_HEADERDATA, static_cast<void*>(this));
   set(CURLOPT_WRITEFUNCTION, &HttpTransfer::on_body);
   set(CURLOPT_WRITEDATA, static_cast<void*>(this));
   return easy;
}

HttpResponse HttpTransfer::finish(CURLcode code, const TransferSetup& setup) {
   HttpResponse response = result(code, setup);
   curl_off_t microseconds = 0;
   if (easy_) curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &microseconds);
   response.elapsed = std::chrono::milliseconds(microseconds / 1000);
   return response;
}

HttpResponse HttpTransfer::result(CURLcode code, const TransferSetup& setup) {
   if (code == CURLE_OK && is_status(response_.status)) {
      response_.outcome = Outcome::accepted;
      response_.headers = headers_of(easy_.get());
      response_.body = SecretBytes::take(body_);
      return std::move(response_);
   }
   if (response_.status == 0) response_.status = status_not_handed_over(easy_.get());
   // libcurl takes for another protocol what comes after a 101 that nobody asked for.
   if (response_.status == 101) {
      response_.status = status_of_line(body_);
      if (!is_refusal(response_.status)) response_.status = 101;
   }
   if (is_refusal(response_.status)) return refusal();
   HttpProblem problem = problem_of(code, setup);
   HttpResponse response;
   response.outcome = problem.outcome;
   response.problem = std::move(problem.finding);
   response.not_sent = !sent_;
   response.lost = sent_ && final_status() == 0 &&
                   (*begun_ || response_.status != 0 || response.problem.code == "platform.unexpected_response");
   response.beyond_bodies = beyond_bodies_;
   return response;
}

// 0: not known, or an interim one (1xx).
int HttpTransfer::final_status() const { return is_interim(response_.status) ? 0 : response_.status; }

HttpProblem HttpTransfer::problem_of(CURLcode code, const TransferSetup& setup) const {
   if (body_too_large_) return answer_too_large(host_, "body", bytes_in_words(body_max_));
   if (headers_too_large_) return answer_too_large(host_, "header", "64 KiB");
   if (response_.status == 101) return switched_protocol(host_);
   if (code == CURLE_OK && !is_interim(response_.status)) return not_a_status(host_, response_.status);
   TransferFailure failure;
   failure.host = host_;
   failure.sent = sent_;
   failure.status = final_status();
   failure.begun = *begun_ || response_.status != 0;
   // The one thing that this library aborts by a callback is a second sending, after the first one was lost.
   const bool sent_twice = code == CURLE_ABORTED_BY_CALLBACK;
   failure.code = sent_twice || code == CURLE_OK ? CURLE_GOT_NOTHING : code;
   if (!sent_twice) failure.detail = error_.data();
   if (CURL* easy = easy_.get()) {
      failure.os_error = static_cast<int>(number(easy, CURLINFO_OS_ERRNO));
      failure.verify_result = number(easy, CURLINFO_SSL_VERIFYRESULT);
      failure.proxy_status = static_cast<int>(number(easy, CURLINFO_HTTP_CONNECTCODE));
      failure.proxy_kinds = number(easy, CURLINFO_PROXYAUTH_AVAIL);
      failure.proxy_challenges = proxy_challenges_;
   }
   failure.certificate = *watch_.seen;
   failure.believes_nobody = setup.trust->believes_nobody();
   failure.now = std::time(nullptr);
   failure.proxy_user = setup.proxy.has_user;
   failure.proxy_failed =
       !setup.proxy.words.empty() && failure.detail.find(setup.proxy.words) != std::string_view::npos;
   return describe(failure);
}

// It is known once its status is, and counts whatever becomes of its rest.
HttpResponse HttpTransfer::refusal() const {
   HttpResponse known;
   known.outcome = Outcome::accepted;
   known.status = response_.status;
   known.cut = true;
   known.headers = headers_of(easy_.get());
   return known;
}

std::size_t HttpTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
   return static_cast<HttpTransfer*>(self)->take_header({data, size * count}) ? size * count : 0;
}

std::size_t HttpTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
   return static_cast<HttpTransfer*>(self)->take_body({data, size * count}) ? size * count : 0;
}

// libcurl sends a request again by itself when a connection that it had kept dies under it. The platform may have seen
// the first one, and count the second as another sign-in.
int HttpTransfer::on_ready_to_send(void* self, char*, char*, int, int) noexcept {
   auto& transfer = *static_cast<HttpTransfer*>(self);
   if (std::exchange(transfer.sent_, true)) return CURL_PREREQFUNC_ABORT;
   listen_for_answer(transfer.easy_.get(), transfer.begun_);
   return CURL_PREREQFUNC_OK;
}

// Before the request is sent, only a proxy has answered. libcurl knows the kinds of sign-in that it can do itself; the
// names of others are in the proxy's own words.
void HttpTransfer::take_proxy_header(std::string_view line) {
   constexpr std::size_t kMost = 8;
   constexpr std::string_view kName = "proxy-authenticate:";
   if (to_lower(line.substr(0, kName.size())) != kName || proxy_challenges_.size() >= kMost) return;
   proxy_challenges_.emplace_back(trim(line.substr(kName.size())));
}

bool HttpTransfer::take_header(std::string_view line) {
   if (!sent_) return take_proxy_header(line), true;
   if (!headers_done_ && is_status_line(line)) {  // of an interim answer (1xx) or the final one
      response_.status = static_cast<int>(number(easy_.get(), CURLINFO_RESPONSE_CODE));
      if (final_status() != 0) {
         listen_for_answer(easy_.get(), nullptr);
         *begun_ = false;
      }
      if (is_refusal(response_.status)) on_refusal_(refusal());
   }
   header_bytes_ += line.size();
   if (header_bytes_ > kHeaderBytesMax) {
      headers_too_large_ = true;
      return false;
   }
   if (headers_done_ || !trim(line).empty()) return true;  // what comes after the end is a trailer
   headers_done_ = !is_interim(response_.status);
   if (is_refusal(response_.status)) on_refusal_(refusal());
   return true;
}

bool HttpTransfer::take_body(std::string_view piece) {
   if (piece.size() > body_max_ - body_.size()) {
      body_too_large_ = true;
      return false;
   }
   if (bodies_left_ && !take_from(*bodies_left_, piece.size())) {
      beyond_bodies_ = true;
      return false;
   }
   append_wiped(body_, piece);
   return true;
}

}  // namespace msp::host
