#include "constraints/plugin/frames.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>

namespace gensynth::plugin {
namespace {

/// The size of what follows; then, for each text, its size and its bytes.
using Size = std::uint64_t;
constexpr Size kLargest = Size{256} << 20;  // a reply that is larger is no verdict

void append(std::string& bytes, Size size) { bytes.append(reinterpret_cast<const char*>(&size), sizeof size); }

Size size_at(const std::string& bytes, std::size_t place) {
  Size size = 0;
  std::memcpy(&size, bytes.data() + place, sizeof size);
  return size;
}

std::string encoded(const Message& message) {
  Size total = 0;
  for (const std::string& text : message) total += sizeof(Size) + text.size();
  std::string bytes;
  bytes.reserve(sizeof(Size) + total);
  append(bytes, total);
  for (const std::string& text : message) {
    append(bytes, text.size());
    bytes += text;
  }
  return bytes;
}

std::optional<Message> decoded(const std::string& body) {
  Message message;
  std::size_t place = 0;
  while (place < body.size()) {
    if (body.size() - place < sizeof(Size)) return std::nullopt;
    const Size size = size_at(body, place);
    place += sizeof(Size);
    if (size > body.size() - place) return std::nullopt;
    message.push_back(body.substr(place, size));
    place += size;
  }
  return message;
}

bool receive_bytes(int socket, std::size_t count, std::string& bytes) {
  bytes.resize(count);
  std::size_t got = 0;
  while (got < count) {
    const ssize_t size = ::recv(socket, bytes.data() + got, count - got, 0);
    if (size == 0 || (size < 0 && errno != EINTR)) return false;
    if (size > 0) got += static_cast<std::size_t>(size);
  }
  return true;
}

/// Gathers the bytes of one message as they arrive.
class Gatherer {
 public:
  /// False when the other side is gone or sends what is no message.
  bool take(int socket) {
    char buffer[65536];
    for (;;) {
      const ssize_t count = ::recv(socket, buffer, sizeof buffer, MSG_DONTWAIT);
      if (count == 0) return false;
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      bytes_.append(buffer, static_cast<std::size_t>(count));
      if (bytes_.size() >= sizeof(Size) && size_at(bytes_, 0) > kLargest) return false;
      if (complete()) return true;
    }
  }
  bool complete() const { return bytes_.size() >= sizeof(Size) && bytes_.size() - sizeof(Size) >= size_at(bytes_, 0); }
  std::optional<Message> message() const { return decoded(bytes_.substr(sizeof(Size))); }

 private:
  std::string bytes_;
};

}  // namespace

bool send_message(int socket, const Message& message) {
  const std::string bytes = encoded(message);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<Message> receive_message(int socket) {
  std::string bytes;
  if (!receive_bytes(socket, sizeof(Size), bytes)) return std::nullopt;
  const Size size = size_at(bytes, 0);
  if (size > kLargest || !receive_bytes(socket, size, bytes)) return std::nullopt;
  return decoded(bytes);
}

ExchangeEnd exchange(int socket, const Message& message, int other, double seconds, Message& reply) {
  using Clock = std::chrono::steady_clock;
  const auto deadline =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  const std::string bytes = encoded(message);
  std::size_t sent = 0;
  Gatherer gatherer;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd looks[2] = {{socket, static_cast<short>(POLLIN | (sent < bytes.size() ? POLLOUT : 0)), 0},
                       {other, POLLIN, 0}};
    const int ready = ::poll(looks, 2, static_cast<int>(std::max<std::int64_t>(left + 1, 0)));
    if (ready < 0 && errno != EINTR) return ExchangeEnd::closed;
    if (ready == 0 && left <= 0) return ExchangeEnd::timed_out;
    if ((looks[0].revents & POLLOUT) != 0) {
      const ssize_t count = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0 && errno != EAGAIN && errno != EINTR) return ExchangeEnd::closed;
      if (count > 0) sent += static_cast<std::size_t>(count);
    }
    if ((looks[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      if (!gatherer.take(socket)) return ExchangeEnd::closed;
      if (gatherer.complete()) {
        std::optional<Message> whole = gatherer.message();
        if (!whole) return ExchangeEnd::closed;
        reply = std::move(*whole);
        return ExchangeEnd::replied;
      }
    }
    if (looks[1].revents != 0) return ExchangeEnd::interrupted;
  }
}

}  // namespace gensynth::plugin
