#include "constraints/plugin/loader.hpp"

#include <memory>

#include "constraints/plugin/plugin_rule.hpp"

namespace gensynth::plugin {

std::vector<PluginConstraint> open_plugin(const std::string& path, const Limits& limits) {
  const auto process = std::make_shared<PluginProcess>(path, limits);
  const std::vector<std::string> descriptions = process->descriptions();
  std::vector<PluginConstraint> found;
  for (std::size_t kind = 0; kind < descriptions.size(); ++kind) {
    const std::string who = "plugin " + path + ": constraint " + std::to_string(kind + 1);
    PluginConstraint constraint;
    constraint.info = plugin_info(descriptions[kind], who, path);
    constraint.factory = plugin_factory(process, kind, constraint.info);
    found.push_back(std::move(constraint));
  }
  return found;
}

}  // namespace gensynth::plugin
