#include "web/gzip.hpp"

#include <algorithm>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>
#include <cstdint>

#include "msp/host/text.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kWorthIt = 1024;  // bytes; less is one packet anyway

void append_number(std::string& bytes, std::uint32_t number) {
   for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((number >> shift) & 0xFFU);
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) noexcept {
   bool any = false;
   while (!accept_encoding.empty()) {
      const std::size_t end = std::min(accept_encoding.find(','), accept_encoding.size());
      const std::string_view entry = accept_encoding.substr(0, end);
      accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
      const std::size_t semicolon = std::min(entry.find(';'), entry.size());
      const std::string_view coding = host::trim(entry.substr(0, semicolon));
      const std::string_view quality = entry.substr(semicolon);
      const std::size_t value = quality.find('=');
      // A weight is 0 when no digit of it is another: "0", "0.000".
      const bool wanted =
          value == std::string_view::npos || quality.find_first_of("123456789", value) != std::string_view::npos;
      if (coding == "gzip" || coding == "x-gzip") return wanted;
      if (coding == "*") any = wanted;
   }
   return any;
}

std::string gzip(std::string_view bytes) {
   namespace zlib = boost::beast::zlib;
   std::string packed("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);  // deflate, no name, no time, any system
   zlib::deflate_stream stream;
   zlib::z_params at;
   at.next_in = bytes.data();
   at.avail_in = bytes.size();
   for (boost::beast::error_code error; !error;) {
      const std::size_t size = packed.size();
      const std::size_t room = std::max<std::size_t>(bytes.size() / 4, 4096);
      packed.resize(size + room);
      at.next_out = packed.data() + size;
      at.avail_out = room;
      stream.write(at, zlib::Flush::finish, error);
      packed.resize(size + room - at.avail_out);
      if (error == zlib::error::need_buffers) error = {};
   }
   boost::crc_32_type sum;
   sum.process_bytes(bytes.data(), bytes.size());
   append_number(packed, sum.checksum());
   append_number(packed, static_cast<std::uint32_t>(bytes.size()));
   return packed;
}

void compress(HttpResponse& response, std::string_view accept_encoding) {
   if (response.status != 200 || response.body.size() < kWorthIt) return;
   response.headers.emplace_back("Vary", "Accept-Encoding");
   if (!takes_gzip(accept_encoding)) return;
   response.headers.emplace_back("Content-Encoding", "gzip");
   response.body = gzip(response.body);
}

}  // namespace msp::console
