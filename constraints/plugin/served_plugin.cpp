#include "constraints/plugin/served_plugin.hpp"

#include <exception>
#include <memory>

#include "architecture/base/error.hpp"
#include "constraints/plugin/frames.hpp"
#include "constraints/plugin/native_plugin.hpp"

namespace gensynth::plugin {
namespace {

Message answer(NativePlugin& plugin, const Message& request) {
  const auto number = [&](std::size_t i) { return static_cast<std::size_t>(std::stoul(request.at(i))); };
  if (request.at(0) == "create") {
    return {"ok", std::to_string(plugin.create(number(1), request.at(2), request.at(3)))};
  }
  if (request.at(0) == "check") return {"ok", plugin.check(number(1), request.at(2), request.at(3), request.at(4))};
  plugin.destroy(number(1));
  return {"ok"};
}

}  // namespace

void serve_plugin(const std::string& path, int socket) {
  std::unique_ptr<NativePlugin> plugin;
  while (const std::optional<Message> request = receive_message(socket)) {
    Message reply;
    try {
      if (!plugin) {
        plugin = std::make_unique<NativePlugin>(path);
        reply = plugin->descriptions();
        reply.insert(reply.begin(), "ok");
      } else {
        reply = answer(*plugin, *request);
      }
    } catch (const std::exception& error) {
      reply = {"error", error.what()};
    }
    if (!send_message(socket, reply)) return;
  }
}

}  // namespace gensynth::plugin
