// A constraint that gensynth does not have: how far ahead a value may be kept for a skip connection. Long skips
// hold a map in memory while others are computed.
#include <algorithm>
#include <gensynth_plugin.hpp>
#include <map>

using gensynth::plugin::json;

class MaxSkipLength : public gensynth::plugin::Constraint {
 public:
  static gensynth::plugin::Info describe() {
    gensynth::plugin::Info info;
    info.name = "max_skip_length";
    info.summary = "no value is kept for a skip connection over many operators";
    info.description =
        "For every add and concat, the difference in depth (operators on the longest path from the input) between its "
        "deepest and its shallowest input. Measured: the largest.";
    info.hard = false;
    info.parameters = {{"bound", "integer", 24, 1, 10000, {}, "largest difference in depth"}};
    return info;
  }

  explicit MaxSkipLength(const json& parameters) : bound_(parameters.at("bound")) {}

  gensynth::plugin::Verdict check(const json& architecture, const json&) const override {
    gensynth::plugin::Verdict verdict;
    verdict.bound = bound_;
    verdict.unit = "operators";
    std::map<std::string, int> depth;
    for (const json& vertex : architecture.at("vertices")) {
      int deepest = 0;
      int shallowest = 1 << 30;
      for (const std::string input : vertex.value("inputs", json::array())) {
        deepest = std::max(deepest, depth.at(input));
        shallowest = std::min(shallowest, depth.at(input));
      }
      const std::string id = vertex.at("id");
      const std::string op = vertex.at("op");
      depth[id] = deepest + 1;
      if (op != "add" && op != "concat") continue;
      verdict.measured = std::max(verdict.measured, static_cast<double>(deepest - shallowest));
      if (deepest - shallowest > bound_) verdict.vertices.push_back(id);
    }
    verdict.violation = std::max(0.0, verdict.measured - bound_);
    verdict.message = "the longest skip passes " + std::to_string(static_cast<int>(verdict.measured)) +
                      " operators, at most " + std::to_string(bound_);
    return verdict;
  }

 private:
  int bound_;
};

GENSYNTH_PLUGIN(MaxSkipLength)
