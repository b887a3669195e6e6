#pragma once

#include <memory>
#include <string>

#include "search/serve/access.hpp"
#include "search/serve/live_report.hpp"

namespace gensynth::serve {

/// Answers GET requests: "/" is the page, "/report.json" its data, "/events" a stream (server-sent events) with a line
/// whenever the data has changed. Everything else is refused or not found.
class Server {
 public:
  /// Binds; a port of 0 takes a free one. `report` must outlive the server. Throws Error when the address is taken or
  /// others could read without a token.
  Server(Access access, LiveReport& report);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const Access& access() const;  ///< with the port that was taken
  std::string url() const;       ///< with the token
  void listen();                 ///< until `stop`
  void stop();                   ///< from any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gensynth::serve
