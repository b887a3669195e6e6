#include "search/companion/reply.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"

namespace gensynth::companion {

Reply::Reply() : file_(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)) {
  if (file_ < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    throw Error(std::string("standard output: ") + std::strerror(errno));
  }
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
}

Reply::~Reply() { ::close(file_); }

void Reply::error(const std::string& message) { send("error", message); }

void Reply::send(const char* kind, const nlohmann::ordered_json& value) {
  using nlohmann::ordered_json;
  const std::string line =
      ordered_json{{kind, value}}.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t count = ::write(file_, line.data() + sent, line.size() - sent);
    if (count < 0 && errno != EINTR) throw Error(std::string("the answer cannot be sent: ") + std::strerror(errno));
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
}

}  // namespace gensynth::companion
