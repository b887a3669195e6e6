#pragma once

#include <string>

namespace gensynth::serve {

/// Who may read.
struct Access {
  std::string address = "127.0.0.1";  ///< that the server listens at
  int port = 0;
  std::string token;  ///< "" : none is asked for; only at a loopback address
};

/// The parts of a request that decide whether it is answered; "" for what it lacks.
struct Credentials {
  std::string host;    ///< "127.0.0.1:8765"
  std::string origin;  ///< "http://127.0.0.1:8765"
  std::string token;   ///< from its address or its cookie
};

bool is_loopback(const std::string& address);

/// Throws Error when others than this machine's users could read without a token, or when the token is short.
void check_access(const Access& access);

/// Why a request is refused; "" when it is answered. At a loopback address, a Host that is not this machine is refused,
/// because a page from elsewhere could otherwise read the answers under a name that it controls (DNS rebinding). An
/// Origin must be the server's own. A token is compared in constant time.
std::string refusal(const Access& access, const Credentials& credentials);

}  // namespace gensynth::serve
