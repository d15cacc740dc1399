// http2_server.hpp - nghttpd, which speaks HTTP/2 over TLS and tells of everything that it receives.
#pragma once

#include <signal.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "blackhole.hpp"
#include "sim/scratch_directory.hpp"
#include "sim/wire/certificate_authority.hpp"

namespace msp::host::test {

// Serves the files that lie in `documents`, at 127.0.0.1:port().
class Http2Server {
 public:
   Http2Server(const sim::Certificate& certificate, const std::filesystem::path& documents) {
      write("key.pem", certificate.key_pem);
      write("chain.pem", certificate.chain_pem);
      // It cannot be asked for a free port, and one that was free a moment ago may be taken.
      for (int attempt = 0; attempt < 20; ++attempt) {
         port_ = Blackhole(Blackhole::Kind::refusing).port();
         if (start(documents)) return;
      }
      throw std::runtime_error("nghttpd does not start: " + last_line_);
   }
   ~Http2Server() { stop(); }
   Http2Server(const Http2Server&) = delete;
   Http2Server& operator=(const Http2Server&) = delete;

   [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

   // Ends the server. What it told since it listened.
   std::string stop() {
      if (!output_) return {};
      kill(process_, SIGTERM);
      std::string told;
      while (read_line()) told += last_line_;
      output_.reset();
      return told;
   }

 private:
   struct Close {
      void operator()(std::FILE* pipe) const noexcept { pclose(pipe); }
   };

   void write(const char* name, const std::string& text) const {
      const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen((scratch_.path() / name).c_str(), "w"),
                                                                 &std::fclose);
      if (!file || std::fputs(text.c_str(), file.get()) < 0) throw std::runtime_error("no scratch directory");
   }

   // Its lines must come at once: by themselves, they would stay in its buffer until there are many.
   bool start(const std::filesystem::path& documents) {
      const std::string directory = scratch_.path().string();
      const std::string command =
          "echo $$; exec stdbuf -oL '" MSP_NGHTTPD "' --verbose --address=127.0.0.1 --htdocs='" + documents.string() +
          "' " + std::to_string(port_) + " '" + directory + "/key.pem' '" + directory + "/chain.pem' 2>&1";
      output_.reset(popen(command.c_str(), "r"));
      if (!read_line()) throw std::runtime_error("no shell");
      process_ = std::stoi(last_line_);
      while (read_line()) {
         if (last_line_.find("listen 127.0.0.1") != std::string::npos) return true;
      }
      return false;
   }

   bool read_line() {
      std::array<char, 4096> line{};
      if (!output_ || std::fgets(line.data(), static_cast<int>(line.size()), output_.get()) == nullptr) return false;
      last_line_ = line.data();
      return true;
   }

   sim::ScratchDirectory scratch_;
   std::unique_ptr<std::FILE, Close> output_;
   std::string last_line_;
   pid_t process_ = 0;
   std::uint16_t port_ = 0;
};

}  // namespace msp::host::test
