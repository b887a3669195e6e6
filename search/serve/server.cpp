#include "search/serve/server.hpp"

#include <httplib.h>

#include <atomic>
#include <thread>

#include "architecture/base/error.hpp"
#include "search/report/html/page.hpp"

namespace gensynth::serve {
namespace {

constexpr std::size_t kConnections = 32;  // at a time; a page holds one for its events
constexpr std::chrono::milliseconds kBeat{500};
constexpr int kBeatsOfSilence = 20;  // then a comment shows whether anyone still listens
constexpr const char* kCookie = "gensynth_token";

std::string cookie_of(const httplib::Request& request) {
  const std::string cookies = request.get_header_value("Cookie");
  const std::string name = std::string(kCookie) + "=";
  std::size_t at = 0;
  while (at < cookies.size()) {
    const std::size_t end = std::min(cookies.find(';', at), cookies.size());
    if (cookies.compare(at, name.size(), name) == 0) return cookies.substr(at + name.size(), end - at - name.size());
    at = end + 1;
    while (at < cookies.size() && cookies[at] == ' ') ++at;
  }
  return "";
}

Credentials credentials_of(const httplib::Request& request) {
  return {request.get_header_value("Host"), request.get_header_value("Origin"),
          request.has_param("token") ? request.get_param_value("token") : cookie_of(request)};
}

void answer(httplib::Response& response, int status, const std::string& text) {
  response.status = status;
  response.set_content(text + "\n", "text/plain; charset=utf-8");
}

}  // namespace

struct Server::Impl {
  Impl(Access given, LiveReport& live) : access(std::move(given)), report(live) {}

  /// Whether the request goes on to its route.
  bool admits(const httplib::Request& request, httplib::Response& response) const {
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Cache-Control", "no-store");
    response.set_header("Cross-Origin-Resource-Policy", "same-origin");
    const std::string reason = refusal(access, credentials_of(request));
    if (!reason.empty()) {
      answer(response, 403, reason);
    } else if (request.method != "GET" && request.method != "HEAD") {
      answer(response, 405, "this server only reads");
    } else {
      return true;
    }
    return false;
  }

  void page(const httplib::Request& request, httplib::Response& response) const {
    if (request.has_param("token")) {  // the page's own requests carry it as a cookie, which no history shows
      response.set_header("Set-Cookie", std::string(kCookie) + "=" + request.get_param_value("token") +
                                            "; HttpOnly; SameSite=Strict; Path=/");
      response.set_redirect("/");
      return;
    }
    response.set_content(report::html::live_page(), "text/html; charset=utf-8");
  }

  void data(httplib::Response& response) const {
    try {
      response.set_content(*report.document(), "application/json");
    } catch (const Error& error) {
      answer(response, 503, error.what());
    }
  }

  /// Called again and again for one connection; `known`: the version that it was sent last.
  bool event(httplib::DataSink& sink, std::string& known, int& silence) const {
    if (stopped) return false;
    std::string now = known;
    try {
      now = report.version();
    } catch (const Error&) {
      // The store may be away for a moment; the next look shows.
    }
    std::string text;
    if (now != known) {
      known = now;
      silence = 0;
      text = "data: changed\n\n";
    } else if (++silence >= kBeatsOfSilence) {
      silence = 0;
      text = ": still here\n\n";
    }
    if (!text.empty() && !sink.write(text.data(), text.size())) return false;
    std::this_thread::sleep_for(kBeat);
    return true;
  }

  void events(httplib::Response& response) {
    auto known = std::make_shared<std::string>();
    auto silence = std::make_shared<int>(0);
    response.set_chunked_content_provider(
        "text/event-stream",
        [this, known, silence](std::size_t, httplib::DataSink& sink) { return event(sink, *known, *silence); });
  }

  Access access;
  LiveReport& report;
  httplib::Server server;
  std::atomic<bool> stopped{false};
  std::atomic<bool> listening{false};
};

Server::Server(Access access, LiveReport& report) : impl_(std::make_unique<Impl>(std::move(access), report)) {
  check_access(impl_->access);
  httplib::Server& server = impl_->server;
  // The library's own options would share a port that is taken.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    (void)::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.new_task_queue = [] { return new httplib::ThreadPool(kConnections); };
  server.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    return impl_->admits(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                            : httplib::Server::HandlerResponse::Handled;
  });
  server.Get("/",
             [this](const httplib::Request& request, httplib::Response& response) { impl_->page(request, response); });
  server.Get("/report.json", [this](const httplib::Request&, httplib::Response& response) { impl_->data(response); });
  server.Get("/events", [this](const httplib::Request&, httplib::Response& response) { impl_->events(response); });
  Access& own = impl_->access;
  if (own.port == 0) {
    own.port = server.bind_to_any_port(own.address.c_str());
    if (own.port > 0) return;
  } else if (server.bind_to_port(own.address.c_str(), own.port)) {
    return;
  }
  throw Error("cannot listen at " + own.address + " port " + std::to_string(std::max(0, own.port)) +
                  ": the port is taken or the address is not this machine's; --port 0 takes a free one",
              ErrorKind::environment);
}

Server::~Server() { stop(); }

const Access& Server::access() const { return impl_->access; }

std::string Server::url() const {
  const bool is_v6 = impl_->access.address.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + impl_->access.address + "]" : impl_->access.address;
  const std::string token = impl_->access.token.empty() ? "" : "?token=" + impl_->access.token;
  return "http://" + host + ":" + std::to_string(impl_->access.port) + "/" + token;
}

void Server::listen() {
  impl_->listening = true;
  if (!impl_->stopped) impl_->server.listen_after_bind();
  impl_->listening = false;
}

void Server::stop() {
  impl_->stopped = true;
  // The library ignores a stop that comes before its loop has begun.
  do {
    impl_->server.stop();
    if (impl_->listening) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  } while (impl_->listening);
}

}  // namespace gensynth::serve
