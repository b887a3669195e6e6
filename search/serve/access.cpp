#include "search/serve/access.hpp"

#include <algorithm>
#include <array>

#include "architecture/base/error.hpp"

namespace gensynth::serve {
namespace {

constexpr std::size_t kShortestToken = 16;

bool is_this_machine(const std::string& host, int port) {
  const std::string suffix = ":" + std::to_string(port);
  const std::array<std::string, 3> names = {"127.0.0.1", "localhost", "[::1]"};
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return host == name + suffix; });
}

/// Takes the same time wherever the two differ.
bool equal_in_constant_time(const std::string& given, const std::string& expected) {
  std::size_t difference = given.size() ^ expected.size();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const char other = i < given.size() ? given[i] : '\0';
    difference |= static_cast<std::size_t>(static_cast<unsigned char>(expected[i]) ^ static_cast<unsigned char>(other));
  }
  return difference == 0;
}

}  // namespace

bool is_loopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.rfind("127.", 0) == 0;
}

void check_access(const Access& access) {
  if (access.token.empty() && !is_loopback(access.address)) {
    throw Error("--address " + access.address + ": others can reach it; --token is needed there", ErrorKind::usage);
  }
  if (!access.token.empty() && access.token.size() < kShortestToken) {
    throw Error("--token: has " + std::to_string(access.token.size()) + " characters; at least " +
                    std::to_string(kShortestToken) + " are needed, for example those of `openssl rand -hex 16`",
                ErrorKind::usage);
  }
}

std::string refusal(const Access& access, const Credentials& credentials) {
  if (is_loopback(access.address) && !is_this_machine(credentials.host, access.port)) {
    return "the Host of the request is not this machine";
  }
  if (!credentials.origin.empty() && credentials.origin != "http://" + credentials.host) {
    return "the request comes from a page of another origin";
  }
  if (!access.token.empty() && !equal_in_constant_time(credentials.token, access.token)) {
    return "the token is missing or wrong; open the address that gensynth serve printed, with its token";
  }
  return "";
}

}  // namespace gensynth::serve
