#include "architecture/stage.hpp"

#include <array>

#include "architecture/base/error.hpp"

namespace gensynth {
namespace {

constexpr std::array<const char*, 6> kNames = {"", "graph", "latency", "plugin", "probe", "proxy"};

}  // namespace

const char* to_string(Stage stage) { return kNames.at(static_cast<std::size_t>(stage)); }

Stage stage_from_string(const std::string& name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<Stage>(i);
  }
  throw Error("unknown stage '" + name + "'", ErrorKind::environment);
}

}  // namespace gensynth
