// broken_refusals.hpp - refusals whose status is said and whose rest is broken, and answers that break before their
// status can be read: each way known to lose such an answer.
#pragma once

#include <string>
#include <vector>

#include "msp/http.h"
#include "sim/wire/http_message.hpp"

namespace msp::test {

struct BrokenRefusal {
   const char* name;
   std::string bytes;     // after the status line has begun: "HTTP/1.1 401"
   bool endless = false;  // the server then stays silent
   bool traced = true;    // its header "X-Trace: 7" was read
   const char* before = "";

   [[nodiscard]] sim::Reply reply(int status) const {
      return sim::Reply::bytes(before + ("HTTP/1.1 " + std::to_string(status)) + bytes,
                               endless ? sim::Fault::silent : sim::Fault::none);
   }
};

inline std::vector<BrokenRefusal> broken_refusals() {
   const std::string head = " No\r\nX-Trace: 7\r\nConnection: close\r\n";
   std::string many;
   for (int count = 0; count < 70; ++count)
      many += "X-" + std::to_string(count) + ": " + std::string(1000, 'x') + "\r\n";
   std::string cookies;
   for (int count = 0; count < 1500; ++count) cookies += "Set-Cookie: a" + std::to_string(count) + "=b\r\n";
   std::string letters;
   for (int count = 0; count < 12'000; ++count) letters += "a:\r\n";
   return {
       {"complete", head + "Content-Length: 2\r\n\r\nno"},
       {"body cut short", head + "Content-Length: 1000\r\n\r\nno"},
       {"body cut before its first byte", head + "Content-Length: 1000\r\n\r\n"},
       {"chunk cut short", head + "Transfer-Encoding: chunked\r\n\r\n3e8\r\nno"},
       {"bad chunk", head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n0\r\n\r\n"},
       {"bad gzip", head + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnono"},
       {"unknown encoding", head + "Content-Encoding: br\r\nContent-Length: 4\r\n\r\nnono"},
       {"many encodings",
        head + "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip\r\nContent-Length: 2\r\n\r\nno"},
       {"headers of 70 kB", head + many + "Content-Length: 2\r\n\r\nno"},
       {"1500 cookies", head + cookies + "Content-Length: 2\r\n\r\nno"},
       {"12,000 headers of one letter", head + letters + "Content-Length: 2\r\n\r\nno"},
       {"body of 9 MB", head + "Content-Length: 9000000\r\n\r\n" + std::string(9'000'000, 'x')},
       {"body that never comes", head + "Content-Length: 1000\r\n\r\n", true},
       {"headers that never end", head, true, false},
       {"cut within its headers", head + "X-Other: "},
       {"reason of 60 kB",
        " " + std::string(60'000, 'x') + "\r\nX-Trace: 7\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"},
       {"reason of 90 kB",
        " " + std::string(90'000, 'x') + "\r\nX-Trace: 7\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", false,
        false},
       {"first line folded", " No\r\n fold: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", false, false},
       {"after hints and another interim answer", head + "Content-Length: 1000\r\n\r\nno", false, true,
        "HTTP/1.1 103 Early Hints\r\nX-Trace: 6\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"},
       {"after a change of protocol that nobody asked for", head + "Content-Length: 2\r\n\r\nno", false, false,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"},
       {"after a change of protocol, and without a reason", "\r\n\r\n", false, false,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"},
       {"two lengths", head + "Content-Length: 2\r\nContent-Length: 5\r\n\r\nno"},
       {"negative length", head + "Content-Length: -5\r\n\r\nno"},
       {"a header without a colon", head + "nonsense\r\nContent-Length: 2\r\n\r\nno"},
       {"another status as a trailer",
        head + "Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\nHTTP/1.1 200 OK\r\n\r\n"},
       {"rubbish after the body", head + "Content-Length: 2\r\n\r\nnoHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
   };
}

struct LostStatus {
   const char* name;
   std::string bytes;
   bool endless = false;  // the server then stays silent

   [[nodiscard]] sim::Reply reply() const {
      return sim::Reply::bytes(bytes, endless ? sim::Fault::silent : sim::Fault::none);
   }
};

// libcurl hands over no status of these, and each can be a refusal.
inline std::vector<LostStatus> lost_statuses() {
   const std::string end = " No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
   return {
       {"a status line without an end", "HTTP/1.1 401 No"},
       {"a status line cut within its status", "HTTP/1.1 40"},
       {"a status line cut before its status", "HTT"},
       {"a status line that ends in CR", "HTTP/1.1 401 No\r"},
       {"a reason of 200 kB", "HTTP/1.1 401 " + std::string(200'000, 'x') + "\r\nContent-Length: 0\r\n\r\n"},
       {"a status line without an end, then silence", "HTTP/1.1 401 No", true},
       {"a status line that ends in CR, then silence", "HTTP/1.1 401 No\r", true},
       {"HTTP/1.2", "HTTP/1.2 401" + end},
       {"HTTP/4", "HTTP/4 401" + end},
       {"http in small letters", "http/1.1 401" + end},
       {"a status of four digits", "HTTP/1.1 4010" + end},
       {"rubbish before it", "\x01\x02HTTP/1.1 401" + end},
       {"only hints", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"},
       {"hints and a cut status line", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 401 No"},
       {"a change of protocol and a cut status line", "HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 40"},
       {"a change of protocol and nothing more", "HTTP/1.1 101 Switching Protocols\r\n\r\n"},
   };
}

}  // namespace msp::test
