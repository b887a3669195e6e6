#include "constraints/plugin/plugin_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "architecture/base/error.hpp"
#include "constraints/plugin/served_plugin.hpp"

namespace gensynth::plugin {

namespace {

constexpr int kEndMilliseconds = 1000;  // between the end of a connection and that of the process

bool is_readable(int file, int milliseconds) {
  pollfd look = {file, POLLIN, 0};
  return ::poll(&look, 1, milliseconds) > 0;
}

}  // namespace

PluginProcess::PluginProcess(std::string path, const Limits& limits) : path_(std::move(path)), limits_(limits) {
  start();
}

PluginProcess::~PluginProcess() { close_helper(); }

void PluginProcess::close_helper() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void PluginProcess::drop_guard() {
  close_helper();
  guard_.reset();
}

bool PluginProcess::is_running() const { return socket_ >= 0 && guard_->is_of_this_process(); }

void PluginProcess::start() {
  if (guard_ && !guard_->is_of_this_process()) drop_guard();
  if (!guard_) guard_ = std::make_unique<Guard>([path = path_](int socket) { serve_plugin(path, socket); }, limits_);
  try {
    socket_ = guard_->start();
    const Message described = attempt({}, "plugin " + path_, limits_.load_seconds);
    descriptions_.assign(described.begin() + 1, described.end());
    for (Made& made : made_) {
      if (made.destroyed) continue;
      const Message reply =
          attempt({"create", std::to_string(made.kind), made.who, made.parameters}, made.who, limits_.load_seconds);
      made.number = std::stoul(reply.at(1));
    }
  } catch (const Error&) {
    drop_guard();  // with a helper that is of no use
    throw;
  }
}

/// One request to the helper that runs. When the helper is lost, there is none afterwards.
Message PluginProcess::attempt(const Message& message, const std::string& who, double seconds) {
  killed_by_others_ = false;
  Message reply;
  const ExchangeEnd end = exchange(socket_, message, guard_->events(), seconds, reply);
  if (end == ExchangeEnd::replied) {
    if (!reply.empty() && reply[0] == "ok") return reply;
    throw Error(reply.size() == 2 ? reply[1] : who + ": an answer that is none");
  }
  const bool kill =
      end == ExchangeEnd::timed_out || (end == ExchangeEnd::closed && !is_readable(guard_->events(), kEndMilliseconds));
  int status = 0;
  try {
    status = guard_->wait(kill);
  } catch (const Error&) {
    killed_by_others_ = true;
    drop_guard();
    throw;
  }
  close_helper();
  if (end == ExchangeEnd::timed_out) throw Error(fmt::format("{}: no answer within {} s", who, seconds));
  if (kill) throw Error(who + ": it closed its connection");
  killed_by_others_ = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  throw Error(who + ": its process " + status_text(status) + (killed_by_others_ ? ", perhaps for lack of memory" : ""));
}

/// `message` is made for the helper that runs: another one knows a constraint by another number.
Message PluginProcess::request(const std::function<Message()>& message, const std::string& who, double seconds) {
  try {
    if (!is_running()) start();
    return attempt(message(), who, seconds);
  } catch (const Error&) {
    if (!killed_by_others_) throw;
  }
  start();
  return attempt(message(), who, seconds);
}

std::size_t PluginProcess::create(std::size_t kind, const std::string& who, const std::string& parameters) {
  const std::lock_guard lock(mutex_);
  const Message reply = request(
      [&] {
        return Message{"create", std::to_string(kind), who, parameters};
      },
      who, limits_.load_seconds);
  made_.push_back({kind, who, parameters, false, std::stoul(reply.at(1))});
  return made_.size() - 1;
}

std::string PluginProcess::check(std::size_t constraint, const std::string& architecture, const std::string& metrics,
                                 const std::string& vertices) {
  const std::lock_guard lock(mutex_);
  const Made& made = made_.at(constraint);
  Message reply = request(
      [&] {
        return Message{"check", std::to_string(made.number), architecture, metrics, vertices};
      },
      made.who, limits_.check_seconds);
  return reply.size() == 2 ? std::move(reply[1]) : "";
}

void PluginProcess::destroy(std::size_t constraint) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    Made& made = made_.at(constraint);
    made.destroyed = true;
    if (is_running()) (void)attempt({"destroy", std::to_string(made.number)}, made.who, limits_.check_seconds);
  } catch (const std::exception&) {  // nobody is there who could act on it
  }
}

}  // namespace gensynth::plugin
